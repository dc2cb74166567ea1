package dev.realtime.event;

/**
 * A channel got its first subscriber, on all nodes together. Published on the node that it came to; again, without a
 * vacated event before it, when Redis lost what it knew.
 */
public record ChannelOccupiedEvent(String channel) implements RealtimeEvent {}
