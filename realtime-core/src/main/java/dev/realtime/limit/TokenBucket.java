package dev.realtime.limit;

/**
 * Lets so much through and no more, by the rule of {@link RateLimit}. Not for use by several threads at one time.
 *
 * <p>Kept as the time at which the bucket would be full again: taking a token moves that time on, and there is none to
 * take when it is more than an interval ahead.
 */
public final class TokenBucket {

    private final long intervalNanos;

    private final long nanosPerToken;

    private long fullAtNanos;

    public TokenBucket(RateLimit rate, long nowNanos) {
        this.intervalNanos = rate.interval().toNanos();
        this.nanosPerToken = Math.max(1, intervalNanos / rate.limit());
        this.fullAtNanos = nowNanos;
    }

    /** Takes a token if there is one. */
    public boolean take(long nowNanos) {
        long fullAt = Math.max(fullAtNanos, nowNanos) + nanosPerToken;
        if (fullAt - nowNanos > intervalNanos) {
            return false;
        }
        fullAtNanos = fullAt;
        return true;
    }
}
