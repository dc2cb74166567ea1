package dev.realtime.event;

/**
 * The engine works again: what is published reaches all nodes. Seen at most a second late; a disturbance shorter than
 * that may pass without events.
 */
public record EngineUpEvent(String engine) implements RealtimeEvent {}
