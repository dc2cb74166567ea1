package dev.realtime.event;

/**
 * A channel lost its last subscriber, on all nodes together. Published on the node that it left; on another one when
 * that node died, as soon as its lease ended.
 */
public record ChannelVacatedEvent(String channel) implements RealtimeEvent {}
