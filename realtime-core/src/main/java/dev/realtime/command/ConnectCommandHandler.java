package dev.realtime.command;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.ConnectContext;
import dev.realtime.api.client.Disconnect;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.ConnectionContext;
import dev.realtime.connection.Ttl;
import dev.realtime.protocol.Request;
import dev.realtime.protocol.Result;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.Authenticator;
import dev.realtime.spi.auth.TokenAuthenticator;
import dev.realtime.spi.transport.TransportDescription;
import dev.realtime.statistics.ReachedLimit;
import java.security.Principal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Handles {@link Request.Connect}: determines its identity, opens the subscriptions made by the server, and sends
 * all of it in one reply.
 */
final class ConnectCommandHandler {

    private final ConnectionContext context;

    private final ServerSideSubscriptions serverSide;

    private final SingleConnection singleConnection;

    ConnectCommandHandler(ConnectionContext context, ChannelPermissions permissions, SubscriptionOpener opener) {
        this.context = context;
        this.singleConnection = new SingleConnection(context);
        this.serverSide = new ServerSideSubscriptions(context, permissions, opener);
    }

    void handle(ClientConnection connection, long id, Request.Connect request) {
        connection.commands().await(authenticate(connection, request), (authentication, error) -> {
            if (connection.isClosed()) {
                return;
            }
            if (authentication != null) {
                authenticated(connection, id, request, authentication);
            } else if (error == null) {
                connection.close(Disconnect.BAD_REQUEST, "it sent neither a token nor other credentials");
            } else if (error instanceof ClientRefusedException refused && refused.disconnect() != null) {
                connection.close(refused.disconnect(), String.valueOf(refused.getMessage()));
            } else {
                connection.refuse(id, Refusals.errorOf(connection, "connect", error));
            }
        });
    }

    private Mono<Authentication> authenticate(ClientConnection connection, Request.Connect request) {
        Authenticator authenticator = context.authenticator();
        if (authenticator != null) {
            return context.ask(authenticator, () -> authenticator.authenticate(asked(connection, request)));
        }
        if (request.token().isEmpty()) {
            return withoutToken(connection.requestPrincipal());
        }
        TokenAuthenticator tokens = context.tokenAuthenticator();
        if (tokens == null) {
            return Mono.error(ClientRefusedException.with(
                    Disconnect.INVALID_TOKEN, "it sent a token and nothing is configured to verify tokens"));
        }
        return context.ask(tokens, () -> tokens.connect(asked(connection, request)))
                .switchIfEmpty(Mono.error(
                        () -> ClientRefusedException.with(Disconnect.INVALID_TOKEN, "the token was not accepted")));
    }

    private ConnectContext asked(ClientConnection connection, Request.Connect request) {
        TransportDescription transport = connection.transport().describe();
        return new ConnectContext(
                connection.clientId(),
                transport.name(),
                connection.transport().wireForm().codec().type(),
                connection.requestPrincipal(),
                transport.headers(),
                transport.uri(),
                transport.remoteAddress(),
                request.token(),
                request.data(),
                request.name(),
                request.version(),
                request.headers());
    }

    /** Returns the principal of the HTTP request, or an anonymous user if anonymous clients are allowed. */
    private Mono<Authentication> withoutToken(@Nullable Principal principal) {
        if (principal != null && principal.getName() != null) {
            return Mono.just(Authentication.of(principal.getName()));
        }
        boolean anonymous = context.options().allowAnonymousConnectWithoutToken()
                || context.options().insecure();
        return anonymous ? Mono.just(Authentication.anonymous()) : Mono.empty();
    }

    private void authenticated(
            ClientConnection connection, long id, Request.Connect request, Authentication authentication) {
        long expireAt = authentication.expireAtSeconds();
        if (expireAt > 0 && expireAt <= context.nowSeconds()) {
            connection.refuse(id, ClientError.EXPIRED);
            return;
        }
        connection.introduced(authentication, request);
        connection.commands().await(singleConnection.closeOthers(connection), (nothing, error) -> {
            if (connection.isClosed()) {
                return;
            }
            if (error != null) {
                connection.refuse(id, Refusals.errorOf(connection, "connect", error));
            } else {
                admit(connection, id, request, authentication);
            }
        });
    }

    private void admit(ClientConnection connection, long id, Request.Connect request, Authentication authentication) {
        if (!context.clients().connected(connection, context.options().userConnectionLimit())) {
            context.statistics().refused(ReachedLimit.USER_CONNECTION_LIMIT, "");
            connection.close(Disconnect.CONNECTION_LIMIT, "the user has reached the connection limit");
            return;
        }
        serverSide.subscribe(connection, authentication, request, new ServerSideSubscriptions.Outcome() {
            @Override
            public void opened(List<SubscriptionOpener.Outcome.Opened> subscriptions) {
                reply(connection, id, authentication, subscriptions);
            }

            @Override
            public void refused(ClientError error) {
                connection.refuse(id, error);
            }
        });
    }

    private void reply(
            ClientConnection connection,
            long id,
            Authentication authentication,
            List<SubscriptionOpener.Outcome.Opened> subscriptions) {
        Map<String, Result.Subscribe> results = new LinkedHashMap<>();
        boolean carried = connection.codec().carries(authentication.data());
        for (SubscriptionOpener.Outcome.Opened opened : subscriptions) {
            carried &= opened.result().fits(connection.codec());
            results.put(opened.subscription().channel().name(), opened.result());
        }
        if (!carried) {
            connection.close(Disconnect.INAPPROPRIATE_PROTOCOL, "data for it is not JSON");
            return;
        }
        connection.connected(authentication);
        boolean expires = authentication.clientRefresh() && authentication.expireAtSeconds() > 0;
        boolean pings = connection.pings();
        connection.reply(
                id,
                new Result.Connect(
                        connection.clientId(),
                        context.version(),
                        expires,
                        expires ? Ttl.secondsUntil(authentication.expireAtSeconds(), context.nowSeconds()) : 0,
                        authentication.data(),
                        results,
                        pings
                                ? (int) Math.max(
                                        1, context.options().pingInterval().toSeconds())
                                : 0,
                        pings,
                        "",
                        "",
                        context.options().connectIncludeServerTime()
                                ? context.clock().millis()
                                : 0));
        for (SubscriptionOpener.Outcome.Opened opened : subscriptions) {
            connection.opened(opened.subscription());
        }
    }
}
