package dev.realtime.event;

/**
 * Event: the engine of this node is unavailable, so publications may not reach all nodes. Detected within a second.
 *
 * @param engine name of the engine, for instance {@code redis}
 */
public record EngineDownEvent(String engine) implements RealtimeEvent {}
