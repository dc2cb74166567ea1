package dev.realtime.command;

import dev.realtime.api.channel.Access;
import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.channel.Namespaces;
import dev.realtime.connection.ApplicationCalls;
import dev.realtime.connection.ClientConnection;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.auth.TokenAuthenticator;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Permissions of a client in a channel. Everything is denied unless the namespace, an authorizer of the application or
 * a token permits it, in the order of the reference server.
 *
 * <p>The reason of a denial goes to the log at debug level; the client gets the bare code.
 */
public final class ChannelPermissions {

    private static final Logger logger = LoggerFactory.getLogger(ChannelPermissions.class);

    /** Kind of data of a channel that a client may read. */
    enum Reading {
        HISTORY("read history"),
        PRESENCE("read presence");

        private final String action;

        Reading(String action) {
            this.action = action;
        }
    }

    /** Decisions that are known immediately: the sequence of commands takes their values without a subscription. */
    private static final Mono<Boolean> PERMITTED = Mono.just(true);

    private static final Mono<Boolean> DENIED = Mono.just(false);

    private static final Mono<SubscriptionGrant> PLAIN = Mono.just(SubscriptionGrant.PLAIN);

    private final Namespaces namespaces;

    private final ApplicationCalls calls;

    private final ErrorReplies errors;

    private final boolean insecure;

    /** @param insecure permits everything */
    public ChannelPermissions(Namespaces namespaces, ApplicationCalls calls, ErrorReplies errors, boolean insecure) {
        this.namespaces = namespaces;
        this.calls = calls;
        this.errors = errors;
        this.insecure = insecure;
    }

    /**
     * Finds the channel a command names, by the rules for clients.
     *
     * @return the channel, or {@code null} after the client was refused: disconnected for an empty name, error 102 for
     *     an unknown namespace, 107 for a name that clients may not use
     */
    @Nullable
    Channel find(ClientConnection connection, long id, String name) {
        if (name.isEmpty()) {
            connection.close(Disconnect.BAD_REQUEST, "a command named no channel");
            return null;
        }
        Optional<Channel> channel = namespaces.find(name);
        if (channel.isEmpty()) {
            explainName(connection, name, "the namespace does not exist");
            connection.fail(id, ClientError.UNKNOWN_CHANNEL);
            return null;
        }
        if (!namespaces.admitsName(channel.get())) {
            explainName(connection, name, "the name is not allowed for clients");
            connection.fail(id, ClientError.BAD_REQUEST);
            return null;
        }
        return channel.get();
    }

    /** Returns whether a channel name is not too long for clients. */
    boolean admitsLength(String name) {
        return namespaces.admitsLength(name);
    }

    private static void explainName(ClientConnection connection, String name, String why) {
        if (logger.isDebugEnabled()) {
            logger.debug(
                    "Client {} of user '{}' is denied channel '{}': {}",
                    connection.profile().clientId(),
                    connection.profile().userId(),
                    // It comes from the client as it is, and may be long.
                    name.substring(0, Math.min(name.length(), 255)).replaceAll("\\p{Cntrl}", "?"),
                    why);
        }
    }

    /** Returns what lets the client subscribe; a {@link ClientRefusedException} error otherwise. */
    Mono<SubscriptionGrant> subscribe(
            ClientConnection connection, Channel channel, String token, @Nullable Payload data) {
        if (!token.isEmpty()) {
            return byToken(connection, channel, token);
        }
        if (insecure) {
            return PLAIN;
        }
        if (namespaces.isPrivate(channel.name())) {
            return denied(connection, channel, "the channel is private and no subscription token was given");
        }
        return byNameOrRules(connection, channel, data);
    }

    private Mono<SubscriptionGrant> byNameOrRules(
            ClientConnection connection, Channel channel, @Nullable Payload data) {
        if (namespaces.isUserLimited(channel)) {
            return namespaces.listsUser(channel, connection.profile().userId())
                    ? PLAIN
                    : denied(connection, channel, "the user is not listed in the channel name");
        }
        if (decidesAlone()) {
            return byNamespace(connection, channel);
        }
        return asked(
                        connection,
                        channel,
                        "subscribe",
                        authorizer -> authorizer.authorizeSubscribe(
                                connection.profile().identity(), channel, data))
                .switchIfEmpty(Mono.defer(() -> byNamespace(connection, channel)));
    }

    private static Mono<SubscriptionGrant> byNamespace(ClientConnection connection, Channel channel) {
        return channel.options().subscribeAccess().permits(connection.profile().userId(), false)
                ? PLAIN
                : denied(connection, channel, "neither the namespace nor an authorizer permits it");
    }

    /**
     * What lets the client be subscribed to a channel it named in its connect request: what would let it subscribe
     * without a token. Empty for a channel that stays closed. A decision that cannot be made now is an error, and so is
     * a decision that ends the connection.
     */
    Mono<SubscriptionGrant> subscribeOnConnect(ClientConnection connection, Channel channel) {
        if (!namespaces.admitsLength(channel.name()) || !namespaces.admitsName(channel)) {
            return Mono.empty();
        }
        return subscribe(connection, channel, "", null)
                .onErrorResume(ChannelPermissions::leavesClosed, closed -> Mono.empty());
    }

    /** Returns whether a failure is a decision about the channel alone. */
    private static boolean leavesClosed(Throwable failure) {
        return failure instanceof ClientRefusedException refused
                && refused.error() != null
                && !refused.error().temporary();
    }

    private Mono<SubscriptionGrant> byToken(ClientConnection connection, Channel channel, String token) {
        TokenAuthenticator tokens = calls.callbacks().tokenAuthenticator();
        if (tokens == null) {
            return denied(connection, channel, "a subscription token was given and no verifier is configured");
        }
        return calls.call(tokens, () -> tokens.subscription(connection.profile().identity(), channel.name(), token))
                .doOnError(
                        ClientRefusedException.class,
                        refused -> explain(connection, channel, "subscribe", refused.getMessage()))
                .switchIfEmpty(Mono.defer(
                        () -> denied(connection, channel, "the verifier did not accept the subscription token")));
    }

    /** Returns whether namespace or authorizers let the client publish; false denies. */
    Mono<Boolean> publish(ClientConnection connection, Channel channel, Payload data) {
        Access access = channel.options().publishAccess();
        boolean subscribed = isSubscribed(connection, channel);
        if (decidesAlone()) {
            return byNamespace(connection, channel, "publish", access, subscribed);
        }
        return permitted(
                connection,
                channel,
                "publish",
                access,
                subscribed,
                authorizer -> authorizer.authorizePublish(connection.profile().identity(), channel, data));
    }

    /** Returns whether the client may read the history or presence of a channel. */
    Mono<Boolean> read(Reading reading, ClientConnection connection, Channel channel) {
        return read(reading, connection, channel, isSubscribed(connection, channel));
    }

    /** Returns whether the client, about to be subscribed, may read the history or presence then. */
    Mono<Boolean> readOnceSubscribed(Reading reading, ClientConnection connection, Channel channel) {
        return read(reading, connection, channel, true);
    }

    private Mono<Boolean> read(Reading reading, ClientConnection connection, Channel channel, boolean subscribed) {
        boolean history = reading == Reading.HISTORY;
        Access access =
                history ? channel.options().historyAccess() : channel.options().presenceAccess();
        if (decidesAlone()) {
            return byNamespace(connection, channel, reading.action, access, subscribed);
        }
        ClientIdentity client = connection.profile().identity();
        return permitted(
                connection,
                channel,
                reading.action,
                access,
                subscribed,
                authorizer -> history
                        ? authorizer.authorizeHistory(client, channel)
                        : authorizer.authorizePresence(client, channel));
    }

    private static boolean isSubscribed(ClientConnection connection, Channel channel) {
        return connection.subscriptions().in(channel.name()) != null;
    }

    private Mono<Boolean> permitted(
            ClientConnection connection,
            Channel channel,
            String action,
            Access access,
            boolean subscribed,
            Function<ChannelAuthorizer, Mono<Boolean>> ask) {
        return asked(connection, channel, action, ask)
                .doOnNext(granted -> {
                    if (!granted) {
                        explain(connection, channel, action, "an authorizer denied it");
                    }
                })
                .switchIfEmpty(Mono.defer(() -> byNamespace(connection, channel, action, access, subscribed)));
    }

    /** Returns whether there is no callback to ask. */
    private boolean decidesAlone() {
        return insecure || calls.callbacks().authorizers().isEmpty();
    }

    private Mono<Boolean> byNamespace(
            ClientConnection connection, Channel channel, String action, Access access, boolean subscribed) {
        if (insecure || access.permits(connection.profile().userId(), subscribed)) {
            return PERMITTED;
        }
        explain(connection, channel, action, "neither the namespace nor an authorizer permits it");
        return DENIED;
    }

    /** The decision of the first authorizer that makes one. */
    private <T> Mono<T> asked(
            ClientConnection connection, Channel channel, String action, Function<ChannelAuthorizer, Mono<T>> ask) {
        return calls.inTime(Flux.fromIterable(calls.callbacks().authorizers())
                        .concatMap(authorizer -> calls.watched(authorizer, () -> ask.apply(authorizer)))
                        .next())
                .doOnError(
                        ClientRefusedException.class,
                        refused -> explain(connection, channel, action, refused.getMessage()))
                .onErrorMap(error -> !(error instanceof ClientRefusedException), error -> {
                    errors.report(
                            logger,
                            connection,
                            error,
                            "An authorizer failed for {} in channel '{}'; the client is to retry: {}",
                            connection,
                            channel.name(),
                            error.toString());
                    return ClientRefusedException.with(ClientError.INTERNAL, "an authorizer failed");
                });
    }

    private static <T> Mono<T> denied(ClientConnection connection, Channel channel, String reason) {
        explain(connection, channel, "subscribe", reason);
        return Mono.error(ClientRefusedException.with(ClientError.PERMISSION_DENIED, reason));
    }

    /** Logs for operators, and not for the client, why something was denied. */
    private static void explain(ClientConnection connection, Channel channel, String action, @Nullable String reason) {
        if (!logger.isDebugEnabled()) {
            return;
        }
        logger.debug(
                "Client {} of user '{}' may not {} in channel '{}': {}",
                connection.profile().clientId(),
                connection.profile().userId(),
                action,
                channel.name(),
                reason);
    }
}
