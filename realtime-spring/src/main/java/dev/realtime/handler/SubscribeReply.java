package dev.realtime.handler;

import dev.realtime.api.channel.SubscribeOverrides;
import dev.realtime.api.data.TagsFilter;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * Decision about a subscription, with values for a permission. Objects are written as JSON by the application's
 * {@code JsonMapper}; {@code byte[]} and {@link dev.realtime.api.data.Payload} are sent as they are. Immutable.
 */
public final class SubscribeReply {

    private static final SubscribeReply ALLOW = new SubscribeReply(true);

    private static final SubscribeReply DENY = new SubscribeReply(false);

    private final boolean allowed;

    private @Nullable Object info;

    private @Nullable Object data;

    private @Nullable Instant expireAt;

    private SubscribeOverrides overrides = SubscribeOverrides.NONE;

    private @Nullable Publisher<?> feed;

    private @Nullable TagsFilter filter;

    private SubscribeReply(boolean allowed) {
        this.allowed = allowed;
    }

    /**
     * Permits the subscription.
     *
     * @return a permission without further values
     */
    public static SubscribeReply allow() {
        return ALLOW;
    }

    /**
     * Denies the subscription with error 103. Throw a {@link HandlerException} for another code.
     *
     * @return a denial
     */
    public static SubscribeReply deny() {
        return DENY;
    }

    /**
     * Returns the permission with information about the client in this channel.
     *
     * @param info {@code chan_info} of the client in presence, join, leave and publications, in addition to the info of
     *     the connection
     * @return a copy
     * @throws IllegalStateException if this is a denial
     */
    public SubscribeReply withInfo(Object info) {
        return with(copy -> copy.info = info);
    }

    /**
     * Returns the permission with data for the client.
     *
     * @param data data of the subscribe result
     * @return a copy
     * @throws IllegalStateException if this is a denial
     */
    public SubscribeReply withData(Object data) {
        return with(copy -> copy.data = data);
    }

    /**
     * Returns the permission with an expiry time.
     *
     * @param expireAt time of the renewal by {@link OnSubscriptionRefresh}, in whole seconds
     * @return a copy
     * @throws IllegalStateException if this is a denial
     */
    public SubscribeReply withExpireAt(Instant expireAt) {
        return with(copy -> copy.expireAt = expireAt);
    }

    /**
     * Returns the permission with options that replace those of the namespace.
     *
     * @param overrides options of this subscription
     * @return a copy
     * @throws IllegalStateException if this is a denial
     */
    public SubscribeReply withOverrides(SubscribeOverrides overrides) {
        return with(copy -> copy.overrides = overrides);
    }

    /**
     * Returns the permission with a publisher for this subscriber alone.
     *
     * @param feed publisher of the data; subscribed to at the pace of the socket and cancelled when the subscription
     *     ends. Its completion ends the subscription
     * @return a copy
     * @throws IllegalStateException if this is a denial
     */
    public SubscribeReply withFeed(Publisher<?> feed) {
        return with(copy -> copy.feed = feed);
    }

    /**
     * Returns the permission for a part of the publications: access control by their tags. It holds for what is
     * published live, for recovery, the cache, and history that the client reads. If the client asks for a filter too,
     * both must match. The namespace must not open history to clients that are not subscribed.
     *
     * @param filter what publications must match
     * @return a copy
     * @throws IllegalStateException if this is a denial
     */
    public SubscribeReply withFilter(TagsFilter filter) {
        return with(copy -> copy.filter = filter);
    }

    private SubscribeReply with(Consumer<SubscribeReply> change) {
        if (!allowed) {
            throw new IllegalStateException("A denied subscription has no values. Start with SubscribeReply.allow().");
        }
        SubscribeReply copy = new SubscribeReply(true);
        copy.info = info;
        copy.data = data;
        copy.expireAt = expireAt;
        copy.overrides = overrides;
        copy.feed = feed;
        copy.filter = filter;
        change.accept(copy);
        return copy;
    }

    /**
     * Returns whether the subscription is permitted.
     *
     * @return {@code false} for a denial
     */
    public boolean isAllowed() {
        return allowed;
    }

    /**
     * Returns the information about the client in this channel.
     *
     * @return the info, {@code null} for none
     */
    public @Nullable Object info() {
        return info;
    }

    /**
     * Returns the data for the client.
     *
     * @return the data, {@code null} for none
     */
    public @Nullable Object data() {
        return data;
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
     * Returns the options that replace those of the namespace.
     *
     * @return the options, {@link SubscribeOverrides#NONE} by default
     */
    public SubscribeOverrides overrides() {
        return overrides;
    }

    /**
     * Returns the publisher for this subscriber alone.
     *
     * @return the publisher, {@code null} for none
     */
    public @Nullable Publisher<?> feed() {
        return feed;
    }

    /**
     * Returns what publications must match.
     *
     * @return the filter, {@code null} for all publications
     */
    public @Nullable TagsFilter filter() {
        return filter;
    }
}
