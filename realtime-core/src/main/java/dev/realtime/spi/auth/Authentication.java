package dev.realtime.spi.auth;

import dev.realtime.api.data.Payload;
import java.security.Principal;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Identity of a client, and what comes with it. Immutable; begin with {@link #of} or {@link #anonymous}. */
public final class Authentication {

    private final Values values;

    private Authentication(Values values) {
        this.values = values;
    }

    private record Values(
            String userId,
            @Nullable Payload info,
            @Nullable Payload data,
            @Nullable Instant expireAt,
            boolean clientRefresh,
            Map<String, SubscriptionGrant> subscriptions,
            @Nullable Payload meta,
            @Nullable Principal principal) {}

    /**
     * Returns the identity of a user, with nothing else.
     *
     * @param userId id of the user; empty for an anonymous client
     * @return an authentication without an end
     * @throws NullPointerException for {@code null}
     */
    public static Authentication of(String userId) {
        Objects.requireNonNull(userId, "The user id must not be null. Use an empty user id for an anonymous client.");
        return new Authentication(new Values(userId, null, null, null, false, Map.of(), null, null));
    }

    /**
     * Returns the identity of an anonymous client.
     *
     * @return an authentication with the empty user id
     */
    public static Authentication anonymous() {
        return of("");
    }

    /**
     * Returns the authentication with what others see of the connection in presence, join, leave and publications.
     *
     * @param info the info; {@code null} for nothing
     * @return another authentication
     */
    public Authentication withInfo(@Nullable Payload info) {
        return new Authentication(new Values(
                values.userId,
                info,
                values.data,
                values.expireAt,
                values.clientRefresh,
                values.subscriptions,
                values.meta,
                values.principal));
    }

    /**
     * Returns the authentication with data for the client, which comes with the connect reply.
     *
     * @param data the data; {@code null} for nothing
     * @return another authentication
     */
    public Authentication withData(@Nullable Payload data) {
        return new Authentication(new Values(
                values.userId,
                values.info,
                data,
                values.expireAt,
                values.clientRefresh,
                values.subscriptions,
                values.meta,
                values.principal));
    }

    /**
     * Returns the authentication with channels that the server subscribes the client to, without a permission check.
     *
     * @param subscriptions channel to grant, in the order in which they are opened
     * @return another authentication
     */
    public Authentication withSubscriptions(Map<String, SubscriptionGrant> subscriptions) {
        return new Authentication(new Values(
                values.userId,
                values.info,
                values.data,
                values.expireAt,
                values.clientRefresh,
                Collections.unmodifiableMap(new LinkedHashMap<>(subscriptions)),
                values.meta,
                values.principal));
    }

    /**
     * Returns the authentication with an end.
     *
     * @param expireAt when it must be renewed, in whole seconds; {@code null} for never
     * @param clientRefresh whether the client renews it with a token; otherwise the server does, without the client
     * @return another authentication
     */
    public Authentication expiringAt(@Nullable Instant expireAt, boolean clientRefresh) {
        return new Authentication(new Values(
                values.userId,
                values.info,
                values.data,
                expireAt,
                clientRefresh,
                values.subscriptions,
                values.meta,
                values.principal));
    }

    /**
     * Returns the authentication with something for handlers and authorizers of the application, never sent to clients.
     *
     * @param meta the meta; {@code null} for nothing
     * @return another authentication
     */
    public Authentication withMeta(@Nullable Payload meta) {
        return new Authentication(new Values(
                values.userId,
                values.info,
                values.data,
                values.expireAt,
                values.clientRefresh,
                values.subscriptions,
                meta,
                values.principal));
    }

    /**
     * Returns the authentication with the user as handlers and authorizers see it, with its authorities.
     *
     * @param principal the user; {@code null} for the principal of the HTTP request
     * @return another authentication
     */
    public Authentication withPrincipal(@Nullable Principal principal) {
        return new Authentication(new Values(
                values.userId,
                values.info,
                values.data,
                values.expireAt,
                values.clientRefresh,
                values.subscriptions,
                values.meta,
                principal));
    }

    /**
     * Returns the id of the user.
     *
     * @return a user id; empty for an anonymous client
     */
    public String userId() {
        return values.userId;
    }

    /**
     * Returns what others see of the connection.
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
     * Returns when the identity must be renewed.
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
        return secondsOf(values.expireAt);
    }

    /** Returns seconds since 1970, of which 0 and less would mean never. */
    static long secondsOf(@Nullable Instant moment) {
        return moment == null ? 0 : Math.max(1, moment.getEpochSecond());
    }

    /**
     * Returns whether the client renews its identity with a token.
     *
     * @return false if the server renews it
     */
    public boolean clientRefresh() {
        return values.clientRefresh;
    }

    /**
     * Returns the channels that the server subscribes the client to.
     *
     * @return unmodifiable map from channel to grant, in order
     */
    public Map<String, SubscriptionGrant> subscriptions() {
        return values.subscriptions;
    }

    /**
     * Returns what is for handlers and authorizers of the application.
     *
     * @return the meta; {@code null} for nothing
     */
    public @Nullable Payload meta() {
        return values.meta;
    }

    /**
     * Returns the user as handlers and authorizers see it.
     *
     * @return the user; {@code null} for the principal of the HTTP request
     */
    public @Nullable Principal principal() {
        return values.principal;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Authentication authentication && values.equals(authentication.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return "Authentication" + values.toString().substring("Values".length());
    }
}
