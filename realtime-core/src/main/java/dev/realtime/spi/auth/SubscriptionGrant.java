package dev.realtime.spi.auth;

import dev.realtime.api.channel.SubscribeOverrides;
import dev.realtime.api.data.Payload;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * Permission to be in a channel, and what comes with it.
 *
 * @param info what others in the channel see of the client beside its connection info; {@code null} for nothing
 * @param data for the client, in the subscribe result; {@code null} for nothing
 * @param expireAtSeconds Unix time at which the permission must be renewed; 0 for never
 * @param clientRefresh whether the client renews it with a token
 * @param overrides options of the namespace replaced for this subscription
 * @param feed publishes to this subscriber alone, as fast as its socket takes it, until the subscription ends; its end
 *     ends the subscription. {@code null} for nothing
 */
public record SubscriptionGrant(
        @Nullable Payload info,
        @Nullable Payload data,
        long expireAtSeconds,
        boolean clientRefresh,
        SubscribeOverrides overrides,
        @Nullable Publisher<Payload> feed) {

    /** Permission and nothing else. */
    public static final SubscriptionGrant PLAIN = new SubscriptionGrant(null, null, 0, false, SubscribeOverrides.NONE);

    /** Permission without a feed. */
    public SubscriptionGrant(
            @Nullable Payload info,
            @Nullable Payload data,
            long expireAtSeconds,
            boolean clientRefresh,
            SubscribeOverrides overrides) {
        this(info, data, expireAtSeconds, clientRefresh, overrides, null);
    }

    /** The same with something that publishes to this subscriber alone. */
    public SubscriptionGrant withFeed(Publisher<Payload> feed) {
        return new SubscriptionGrant(info, data, expireAtSeconds, clientRefresh, overrides, feed);
    }
}
