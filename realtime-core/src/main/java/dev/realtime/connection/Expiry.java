package dev.realtime.connection;

import java.time.Clock;
import java.time.Duration;

/**
 * Time at which an authentication or a subscription expires.
 *
 * @param atSeconds seconds since 1970, as tokens count; 0 for never
 */
public record Expiry(long atSeconds) {

    /** Not at all. */
    public static final Expiry NEVER = new Expiry(0);

    /** Longest time to live that is sent to a client: 365 days. */
    private static final long MAX_SECONDS = 365L * 24 * 3600;

    /** Returns the expiry at a Unix time; 0 for never. */
    public static Expiry at(long unixSeconds) {
        return unixSeconds == 0 ? NEVER : new Expiry(unixSeconds);
    }

    /** Returns whether it ever expires. */
    public boolean isSet() {
        return atSeconds != 0;
    }

    /** Returns whether the time has come. */
    public boolean isOver(Clock clock) {
        return isSet() && atSeconds <= nowSeconds(clock);
    }

    /** Returns whether the time has come, and more than a delay has passed since. */
    boolean isOverFor(Duration delay, Clock clock) {
        return isSet() && atSeconds < nowSeconds(clock) - delay.toSeconds();
    }

    /** Returns the seconds left as the protocol sends them: at least 1 and at most 365 days; 0 if it never expires. */
    public int ttlSeconds(Clock clock) {
        return isSet() ? (int) Math.max(1, secondsLeft(clock)) : 0;
    }

    /** Returns the seconds left, at least 0 and at most 365 days. */
    long secondsLeft(Clock clock) {
        return Math.max(0, Math.min(MAX_SECONDS, atSeconds - nowSeconds(clock)));
    }

    private static long nowSeconds(Clock clock) {
        return clock.millis() / 1000;
    }
}
