package dev.realtime.event;

/**
 * Event: the engine of this node is available again, so publications reach all nodes. Detected within a second; an
 * outage shorter than that may cause no events.
 *
 * @param engine name of the engine, for instance {@code redis}
 */
public record EngineUpEvent(String engine) implements RealtimeEvent {}
