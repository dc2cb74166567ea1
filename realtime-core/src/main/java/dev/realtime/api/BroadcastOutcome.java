package dev.realtime.api;

import dev.realtime.api.data.PublishResult;
import org.jspecify.annotations.Nullable;

/**
 * Outcome of a broadcast for one channel.
 *
 * @param result {@code null} if it failed
 * @param error {@code null} if it was published
 */
public record BroadcastOutcome(
        String channel,
        @Nullable PublishResult result,
        @Nullable Throwable error) {}
