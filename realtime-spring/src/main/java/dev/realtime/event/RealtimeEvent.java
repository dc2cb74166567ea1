package dev.realtime.event;

/**
 * Event of the server, published on the application context of the node where it happened. One thread publishes the
 * events of a node in order, so a slow listener delays the others. Delivery is at most once: events are lost if more
 * than {@code realtime.events.queue-size} wait, which is counted and logged, or if the process ends.
 */
public sealed interface RealtimeEvent
        permits ClientConnectedEvent,
                ClientDisconnectedEvent,
                ChannelOccupiedEvent,
                ChannelVacatedEvent,
                EngineUpEvent,
                EngineDownEvent,
                PublishAfterCommitFailedEvent {}
