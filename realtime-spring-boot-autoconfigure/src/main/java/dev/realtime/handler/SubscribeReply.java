package dev.realtime.handler;

import dev.realtime.channel.SubscribeOverrides;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * Permission to be in a channel, and what comes with it. Objects are written as JSON by the application's {@code JsonMapper}.
 *
 * @param info what others in the channel see of the client beside its connection info; {@code null} for nothing
 * @param data for the client, in the subscribe result; {@code null} for nothing
 * @param expireAt when the permission must be renewed, see {@link OnSubRefresh}; {@code null} for never
 * @param overrides options of the namespace replaced for this subscription
 * @param feed published to this subscriber alone, at the pace of its socket, until the subscription ends; {@code null} for
 *     nothing
 */
public record SubscribeReply(
        @Nullable Object info,
        @Nullable Object data,
        @Nullable Instant expireAt,
        SubscribeOverrides overrides,
        @Nullable Publisher<?> feed) {

    private static final SubscribeReply ALLOW = new SubscribeReply(null, null, null, SubscribeOverrides.NONE, null);

    /** Permission and nothing else. */
    public static SubscribeReply allow() {
        return ALLOW;
    }

    /** The same with what others in the channel see of the client. */
    public SubscribeReply withInfo(Object info) {
        return new SubscribeReply(info, data, expireAt, overrides, feed);
    }

    /** The same with data for the client. */
    public SubscribeReply withData(Object data) {
        return new SubscribeReply(info, data, expireAt, overrides, feed);
    }

    /** The same with an end. */
    public SubscribeReply expiringAt(Instant expireAt) {
        return new SubscribeReply(info, data, expireAt, overrides, feed);
    }

    /** The same with options of the namespace replaced. */
    public SubscribeReply withOverrides(SubscribeOverrides overrides) {
        return new SubscribeReply(info, data, expireAt, overrides, feed);
    }

    /** The same with something published to this subscriber alone. */
    public SubscribeReply withFeed(Publisher<?> feed) {
        return new SubscribeReply(info, data, expireAt, overrides, feed);
    }
}
