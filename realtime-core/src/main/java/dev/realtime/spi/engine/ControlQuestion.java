package dev.realtime.spi.engine;

/** Question to nodes about themselves. */
public sealed interface ControlQuestion {

    /** Channels with a subscriber whose whole name matches a glob; an empty pattern matches all. */
    record Channels(String pattern) implements ControlQuestion {}

    /** Connections of a user. */
    record Connections(String userId) implements ControlQuestion {}
}
