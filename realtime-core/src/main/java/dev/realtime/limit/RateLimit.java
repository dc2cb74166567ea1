package dev.realtime.limit;

import java.time.Duration;

/**
 * Rate limit by a bucket of {@code limit} tokens that fills up again within {@code interval}: {@code limit} calls may
 * come at the same time, and that many in each interval on average.
 *
 * @param limit tokens, at least 1
 * @param interval time in which an empty bucket fills up; positive
 */
public record RateLimit(int limit, Duration interval) {}
