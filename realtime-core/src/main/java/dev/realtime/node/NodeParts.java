package dev.realtime.node;

import dev.realtime.api.PayloadWriter;
import dev.realtime.channel.Namespaces;
import dev.realtime.connection.ClientCallbacks;
import dev.realtime.connection.ClientOptions;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.spi.auth.Authenticator;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.auth.TokenRefresher;
import dev.realtime.spi.engine.Engine;
import dev.realtime.spi.engine.OccupancyListener;
import dev.realtime.spi.hook.MessageHandler;
import dev.realtime.spi.hook.RpcHandler;
import dev.realtime.spi.hook.TransactionHook;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything a node is made of.
 *
 * @param protocolLimits bounds of what a client may send; the message size is the largest of all its transports
 * @param callbacks of the application about clients; asked for once the node has clients, so that they may be found
 *     after the node was made, and always gives the same
 * @param transactions {@code null} when there are none: publishing after a commit is then refused
 * @param occupancy {@code null} if occupancy of channels is not observed
 */
public record NodeParts(
        NodeOptions options,
        ClientOptions clientOptions,
        ProtocolLimits protocolLimits,
        Namespaces namespaces,
        Engine engine,
        PayloadWriter payloadWriter,
        Supplier<ClientCallbacks> callbacks,
        @Nullable TransactionHook transactions,
        @Nullable OccupancyListener occupancy) {

    /** Parts of a node whose callbacks are known. */
    public NodeParts(
            NodeOptions options,
            ClientOptions clientOptions,
            ProtocolLimits protocolLimits,
            Namespaces namespaces,
            Engine engine,
            PayloadWriter payloadWriter,
            @Nullable Authenticator authenticator,
            List<ChannelAuthorizer> authorizers,
            @Nullable TokenRefresher tokenRefresher,
            @Nullable RpcHandler rpcHandler,
            @Nullable MessageHandler messageHandler,
            NodeHooks hooks) {
        this(
                options,
                clientOptions,
                protocolLimits,
                namespaces,
                engine,
                payloadWriter,
                always(new ClientCallbacks(
                        authenticator, authorizers, tokenRefresher, rpcHandler, messageHandler, hooks.clients())),
                hooks.transactions(),
                hooks.occupancy());
    }

    private static Supplier<ClientCallbacks> always(ClientCallbacks callbacks) {
        return () -> callbacks;
    }

    /** Parts of a node with {@link ProtocolLimits#DEFAULTS} and no hooks. */
    public NodeParts(
            NodeOptions options,
            ClientOptions clientOptions,
            Namespaces namespaces,
            Engine engine,
            PayloadWriter payloadWriter,
            @Nullable Authenticator authenticator,
            List<ChannelAuthorizer> authorizers,
            @Nullable TokenRefresher tokenRefresher,
            @Nullable RpcHandler rpcHandler,
            @Nullable MessageHandler messageHandler) {
        this(
                options,
                clientOptions,
                ProtocolLimits.DEFAULTS,
                namespaces,
                engine,
                payloadWriter,
                authenticator,
                authorizers,
                tokenRefresher,
                rpcHandler,
                messageHandler,
                NodeHooks.NONE);
    }
}
