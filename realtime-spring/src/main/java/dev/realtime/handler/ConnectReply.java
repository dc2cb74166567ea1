package dev.realtime.handler;

import java.security.Principal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Identity of a connecting client, with values for the connection. Objects are written as JSON by the application's
 * {@code JsonMapper}; {@code byte[]} and {@link dev.realtime.api.data.Payload} are sent as they are. Immutable.
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
                userId, "The user id must not be null. Use an empty one for an anonymous client.");
    }

    /**
     * Accepts the client as a user.
     *
     * @param userId id of the user; empty for an anonymous client
     * @return a reply without further values
     */
    public static ConnectReply user(String userId) {
        return new ConnectReply(userId);
    }

    /**
     * Accepts the client as anonymous.
     *
     * @return a reply without further values
     */
    public static ConnectReply anonymous() {
        return user("");
    }

    /**
     * Returns the reply with information about the client.
     *
     * @param info {@code conn_info} of the client in presence, join, leave and publications, visible to other clients
     * @return a copy
     */
    public ConnectReply withInfo(Object info) {
        return with(copy -> copy.info = info);
    }

    /**
     * Returns the reply with data for the client.
     *
     * @param data data of the connect result
     * @return a copy
     */
    public ConnectReply withData(Object data) {
        return with(copy -> copy.data = data);
    }

    /**
     * Returns the reply with metadata for handlers and authorizers of the application.
     *
     * @param meta value of {@link dev.realtime.api.client.ClientIdentity#meta()}, never sent to clients
     * @return a copy
     */
    public ConnectReply withMeta(Object meta) {
        return with(copy -> copy.meta = meta);
    }

    /**
     * Returns the reply with an expiry time.
     *
     * @param expireAt time of the renewal by {@link OnRefresh}, in whole seconds
     * @return a copy
     */
    public ConnectReply withExpireAt(Instant expireAt) {
        return with(copy -> copy.expireAt = expireAt);
    }

    /**
     * Returns the reply with a principal that replaces the one of the HTTP request.
     *
     * @param principal user for handlers, authorizers and method security; an {@code Authentication} of Spring Security
     *     also brings its authorities
     * @return a copy
     */
    public ConnectReply withPrincipal(Principal principal) {
        return with(copy -> copy.principal = principal);
    }

    /**
     * Returns the reply with authorities for method security. The principal is then the user of this reply with exactly
     * these, regardless of the HTTP request. Needs Spring Security.
     *
     * @param authorities authorities such as {@code ROLE_STAFF}
     * @return a copy
     */
    public ConnectReply withAuthorities(String... authorities) {
        return with(copy -> copy.authorities = List.of(authorities));
    }

    /**
     * Returns the reply with a further server-side subscription, which needs no permission.
     *
     * @param channel name of the channel
     * @return a copy
     * @see <a href="https://centrifugal.dev/docs/server/server_subs">Server-side subscriptions</a>
     */
    public ConnectReply withSubscription(String channel) {
        return withSubscription(channel, SubscribeReply.allow());
    }

    /**
     * Returns the reply with a further server-side subscription, which needs no permission.
     *
     * @param channel name of the channel; replaces an earlier subscription to it
     * @param reply values of the subscription
     * @return a copy
     * @throws IllegalArgumentException if the reply is a denial
     */
    public ConnectReply withSubscription(String channel, SubscribeReply reply) {
        if (!reply.isAllowed()) {
            throw new IllegalArgumentException(
                    "The client cannot be subscribed to channel '" + channel + "' by a denial. Leave the channel out.");
        }
        Map<String, SubscribeReply> all = new LinkedHashMap<>(subscriptions);
        all.put(channel, reply);
        return with(copy -> copy.subscriptions = Map.copyOf(all));
    }

    private ConnectReply with(Consumer<ConnectReply> change) {
        ConnectReply copy = new ConnectReply(userId);
        copy.info = info;
        copy.data = data;
        copy.meta = meta;
        copy.expireAt = expireAt;
        copy.principal = principal;
        copy.authorities = authorities;
        copy.subscriptions = subscriptions;
        change.accept(copy);
        return copy;
    }

    /**
     * Returns the user id.
     *
     * @return the id, empty for an anonymous client
     */
    public String userId() {
        return userId;
    }

    /**
     * Returns the information about the client.
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
     * Returns the metadata for handlers and authorizers.
     *
     * @return the metadata, {@code null} for none
     */
    public @Nullable Object meta() {
        return meta;
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
     * Returns the principal that replaces the one of the HTTP request.
     *
     * @return the principal, {@code null} to keep that of the request
     */
    public @Nullable Principal principal() {
        return principal;
    }

    /**
     * Returns the authorities of the user.
     *
     * @return the authorities, {@code null} for those of the principal
     */
    public @Nullable List<String> authorities() {
        return authorities;
    }

    /**
     * Returns the server-side subscriptions.
     *
     * @return values of the subscriptions by channel; empty for none
     */
    public Map<String, SubscribeReply> subscriptions() {
        return subscriptions;
    }
}
