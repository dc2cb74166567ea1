package dev.realtime.handler;

import java.time.Duration;

/**
 * Bounds of each handler method.
 *
 * @param concurrency most calls of one method at one time
 * @param queueSize most calls of one method that wait for it
 * @param timeout of calls that nobody waits for
 */
public record HandlerLimits(int concurrency, int queueSize, Duration timeout) {}
