package dev.realtime.handler;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** New end of a connection or a subscription. */
public final class RefreshReply {

    private static final RefreshReply NEVER = new RefreshReply(null, null);

    private final @Nullable Instant expireAt;

    private final @Nullable Object info;

    private RefreshReply(@Nullable Instant expireAt, @Nullable Object info) {
        this.expireAt = expireAt;
        this.info = info;
    }

    /**
     * Renews until another end.
     *
     * @param expireAt when it must be renewed again; an end in the past ends it now
     */
    public static RefreshReply until(Instant expireAt) {
        return new RefreshReply(expireAt, null);
    }

    /** Renews for good: it does not expire again. */
    public static RefreshReply never() {
        return NEVER;
    }

    /**
     * Returns the same end with what others see from now on.
     *
     * @param info written as JSON; replaces the info of the connection or of the subscription
     */
    public RefreshReply withInfo(Object info) {
        return new RefreshReply(expireAt, info);
    }

    /** Returns the new end, or {@code null} for never. */
    public @Nullable Instant expireAt() {
        return expireAt;
    }

    /** Returns what others see from now on, or {@code null} for what they saw. */
    public @Nullable Object info() {
        return info;
    }
}
