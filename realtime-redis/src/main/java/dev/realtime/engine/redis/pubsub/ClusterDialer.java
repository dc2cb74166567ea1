package dev.realtime.engine.redis.pubsub;

import dev.realtime.engine.redis.cluster.ClusterView;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Opens pub/sub connections to single nodes of a cluster. A cluster client offers none that this side may close and
 * open again, so they come from a plain client that shares its resources and options, and logs in as it does. The
 * record of this decision is {@code docs/decisions/0010-own-pub-sub-connections.md}.
 */
public final class ClusterDialer implements PubSubDialer {

    private static final long SHUTDOWN_SECONDS = 1;

    private final RedisClusterClient cluster;

    private final RedisClient nodes;

    private final @Nullable RedisURI login;

    private final Duration handshakeTimeout;

    /**
     * @param login an address that the client was made with, for credentials, TLS and client name; {@code null} if none
     *     is known, then what the client found out about its nodes is taken
     * @param handshakeTimeout how long a node may take to answer the first command
     */
    public ClusterDialer(RedisClusterClient cluster, @Nullable RedisURI login, Duration handshakeTimeout) {
        this.cluster = cluster;
        this.login = login;
        this.handshakeTimeout = handshakeTimeout;
        this.nodes = RedisClient.create(cluster.getResources());
        nodes.setOptions(cluster.getOptions()
                .mutate()
                // A lost connection is replaced by the reconciler, which knows better where to.
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                // Pushes and replies can be distinguished, and other commands may follow a subscription.
                .protocolVersion(ProtocolVersion.RESP3)
                // The heartbeat finds a silent server. A limit for each command would only forget commands that are
                // still in progress.
                .timeoutOptions(TimeoutOptions.create())
                .build());
    }

    @Override
    public CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> dial(ClusterView.Primary server) {
        // Known by now, so this does not block: a node is dialled only after a read of the topology.
        RedisURI like =
                login != null ? login : cluster.getPartitions().getPartition(0).getUri();
        RedisURI uri = RedisURI.builder(like)
                .withHost(server.uri().getHost())
                .withPort(server.uri().getPort())
                .withDatabase(0)
                .withTimeout(handshakeTimeout)
                .build();
        return nodes.connectPubSubAsync(ByteArrayCodec.INSTANCE, uri);
    }

    @Override
    public CompletionStage<Void> close() {
        return nodes.shutdownAsync(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    }
}
