package dev.realtime.node;

import dev.realtime.api.PayloadWriter;
import dev.realtime.auth.Authenticator;
import dev.realtime.auth.ChannelAuthorizer;
import dev.realtime.auth.TokenRefresher;
import dev.realtime.channel.Namespaces;
import dev.realtime.connection.ClientOptions;
import dev.realtime.connection.MessageHandler;
import dev.realtime.connection.RpcHandler;
import dev.realtime.engine.Engine;
import dev.realtime.protocol.ProtocolLimits;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything a node is made of.
 *
 * @param protocolLimits bounds of what a client may send; the message size is the largest of all its transports
 * @param authenticator {@code null} for the built-in one: the principal of the HTTP request, else nobody where allowed
 * @param authorizers asked in order; the first that decides wins
 * @param tokenRefresher {@code null} when no tokens are known
 * @param rpcHandler {@code null} when there are no methods: clients get error 108
 * @param messageHandler {@code null} when nobody takes one-way messages: their senders are disconnected with 3508
 * @param hooks where else the application takes part
 */
public record NodeParts(
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
