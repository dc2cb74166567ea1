package dev.realtime.loop;

import dev.realtime.statistics.NamespaceStatistics;
import org.jspecify.annotations.Nullable;

/**
 * Publication that may be left out for a client that is behind.
 *
 * @param source subscription that it is for, compared by identity
 * @param key what it has in common with publications that replace each other; {@code null} for none
 * @param dropsOldest whether it may be dropped when the queue is full
 * @param statistics counters of its namespace
 */
public record Droppable(Object source, @Nullable String key, boolean dropsOldest, NamespaceStatistics statistics) {}
