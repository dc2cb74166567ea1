package dev.realtime.spi.auth;

import dev.realtime.api.channel.SubscribeOverrides;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.TagsFilter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** Permission to be in a channel, and what comes with it. Immutable; begin with {@link #PLAIN}. */
public final class SubscriptionGrant {

    /** Permission and nothing else. */
    public static final SubscriptionGrant PLAIN =
            new SubscriptionGrant(new Values(null, null, null, false, SubscribeOverrides.NONE, null, null));

    private final Values values;

    private SubscriptionGrant(Values values) {
        this.values = values;
    }

    private record Values(
            @Nullable Payload info,
            @Nullable Payload data,
            @Nullable Instant expireAt,
            boolean clientRefresh,
            SubscribeOverrides overrides,
            @Nullable Publisher<Payload> feed,
            @Nullable TagsFilter filter) {}

    /**
     * Returns the grant with what others in the channel see of the client, beside its connection info.
     *
     * @param info the info; {@code null} for nothing
     * @return another grant
     */
    public SubscriptionGrant withInfo(@Nullable Payload info) {
        return new SubscriptionGrant(new Values(
                info,
                values.data,
                values.expireAt,
                values.clientRefresh,
                values.overrides,
                values.feed,
                values.filter));
    }

    /**
     * Returns the grant with data for the client, which comes with the subscribe result.
     *
     * @param data the data; {@code null} for nothing
     * @return another grant
     */
    public SubscriptionGrant withData(@Nullable Payload data) {
        return new SubscriptionGrant(new Values(
                values.info,
                data,
                values.expireAt,
                values.clientRefresh,
                values.overrides,
                values.feed,
                values.filter));
    }

    /**
     * Returns the grant with an end.
     *
     * @param expireAt when it must be renewed, in whole seconds; {@code null} for never
     * @param clientRefresh whether the client renews it with a token; otherwise the server does, without the client
     * @return another grant
     */
    public SubscriptionGrant expiringAt(@Nullable Instant expireAt, boolean clientRefresh) {
        return new SubscriptionGrant(new Values(
                values.info, values.data, expireAt, clientRefresh, values.overrides, values.feed, values.filter));
    }

    /**
     * Returns the grant with some options of the namespace replaced for this subscription.
     *
     * @param overrides what is replaced
     * @return another grant
     */
    public SubscriptionGrant withOverrides(SubscribeOverrides overrides) {
        return new SubscriptionGrant(new Values(
                values.info,
                values.data,
                values.expireAt,
                values.clientRefresh,
                overrides,
                values.feed,
                values.filter));
    }

    /**
     * Returns the grant with a publisher for this subscriber alone.
     *
     * @param feed publishes as fast as the socket takes it, until the subscription ends; its end ends the subscription.
     *     {@code null} for nothing
     * @return another grant
     */
    public SubscriptionGrant withFeed(@Nullable Publisher<Payload> feed) {
        return new SubscriptionGrant(new Values(
                values.info,
                values.data,
                values.expireAt,
                values.clientRefresh,
                values.overrides,
                feed,
                values.filter));
    }

    /**
     * Returns the grant for a part of the publications: access control by their tags. It holds for what is published
     * live, for recovery, the cache, and history that the client reads. If the client asks for a filter too, both must
     * match.
     *
     * @param filter what publications must match; {@code null} for all
     * @return another grant
     */
    public SubscriptionGrant withFilter(@Nullable TagsFilter filter) {
        return new SubscriptionGrant(new Values(
                values.info,
                values.data,
                values.expireAt,
                values.clientRefresh,
                values.overrides,
                values.feed,
                filter));
    }

    /**
     * Returns what others in the channel see of the client.
     *
     * @return the info; {@code null} for nothing
     */
    public @Nullable Payload info() {
        return values.info;
    }

    /**
     * Returns the data for the client.
     *
     * @return the data; {@code null} for nothing
     */
    public @Nullable Payload data() {
        return values.data;
    }

    /**
     * Returns when the permission must be renewed.
     *
     * @return a moment; {@code null} for never
     */
    public @Nullable Instant expireAt() {
        return values.expireAt;
    }

    /**
     * Returns the same as {@link #expireAt()} as the protocol counts.
     *
     * @return seconds since 1970; 0 for never
     */
    public long expireAtSeconds() {
        return Authentication.secondsOf(values.expireAt);
    }

    /**
     * Returns whether the client renews the permission with a token.
     *
     * @return false if the server renews it
     */
    public boolean clientRefresh() {
        return values.clientRefresh;
    }

    /**
     * Returns the options of the namespace replaced for this subscription.
     *
     * @return what is replaced
     */
    public SubscribeOverrides overrides() {
        return values.overrides;
    }

    /**
     * Returns the publisher for this subscriber alone.
     *
     * @return a publisher; {@code null} for none
     */
    public @Nullable Publisher<Payload> feed() {
        return values.feed;
    }

    /**
     * Returns what publications must match.
     *
     * @return a filter; {@code null} for all publications
     */
    public @Nullable TagsFilter filter() {
        return values.filter;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SubscriptionGrant grant && values.equals(grant.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return "SubscriptionGrant" + values.toString().substring("Values".length());
    }
}
