package dev.realtime.event;

/**
 * Event: a publication failed after its transaction was committed, so subscribers do not receive it.
 *
 * @param channel name of the channel
 * @param failure the reason
 */
public record PublishAfterCommitFailedEvent(String channel, Throwable failure) implements RealtimeEvent {}
