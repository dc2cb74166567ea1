package dev.realtime.handler;

import dev.realtime.api.channel.SubscribeOverrides;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * Decision about a subscription, and what comes with a permission. Objects are written as JSON by the application's
 * {@code JsonMapper}; {@code byte[]} and {@link dev.realtime.api.data.Payload} are sent as they are.
 */
public final class SubscribeReply {

    private static final SubscribeReply ALLOW =
            new SubscribeReply(true, null, null, null, SubscribeOverrides.NONE, null);

    private static final SubscribeReply DENY =
            new SubscribeReply(false, null, null, null, SubscribeOverrides.NONE, null);

    private final boolean allowed;

    private final @Nullable Object info;

    private final @Nullable Object data;

    private final @Nullable Instant expireAt;

    private final SubscribeOverrides overrides;

    private final @Nullable Publisher<?> feed;

    private SubscribeReply(
            boolean allowed,
            @Nullable Object info,
            @Nullable Object data,
            @Nullable Instant expireAt,
            SubscribeOverrides overrides,
            @Nullable Publisher<?> feed) {
        this.allowed = allowed;
        this.info = info;
        this.data = data;
        this.expireAt = expireAt;
        this.overrides = overrides;
        this.feed = feed;
    }

    /** Permits the subscription. */
    public static SubscribeReply allow() {
        return ALLOW;
    }

    /** Denies the subscription with error 103. Throw a {@link HandlerException} for a code of your own. */
    public static SubscribeReply deny() {
        return DENY;
    }

    /**
     * Returns the permission with information about the client for others in the channel.
     *
     * @param info seen in presence, join, leave and publications, beside the info of the connection
     */
    public SubscribeReply withInfo(Object info) {
        return with(info, data, expireAt, overrides, feed);
    }

    /**
     * Returns the permission with data for the client.
     *
     * @param data part of the subscribe result
     */
    public SubscribeReply withData(Object data) {
        return with(info, data, expireAt, overrides, feed);
    }

    /**
     * Returns the permission with an end.
     *
     * @param expireAt when the permission must be renewed, see {@link OnSubscriptionRefresh}
     */
    public SubscribeReply expiringAt(Instant expireAt) {
        return with(info, data, expireAt, overrides, feed);
    }

    /**
     * Returns the permission with options of the namespace replaced.
     *
     * @param overrides valid for this subscription
     */
    public SubscribeReply withOverrides(SubscribeOverrides overrides) {
        return with(info, data, expireAt, overrides, feed);
    }

    /**
     * Returns the permission with something published to this subscriber alone.
     *
     * @param feed subscribed to at the pace of the socket, cancelled when the subscription ends; its end ends the
     *     subscription
     */
    public SubscribeReply withFeed(Publisher<?> feed) {
        return with(info, data, expireAt, overrides, feed);
    }

    private SubscribeReply with(
            @Nullable Object info,
            @Nullable Object data,
            @Nullable Instant expireAt,
            SubscribeOverrides overrides,
            @Nullable Publisher<?> feed) {
        if (!allowed) {
            throw new IllegalStateException(
                    "A denied subscription carries nothing. Begin with SubscribeReply.allow().");
        }
        return new SubscribeReply(true, info, data, expireAt, overrides, feed);
    }

    /** Returns whether the subscription is permitted. */
    public boolean isAllowed() {
        return allowed;
    }

    /** Returns what others in the channel see of the client, or {@code null} for nothing. */
    public @Nullable Object info() {
        return info;
    }

    /** Returns data for the client, or {@code null} for nothing. */
    public @Nullable Object data() {
        return data;
    }

    /** Returns when the permission must be renewed, or {@code null} for never. */
    public @Nullable Instant expireAt() {
        return expireAt;
    }

    /** Options of the namespace that are replaced. */
    public SubscribeOverrides overrides() {
        return overrides;
    }

    /** Returns what is published to this subscriber alone, or {@code null} for nothing. */
    public @Nullable Publisher<?> feed() {
        return feed;
    }
}
