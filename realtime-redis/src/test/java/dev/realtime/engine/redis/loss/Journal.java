package dev.realtime.engine.redis.loss;

import dev.realtime.api.data.StreamPosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What publishers sent and the results they received. Data is unique within a channel: it is the identity of a
 * publication. Safe for any number of threads.
 */
public final class Journal {

    private final Map<String, Map<String, Entry>> channels = new HashMap<>();

    private final List<Entry> entries = new ArrayList<>();

    private int refused;

    /**
     * One publication.
     *
     * <p>Guarded by the journal: all fields but the first four.
     */
    static final class Entry {

        final String channel;

        final String data;

        /** Its place among those of the channel, from 1. */
        final int number;

        final long startedNanos;

        int attempts = 1;

        @Nullable
        StreamPosition acknowledged;

        private Entry(String channel, String data, int number, long startedNanos) {
            this.channel = channel;
            this.data = data;
            this.number = number;
            this.startedNanos = startedNanos;
        }

        @Override
        public String toString() {
            return channel + " " + data + (acknowledged == null ? " (not acknowledged)" : " at " + acknowledged);
        }
    }

    /** A publication is about to be sent for the first time. */
    public synchronized Entry begin(String channel, String data, long nowNanos) {
        Map<String, Entry> ofChannel = channels.computeIfAbsent(channel, name -> new LinkedHashMap<>());
        Entry entry = new Entry(channel, data, ofChannel.size() + 1, nowNanos);
        if (ofChannel.put(data, entry) != null) {
            throw new IllegalArgumentException("Data has to be unique, and this is not: " + data);
        }
        entries.add(entry);
        return entry;
    }

    /** An attempt to publish failed. */
    synchronized void refuse() {
        refused++;
    }

    /** How many attempts to publish failed. */
    public synchronized int refused() {
        return refused;
    }

    /** It is sent once more, with the same idempotency key. */
    public synchronized void retry(Entry entry) {
        entry.attempts++;
    }

    /** The engine said that it was published, and where. */
    public synchronized void acknowledge(Entry entry, StreamPosition position) {
        entry.acknowledged = position;
    }

    /** The publication of this data, if there ever was one. */
    synchronized @Nullable Entry find(String channel, String data) {
        return channels.getOrDefault(channel, Map.of()).get(data);
    }

    /** All of a channel that were acknowledged. */
    synchronized List<Entry> acknowledged(String channel) {
        return channels.getOrDefault(channel, Map.of()).values().stream()
                .filter(entry -> entry.acknowledged != null)
                .toList();
    }

    /** How many publications were begun. */
    public synchronized int published() {
        return entries.size();
    }

    /** How many publications were acknowledged. */
    public synchronized int acknowledged() {
        return (int)
                entries.stream().filter(entry -> entry.acknowledged != null).count();
    }
}
