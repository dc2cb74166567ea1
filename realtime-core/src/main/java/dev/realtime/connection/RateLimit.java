package dev.realtime.connection;

import java.time.Duration;

/**
 * How often something may happen: a bucket of {@code limit} tokens that fills up again within {@code interval}. So
 * {@code limit} may happen at once, and that many in each interval on average.
 *
 * @param limit tokens, at least 1
 * @param interval time in which an empty bucket fills up; positive
 */
public record RateLimit(int limit, Duration interval) {}
