package dev.realtime.handler;

import java.security.Principal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Identity of a connecting client, and what comes with it. Objects are written as JSON by the application's
 * {@code JsonMapper}; {@code byte[]} and {@link dev.realtime.api.data.Payload} are sent as they are.
 */
public final class ConnectReply {

    private final String userId;

    private @Nullable Object info;

    private @Nullable Object data;

    private @Nullable Object meta;

    private @Nullable Instant expireAt;

    private @Nullable Principal principal;

    private @Nullable List<String> authorities;

    private Map<String, SubscribeReply> subscriptions = Map.of();

    private ConnectReply(String userId) {
        this.userId = Objects.requireNonNull(
                userId, "The user id must not be null. Use an empty user id for an" + " anonymous client.");
    }

    /**
     * Admits the client as a user.
     *
     * @param userId empty for an anonymous client
     */
    public static ConnectReply user(String userId) {
        return new ConnectReply(userId);
    }

    /** Admits the client as an anonymous user. */
    public static ConnectReply anonymous() {
        return user("");
    }

    /**
     * Returns the reply with information about the client for others.
     *
     * @param info seen in presence, join, leave and publications of the connection
     */
    public ConnectReply withInfo(Object info) {
        ConnectReply reply = copy();
        reply.info = info;
        return reply;
    }

    /**
     * Returns the reply with data for the client.
     *
     * @param data part of the connect result
     */
    public ConnectReply withData(Object data) {
        ConnectReply reply = copy();
        reply.data = data;
        return reply;
    }

    /**
     * Returns the reply with something for handlers and authorizers of the application.
     *
     * @param meta never sent to clients; {@link dev.realtime.api.client.ClientIdentity#meta()} has it
     */
    public ConnectReply withMeta(Object meta) {
        ConnectReply reply = copy();
        reply.meta = meta;
        return reply;
    }

    /**
     * Returns the reply with an end of the identity.
     *
     * @param expireAt when the identity must be renewed, see {@link OnRefresh}
     */
    public ConnectReply expiringAt(Instant expireAt) {
        ConnectReply reply = copy();
        reply.expireAt = expireAt;
        return reply;
    }

    /**
     * Returns the reply with another principal than that of the HTTP request.
     *
     * @param principal the user as handlers, authorizers and method security see it; an {@code Authentication} of
     *     Spring Security brings its authorities
     */
    public ConnectReply withPrincipal(Principal principal) {
        ConnectReply reply = copy();
        reply.principal = principal;
        return reply;
    }

    /**
     * Returns the reply with authorities for method security. The principal is then the user of this reply with exactly
     * these, whatever the HTTP request brought. Needs Spring Security.
     *
     * @param authorities such as {@code ROLE_STAFF}
     */
    public ConnectReply withAuthorities(String... authorities) {
        ConnectReply reply = copy();
        reply.authorities = List.of(authorities);
        return reply;
    }

    /**
     * Returns the reply with one more channel that the server subscribes the client to, without a permission check.
     *
     * @param channel name of the channel
     */
    public ConnectReply subscribing(String channel) {
        return subscribing(channel, SubscribeReply.allow());
    }

    /**
     * Returns the reply with one more channel that the server subscribes the client to, without a permission check.
     *
     * @param channel name of the channel
     * @param reply what comes with the subscription
     * @throws IllegalArgumentException if the reply is a denial
     */
    public ConnectReply subscribing(String channel, SubscribeReply reply) {
        if (!reply.isAllowed()) {
            throw new IllegalArgumentException(
                    "The client cannot be subscribed to channel '" + channel + "' by a denial. Leave the channel out.");
        }
        Map<String, SubscribeReply> all = new LinkedHashMap<>(subscriptions);
        all.put(channel, reply);
        ConnectReply copy = copy();
        copy.subscriptions = Map.copyOf(all);
        return copy;
    }

    private ConnectReply copy() {
        ConnectReply copy = new ConnectReply(userId);
        copy.info = info;
        copy.data = data;
        copy.meta = meta;
        copy.expireAt = expireAt;
        copy.principal = principal;
        copy.authorities = authorities;
        copy.subscriptions = subscriptions;
        return copy;
    }

    /** Returns the user id, empty for an anonymous client. */
    public String userId() {
        return userId;
    }

    /** Returns what others see of the connection, or {@code null} for nothing. */
    public @Nullable Object info() {
        return info;
    }

    /** Returns data for the client, or {@code null} for nothing. */
    public @Nullable Object data() {
        return data;
    }

    /** Returns what handlers and authorizers see, or {@code null} for nothing. */
    public @Nullable Object meta() {
        return meta;
    }

    /** Returns when the identity must be renewed, or {@code null} for never. */
    public @Nullable Instant expireAt() {
        return expireAt;
    }

    /** Returns the principal, or {@code null} for that of the HTTP request. */
    public @Nullable Principal principal() {
        return principal;
    }

    /** Authorities of the user, or {@code null} for those of the principal. */
    public @Nullable List<String> authorities() {
        return authorities;
    }

    /** Channels the server subscribes the client to, by name. */
    public Map<String, SubscribeReply> subscriptions() {
        return subscriptions;
    }
}
