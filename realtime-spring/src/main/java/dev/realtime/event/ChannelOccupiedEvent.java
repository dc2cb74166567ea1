package dev.realtime.event;

/**
 * Event: a channel has its first subscriber on any node. Published on the node of that subscriber. It may be published
 * again, without a {@link ChannelVacatedEvent} in between, if Redis has lost its data.
 *
 * @param channel name of the channel
 */
public record ChannelOccupiedEvent(String channel) implements RealtimeEvent {}
