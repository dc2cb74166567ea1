package dev.realtime.handler.declaration;

import dev.realtime.handler.HandlerLimits;
import java.time.Duration;

/**
 * Default bounds of each handler method; {@link HandlerLimits} replaces them.
 *
 * @param concurrency maximum of concurrent calls of one method, at least 1
 * @param queueSize maximum of waiting calls of one method, 0 for none
 * @param timeout time limit of a call, including the time it waits
 */
public record HandlerBounds(int concurrency, int queueSize, Duration timeout) {}
