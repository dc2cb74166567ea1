package dev.realtime.event;

/**
 * Something that happened in the server. Published on the application context of the node it happened at, by one
 * thread, in the order in which it happened there; listeners that take long delay the others. At most once: when more
 * events wait than {@code realtime.events.queue-size}, or the process ends, they are lost, which is counted and logged.
 */
public sealed interface RealtimeEvent
        permits ClientConnectedEvent,
                ClientDisconnectedEvent,
                ChannelOccupiedEvent,
                ChannelVacatedEvent,
                EngineUpEvent,
                EngineDownEvent,
                PublishAfterCommitFailedEvent {}
