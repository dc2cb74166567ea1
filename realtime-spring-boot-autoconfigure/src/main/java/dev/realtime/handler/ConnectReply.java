package dev.realtime.handler;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who a connecting client is, and what comes with it. Objects are written as JSON by the application's {@code JsonMapper}.
 *
 * @param userId empty for an anonymous client
 * @param info what others see of the connection in presence, join, leave and its publications; {@code null} for nothing
 * @param data for the client, in the connect result; {@code null} for nothing
 * @param expireAt when the identity must be renewed, see {@link OnRefresh}; {@code null} for never
 * @param subscriptions channels the server subscribes the client to, without a permission check
 */
public record ConnectReply(
        String userId,
        @Nullable Object info,
        @Nullable Object data,
        @Nullable Instant expireAt,
        Map<String, SubscribeReply> subscriptions) {

    public ConnectReply {
        subscriptions = Map.copyOf(subscriptions);
    }

    /** This user, with nothing else. */
    public static ConnectReply user(String userId) {
        return new ConnectReply(userId, null, null, null, Map.of());
    }

    /** Nobody in particular. */
    public static ConnectReply anonymous() {
        return user("");
    }

    /** The same with what others see of the connection. */
    public ConnectReply withInfo(Object info) {
        return new ConnectReply(userId, info, data, expireAt, subscriptions);
    }

    /** The same with data for the client. */
    public ConnectReply withData(Object data) {
        return new ConnectReply(userId, info, data, expireAt, subscriptions);
    }

    /** The same with an end. */
    public ConnectReply expiringAt(Instant expireAt) {
        return new ConnectReply(userId, info, data, expireAt, subscriptions);
    }

    /** The same with one more channel the server subscribes the client to. */
    public ConnectReply subscribing(String channel) {
        return subscribing(channel, SubscribeReply.allow());
    }

    /** The same with one more channel the server subscribes the client to, and what comes with it. */
    public ConnectReply subscribing(String channel, SubscribeReply reply) {
        Map<String, SubscribeReply> all = new LinkedHashMap<>(subscriptions);
        all.put(channel, reply);
        return new ConnectReply(userId, info, data, expireAt, all);
    }
}
