package dev.realtime.event;

/** A channel lost its last subscriber, on all nodes together. Published on the node that it left. */
public record ChannelVacatedEvent(String channel) implements RealtimeEvent {}
