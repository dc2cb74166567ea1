package dev.realtime.handler;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Renewal of a connection or a subscription: its new expiry time, and information about the client. Immutable. */
public final class RefreshReply {

    private static final RefreshReply NEVER = new RefreshReply(null, null);

    private final @Nullable Instant expireAt;

    private final @Nullable Object info;

    private RefreshReply(@Nullable Instant expireAt, @Nullable Object info) {
        this.expireAt = expireAt;
        this.info = info;
    }

    /**
     * Renews until a time.
     *
     * @param expireAt time of the next renewal, in whole seconds; a time in the past ends the connection or
     *     subscription
     * @return a reply without info
     */
    public static RefreshReply until(Instant expireAt) {
        return new RefreshReply(Objects.requireNonNull(expireAt, "The expiry time must not be null."), null);
    }

    /**
     * Renews permanently: the connection or subscription no longer expires.
     *
     * @return a reply without info
     */
    public static RefreshReply never() {
        return NEVER;
    }

    /**
     * Returns the reply with information about the client.
     *
     * @param info replaces the info of the connection or of the subscription; an object for the application's
     *     {@code JsonMapper}, or {@code byte[]} or a payload, sent as they are
     * @return a copy
     */
    public RefreshReply withInfo(Object info) {
        return new RefreshReply(expireAt, info);
    }

    /**
     * Returns the expiry time.
     *
     * @return the time, {@code null} for never
     */
    public @Nullable Instant expireAt() {
        return expireAt;
    }

    /**
     * Returns the information about the client.
     *
     * @return the info, {@code null} to keep the current one
     */
    public @Nullable Object info() {
        return info;
    }
}
