package dev.realtime.handler.declaration;

import dev.realtime.handler.HandlerLimits;
import java.time.Duration;

/**
 * Bounds of each handler method, where {@link HandlerLimits} does not name others.
 *
 * @param concurrency most calls of one method at one time
 * @param queueSize most calls of one method that wait for it
 * @param timeout of each call
 */
public record HandlerBounds(int concurrency, int queueSize, Duration timeout) {}
