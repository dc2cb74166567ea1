package dev.realtime.event;

/** A channel got its first subscriber, on all nodes together. Published on the node that it came to. */
public record ChannelOccupiedEvent(String channel) implements RealtimeEvent {}
