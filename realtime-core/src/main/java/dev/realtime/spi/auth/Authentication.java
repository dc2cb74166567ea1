package dev.realtime.spi.auth;

import dev.realtime.api.data.Payload;
import java.security.Principal;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who a client is, and what comes with it.
 *
 * @param userId empty for an anonymous client
 * @param info what others see of the connection in presence, join, leave and its publications; {@code null} for nothing
 * @param data returned to the client in the connect reply; {@code null} for nothing
 * @param expireAtSeconds Unix time at which the identity must be renewed; 0 for never
 * @param clientRefresh whether the client renews it with a token; otherwise the server does, unseen by the client
 * @param subscriptions channels the server subscribes the client to, without a permission check
 * @param meta for handlers and authorizers of the application, never sent to clients; {@code null} for nothing
 * @param principal the user as handlers and authorizers see it, with its authorities; {@code null} for that of the HTTP
 *     request
 */
public record Authentication(
        String userId,
        @Nullable Payload info,
        @Nullable Payload data,
        long expireAtSeconds,
        boolean clientRefresh,
        Map<String, SubscriptionGrant> subscriptions,
        @Nullable Payload meta,
        @Nullable Principal principal) {

    public Authentication {
        Objects.requireNonNull(userId, "The user id must not be null; an anonymous client has the empty one.");
    }

    /** An authentication without meta, whose principal is that of the HTTP request. */
    public Authentication(
            String userId,
            @Nullable Payload info,
            @Nullable Payload data,
            long expireAtSeconds,
            boolean clientRefresh,
            Map<String, SubscriptionGrant> subscriptions) {
        this(userId, info, data, expireAtSeconds, clientRefresh, subscriptions, null, null);
    }

    /** This user, with nothing else. */
    public static Authentication of(String userId) {
        return new Authentication(userId, null, null, 0, false, Map.of());
    }

    /** Nobody in particular. */
    public static Authentication anonymous() {
        return of("");
    }

    /** The same with what others see of the connection. */
    public Authentication withInfo(Payload info) {
        return new Authentication(userId, info, data, expireAtSeconds, clientRefresh, subscriptions, meta, principal);
    }

    /** The same with data for the client. */
    public Authentication withData(Payload data) {
        return new Authentication(userId, info, data, expireAtSeconds, clientRefresh, subscriptions, meta, principal);
    }

    /** The same with channels the server subscribes the client to. */
    public Authentication withSubscriptions(Map<String, SubscriptionGrant> subscriptions) {
        return new Authentication(
                userId, info, data, expireAtSeconds, clientRefresh, Map.copyOf(subscriptions), meta, principal);
    }

    /** The same with an end, renewed by the client with a token if {@code clientRefresh}. */
    public Authentication expiringAt(long expireAtSeconds, boolean clientRefresh) {
        return new Authentication(userId, info, data, expireAtSeconds, clientRefresh, subscriptions, meta, principal);
    }

    /** The same with something for handlers and authorizers of the application; {@code null} for nothing. */
    public Authentication withMeta(@Nullable Payload meta) {
        return new Authentication(userId, info, data, expireAtSeconds, clientRefresh, subscriptions, meta, principal);
    }

    /** The same with another principal than that of the HTTP request; {@code null} for that. */
    public Authentication withPrincipal(@Nullable Principal principal) {
        return new Authentication(userId, info, data, expireAtSeconds, clientRefresh, subscriptions, meta, principal);
    }
}
