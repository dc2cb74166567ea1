package dev.realtime.protocol;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Moments as the protocol counts them: seconds since 1970, 0 for never. */
public final class UnixTime {

    private static final long MAX_SECONDS = Instant.MAX.getEpochSecond();

    private UnixTime() {}

    /**
     * Returns the moment of a number of seconds.
     *
     * @param seconds since 1970; 0 or less for never
     * @return {@code null} for never, at most {@link Instant#MAX}
     */
    public static @Nullable Instant moment(long seconds) {
        return seconds <= 0 ? null : Instant.ofEpochSecond(Math.min(seconds, MAX_SECONDS));
    }

    /**
     * Returns the seconds of a moment, the fraction dropped.
     *
     * @param moment {@code null} for never
     * @return 0 for never, and 1 for what is before, since 0 would mean never
     */
    public static long seconds(@Nullable Instant moment) {
        return moment == null ? 0 : Math.max(1, moment.getEpochSecond());
    }
}
