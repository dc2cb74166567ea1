package dev.realtime.connection;

/** Time to live as the protocol sends it to clients. */
public final class Ttl {

    /** Longest time that is sent to a client: 365 days. */
    static final int MAX_SECONDS = 365 * 24 * 3600;

    private Ttl() {}

    /** Seconds until a Unix time, at least 1 and at most {@link #MAX_SECONDS}. */
    public static int secondsUntil(long unixSeconds, long nowSeconds) {
        return (int) Math.max(1, Math.min(MAX_SECONDS, unixSeconds - nowSeconds));
    }
}
