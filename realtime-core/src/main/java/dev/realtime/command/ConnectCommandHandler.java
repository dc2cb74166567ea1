package dev.realtime.command;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.ConnectContext;
import dev.realtime.api.client.Disconnect;
import dev.realtime.connection.ApplicationCalls;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.ClientConnections;
import dev.realtime.connection.ClientOptions;
import dev.realtime.connection.Expiry;
import dev.realtime.protocol.Request;
import dev.realtime.protocol.Result;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.Authenticator;
import dev.realtime.spi.auth.TokenAuthenticator;
import dev.realtime.spi.transport.TransportDescription;
import java.security.Principal;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Handles {@link Request.Connect}: determines its identity, opens the subscriptions made by the server, and sends
 * all of it in one reply.
 */
public final class ConnectCommandHandler {

    private final ClientOptions options;

    private final String version;

    private final String nodeId;

    private final ApplicationCalls calls;

    private final ClientConnections clients;

    private final OlderConnections older;

    private final ServerSideSubscriptions serverSide;

    private final Clock clock;

    private final ErrorReplies errors;

    /**
     * @param version of this software, sent to clients
     * @param nodeId of this node, sent to clients that post their commands
     */
    public ConnectCommandHandler(
            ClientOptions options,
            String version,
            String nodeId,
            ApplicationCalls calls,
            ClientConnections clients,
            OlderConnections older,
            ServerSideSubscriptions serverSide,
            Clock clock,
            ErrorReplies errors) {
        this.options = options;
        this.version = version;
        this.nodeId = nodeId;
        this.calls = calls;
        this.clients = clients;
        this.older = older;
        this.serverSide = serverSide;
        this.clock = clock;
        this.errors = errors;
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
            } else if (!ErrorReplies.closes(connection, error)) {
                connection.refuse(id, errors.errorOf(connection, "connect", error));
            }
        });
    }

    private Mono<Authentication> authenticate(ClientConnection connection, Request.Connect request) {
        Authenticator authenticator = calls.callbacks().authenticator();
        if (authenticator != null) {
            return calls.call(authenticator, () -> authenticator.authenticate(asked(connection, request)));
        }
        if (request.token().isEmpty()) {
            return withoutToken(connection.profile().requestPrincipal());
        }
        TokenAuthenticator tokens = calls.callbacks().tokenAuthenticator();
        if (tokens == null) {
            return Mono.error(ClientRefusedException.with(
                    Disconnect.INVALID_TOKEN, "it sent a token and nothing is configured to verify tokens"));
        }
        return calls.call(tokens, () -> tokens.connect(asked(connection, request)))
                .switchIfEmpty(Mono.error(
                        () -> ClientRefusedException.with(Disconnect.INVALID_TOKEN, "the token was not accepted")));
    }

    private ConnectContext asked(ClientConnection connection, Request.Connect request) {
        TransportDescription transport = connection.transport().describe();
        return new ConnectContext(
                connection.profile().clientId(),
                transport.name(),
                connection.writer().codec().type(),
                connection.profile().requestPrincipal(),
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
        boolean anonymous = options.allowAnonymousConnectWithoutToken() || options.insecure();
        return anonymous ? Mono.just(Authentication.anonymous()) : Mono.empty();
    }

    private void authenticated(
            ClientConnection connection, long id, Request.Connect request, Authentication authentication) {
        if (Expiry.at(authentication.expireAtSeconds()).isOver(clock)) {
            connection.refuse(id, ClientError.EXPIRED);
            return;
        }
        connection.profile().introduce(authentication, request);
        connection.commands().await(older.closeAll(connection), (nothing, error) -> {
            if (connection.isClosed()) {
                return;
            }
            if (error != null) {
                connection.refuse(id, errors.errorOf(connection, "connect", error));
            } else {
                admit(connection, id, request, authentication);
            }
        });
    }

    private void admit(ClientConnection connection, long id, Request.Connect request, Authentication authentication) {
        if (!clients.connected(connection)) {
            connection.close(Disconnect.CONNECTION_LIMIT, "the user has reached the connection limit");
            return;
        }
        serverSide.subscribe(connection, authentication, request, new ServerSideSubscriptions.Ending() {
            @Override
            public void opened(List<SubscribeFlow> subscriptions) {
                reply(connection, id, authentication, subscriptions);
            }

            @Override
            public void failed(ClientError error) {
                connection.refuse(id, error);
            }
        });
    }

    private void reply(
            ClientConnection connection, long id, Authentication authentication, List<SubscribeFlow> opened) {
        Map<String, Result.Subscribe> subscriptions = new LinkedHashMap<>();
        opened.forEach(flow -> subscriptions.put(flow.channel().name(), flow.result()));
        Expiry expiry = authentication.clientRefresh() ? Expiry.at(authentication.expireAtSeconds()) : Expiry.NEVER;
        String session = clients.openSession(connection);
        Result.Connect result = new Result.Connect(
                connection.profile().clientId(),
                version,
                expiry.isSet(),
                expiry.ttlSeconds(clock),
                authentication.data(),
                subscriptions,
                connection.pings() ? (int) Math.max(1, options.pingInterval().toSeconds()) : 0,
                connection.pongs(),
                session,
                session.isEmpty() ? "" : nodeId,
                options.connectIncludeServerTime() ? clock.millis() : 0);
        if (!result.fits(connection.writer().codec())) {
            connection.close(Disconnect.INAPPROPRIATE_PROTOCOL, "data for it is not JSON");
            return;
        }
        connection.connected(authentication);
        connection.reply(id, result);
        opened.forEach(SubscribeFlow::start);
    }
}
