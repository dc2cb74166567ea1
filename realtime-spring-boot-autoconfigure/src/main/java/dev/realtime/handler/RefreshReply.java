package dev.realtime.handler;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * New end of a connection or a subscription.
 *
 * @param expireAt {@code null} for never
 * @param info replaces what others see, written as JSON; {@code null} leaves it
 */
public record RefreshReply(
        @Nullable Instant expireAt, @Nullable Object info) {

    /** A new end, and nothing else. */
    public static RefreshReply until(Instant expireAt) {
        return new RefreshReply(expireAt, null);
    }

    /** The same with what others see from now on. */
    public RefreshReply withInfo(Object info) {
        return new RefreshReply(expireAt, info);
    }
}
