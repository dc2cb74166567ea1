package dev.realtime.event;

/** A publication failed after the transaction it belonged to was committed: its subscribers do not get it. */
public record PublishAfterCommitFailedEvent(String channel, Throwable failure) implements RealtimeEvent {}
