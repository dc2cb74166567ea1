package dev.realtime.event;

/** The engine does not work any more: what is published may not reach all nodes. Seen at most a second late. */
public record EngineDownEvent(String engine) implements RealtimeEvent {}
