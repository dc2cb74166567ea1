package dev.realtime.connection;

import dev.realtime.spi.auth.Authenticator;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.auth.TokenAuthenticator;
import dev.realtime.spi.hook.ClientHooks;
import dev.realtime.spi.hook.MessageHandler;
import dev.realtime.spi.hook.RpcHandler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Callbacks by which the application decides about clients.
 *
 * @param authenticator {@code null} for the built-in one: the principal of the HTTP request, else an anonymous user if
 *     allowed
 * @param authorizers asked in order; the first that decides wins
 * @param tokenAuthenticator {@code null} when no tokens are known
 * @param rpcHandler {@code null} when there are no methods: clients get error 108
 * @param messageHandler {@code null} if there is no handler for one-way messages: their senders are disconnected with
 *     3508
 * @param hooks where else the application takes part in the life of clients
 */
public record ClientCallbacks(
        @Nullable Authenticator authenticator,
        List<ChannelAuthorizer> authorizers,
        @Nullable TokenAuthenticator tokenAuthenticator,
        @Nullable RpcHandler rpcHandler,
        @Nullable MessageHandler messageHandler,
        ClientHooks hooks) {

    /** Nothing of the application takes part. */
    public static final ClientCallbacks NONE = new ClientCallbacks(null, List.of(), null, null, null, ClientHooks.NONE);

    public ClientCallbacks {
        authorizers = List.copyOf(authorizers);
    }
}
