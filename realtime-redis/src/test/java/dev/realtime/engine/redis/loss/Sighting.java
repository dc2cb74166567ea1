package dev.realtime.engine.redis.loss;

import dev.realtime.api.data.StreamPosition;

/** What a subscriber saw happen in one channel. */
public sealed interface Sighting {

    /** When, by {@link System#nanoTime()}. */
    long atNanos();

    /**
     * It was subscribed without anything being recovered: the first time, or because not all could be. Its place is
     * new.
     */
    record Begun(StreamPosition position, long atNanos) implements Sighting {}

    /**
     * It was subscribed again, and the reply said that nothing is missing; what it had missed follows as {@link
     * Delivered}.
     */
    record Recovered(StreamPosition since, long atNanos) implements Sighting {}

    /** A publication arrived, live or recovered. */
    record Delivered(long offset, String data, long atNanos) implements Sighting {}

    /** The server ended the subscription or the connection, so that the client comes back. */
    record Ended(int code, long atNanos) implements Sighting {}
}
