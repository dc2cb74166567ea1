package dev.realtime.command;

import dev.realtime.api.channel.Access;
import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.data.Payload;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.ConnectionContext;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.auth.TokenAuthenticator;
import java.util.List;
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
final class ChannelPermissions {

    private static final Logger logger = LoggerFactory.getLogger(ChannelPermissions.class);

    private final ConnectionContext context;

    ChannelPermissions(ConnectionContext context) {
        this.context = context;
    }

    /** What lets the client subscribe; a {@link ClientRefusedException} otherwise. */
    Mono<SubscriptionGrant> subscribe(
            ClientConnection connection, Channel channel, String token, @Nullable Payload data) {
        if (!token.isEmpty()) {
            return byToken(connection, channel, token);
        }
        if (context.options().insecure()) {
            return Mono.just(SubscriptionGrant.PLAIN);
        }
        if (context.namespaces().isPrivate(channel.name())) {
            return denied(connection, channel, "the channel is private and no subscription token was given");
        }
        return byNameOrRules(connection, channel, data);
    }

    private Mono<SubscriptionGrant> byNameOrRules(
            ClientConnection connection, Channel channel, @Nullable Payload data) {
        if (context.namespaces().isUserLimited(channel)) {
            return context.namespaces().listsUser(channel, connection.userId())
                    ? Mono.just(SubscriptionGrant.PLAIN)
                    : denied(connection, channel, "the user is not listed in the channel name");
        }
        Mono<SubscriptionGrant> otherwise = channel.options().subscribeAccess().permits(connection.userId(), false)
                ? Mono.just(SubscriptionGrant.PLAIN)
                : denied(connection, channel, "neither the namespace nor an authorizer permits subscribing");
        return asked(
                        connection,
                        channel,
                        "subscribe",
                        authorizer -> authorizer.authorizeSubscribe(connection.identity(), channel, data))
                .switchIfEmpty(otherwise);
    }

    /**
     * What lets the client be subscribed to a channel it named in its connect request: what would let it subscribe
     * without a token. Empty for a channel that stays closed. A decision that cannot be made now is an error, and so is
     * a decision that ends the connection.
     */
    Mono<SubscriptionGrant> subscribeOnConnect(ClientConnection connection, Channel channel) {
        if (!context.namespaces().admitsLength(channel.name())
                || !context.namespaces().admitsName(channel)) {
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
        TokenAuthenticator tokens = context.tokenAuthenticator();
        if (tokens == null) {
            return denied(connection, channel, "a subscription token was given and no verifier is configured");
        }
        return context.ask(tokens, () -> tokens.subscription(connection.identity(), channel.name(), token))
                .doOnError(
                        ClientRefusedException.class,
                        refused -> explain(connection, channel, "subscribe", refused.getMessage()))
                .switchIfEmpty(denied(connection, channel, "the verifier did not accept the subscription token"));
    }

    /** Returns whether namespace or authorizers let the client publish; false denies. */
    Mono<Boolean> publish(ClientConnection connection, Channel channel, Payload data) {
        return permitted(
                connection,
                channel,
                "publish",
                channel.options().publishAccess(),
                isSubscribed(connection, channel),
                authorizer -> authorizer.authorizePublish(connection.identity(), channel, data));
    }

    /** Returns whether the client may read presence. */
    Mono<Boolean> presence(ClientConnection connection, Channel channel) {
        return presence(connection, channel, isSubscribed(connection, channel));
    }

    /** Returns whether the client, about to be subscribed, may read presence then. */
    Mono<Boolean> presenceOnceSubscribed(ClientConnection connection, Channel channel) {
        return presence(connection, channel, true);
    }

    private Mono<Boolean> presence(ClientConnection connection, Channel channel, boolean subscribed) {
        return permitted(
                connection,
                channel,
                "read presence",
                channel.options().presenceAccess(),
                subscribed,
                authorizer -> authorizer.authorizePresence(connection.identity(), channel));
    }

    /** Returns whether the client may read history. */
    Mono<Boolean> history(ClientConnection connection, Channel channel) {
        return history(connection, channel, isSubscribed(connection, channel));
    }

    /** Returns whether the client, about to be subscribed, may read history then. */
    Mono<Boolean> historyOnceSubscribed(ClientConnection connection, Channel channel) {
        return history(connection, channel, true);
    }

    private Mono<Boolean> history(ClientConnection connection, Channel channel, boolean subscribed) {
        return permitted(
                connection,
                channel,
                "read history",
                channel.options().historyAccess(),
                subscribed,
                authorizer -> authorizer.authorizeHistory(connection.identity(), channel));
    }

    private static boolean isSubscribed(ClientConnection connection, Channel channel) {
        return connection.subscriptions().containsKey(channel.name());
    }

    private Mono<Boolean> permitted(
            ClientConnection connection,
            Channel channel,
            String action,
            Access access,
            boolean subscribed,
            Function<ChannelAuthorizer, Mono<Boolean>> ask) {
        if (context.options().insecure()) {
            return Mono.just(true);
        }
        boolean open = access.permits(connection.userId(), subscribed);
        Mono<Boolean> byNamespace = Mono.fromSupplier(() -> {
            if (!open) {
                explain(connection, channel, action, "neither the namespace nor an authorizer permits it");
            }
            return open;
        });
        return asked(connection, channel, action, ask)
                .doOnNext(granted -> {
                    if (!granted) {
                        explain(connection, channel, action, "an authorizer denied it");
                    }
                })
                .switchIfEmpty(byNamespace);
    }

    /** The decision of the first authorizer that makes one. */
    private <T> Mono<T> asked(
            ClientConnection connection, Channel channel, String action, Function<ChannelAuthorizer, Mono<T>> ask) {
        List<ChannelAuthorizer> authorizers = context.authorizers();
        if (authorizers.isEmpty()) {
            return Mono.empty();
        }
        return context.inTime(Flux.fromIterable(authorizers)
                        .concatMap(authorizer -> context.callbacks().watch(authorizer, () -> ask.apply(authorizer)))
                        .next())
                .doOnError(
                        ClientRefusedException.class,
                        refused -> explain(connection, channel, action, refused.getMessage()))
                .onErrorMap(error -> !(error instanceof ClientRefusedException), error -> {
                    if (error instanceof Error) {
                        Boundary.caught(Place.QUESTION, connection, error);
                        return ClientRefusedException.with(ClientError.INTERNAL, "an authorizer failed");
                    }
                    ClientIdentity client = connection.identity();
                    context.log()
                            .warn(
                                    logger,
                                    "An authorizer failed for client {} of user '{}' in channel '{}', which is to try"
                                            + " again: {}",
                                    client.clientId(),
                                    client.userId(),
                                    channel.name(),
                                    error.toString());
                    return ClientRefusedException.with(ClientError.INTERNAL, "an authorizer failed");
                });
    }

    private static <T> Mono<T> denied(ClientConnection connection, Channel channel, String reason) {
        return Mono.error(() -> {
            explain(connection, channel, "subscribe", reason);
            return ClientRefusedException.with(ClientError.PERMISSION_DENIED, reason);
        });
    }

    /** Logs for operators, and not for the client, why something was denied. */
    private static void explain(ClientConnection connection, Channel channel, String action, @Nullable String reason) {
        logger.debug(
                "Client {} of user '{}' may not {} in channel '{}': {}",
                connection.clientId(),
                connection.userId(),
                action,
                channel.name(),
                reason);
    }
}
