package dev.realtime.event;

/**
 * Event: a channel has lost its last subscriber on all nodes. Published on the node of that subscriber, or on another
 * one when the lease of a failed node expires.
 *
 * @param channel name of the channel
 */
public record ChannelVacatedEvent(String channel) implements RealtimeEvent {}
