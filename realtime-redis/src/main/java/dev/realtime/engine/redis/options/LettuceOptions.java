package dev.realtime.engine.redis.options;

import dev.realtime.engine.redis.driver.ConnectionPipeline;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions.RefreshTrigger;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Options that the engine needs for its Lettuce client. A client with other options works too, but in a fault its
 * commands may hang for a minute, pile up in memory, or run twice: by default Lettuce keeps commands in progress for
 * the next connection.
 */
public final class LettuceOptions {

    /** Commands that may be in progress on one connection. More are refused, rather than kept in memory without end. */
    private static final int REQUEST_QUEUE_SIZE = 100_000;

    /** A connection without traffic is given up after about as long as a node without heartbeat. */
    private static final KeepAliveOptions KEEP_ALIVE = KeepAliveOptions.builder()
            .enable()
            .idle(Duration.ofSeconds(5))
            .interval(Duration.ofSeconds(2))
            .count(3)
            .build();

    /** Shortest time between two refreshes of the topology that are caused by unexpected events. */
    private static final Duration ADAPTIVE_REFRESH_INTERVAL = Duration.ofMillis(500);

    private static final Duration MIN_RECONNECT_DELAY = Duration.ofMillis(50);

    /** Publications are to arrive again within a second after Redis is back. */
    private static final Duration MAX_RECONNECT_DELAY = Duration.ofMillis(500);

    private LettuceOptions() {}

    /** For a client that leads to a cluster, or to one primary. */
    public static ClientOptions of(RedisEngineOptions options, SslOptions ssl) {
        return options.topology() == RedisTopology.CLUSTER ? cluster(options, ssl) : single(options, ssl);
    }

    private static ClientOptions single(RedisEngineOptions options, SslOptions ssl) {
        ClientOptions.Builder builder = ClientOptions.builder();
        apply(builder, options, ssl);
        return builder.build();
    }

    /** Not made of the options for a single server: that would leave out, without a word, what is to be sent again. */
    private static ClusterClientOptions cluster(RedisEngineOptions options, SslOptions ssl) {
        ClusterClientOptions.Builder builder = ClusterClientOptions.builder();
        apply(builder, options, ssl);
        return builder.topologyRefreshOptions(topologyRefresh(options))
                // A redirect may lead to a node that joined a moment ago.
                .validateClusterNodeMembership(false)
                .build();
    }

    /**
     * The engine watches the primaries by itself and informs the driver. What the driver finds out beside that costs
     * connections to all nodes, and in an outage a warning for each attempt to open one. It is left with what follows
     * from the reply to a command, and with finding replicas where these are read from.
     */
    private static ClusterTopologyRefreshOptions topologyRefresh(RedisEngineOptions options) {
        ClusterTopologyRefreshOptions.Builder refresh =
                ClusterTopologyRefreshOptions.builder().adaptiveRefreshTriggersTimeout(ADAPTIVE_REFRESH_INTERVAL);
        return options.readFrom() == RedisReadFrom.REPLICA_PREFERRED
                ? refresh.enablePeriodicRefresh(options.topologyRefreshInterval())
                        .refreshTriggersReconnectAttempts(1)
                        .build()
                : refresh.disableAdaptiveRefreshTrigger(
                                RefreshTrigger.PERSISTENT_RECONNECTS, RefreshTrigger.UNCOVERED_SLOT)
                        .build();
    }

    private static void apply(ClientOptions.Builder builder, RedisEngineOptions options, SslOptions ssl) {
        builder
                // Without a connection a command fails immediately: the caller knows best whether it may be sent later.
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                // Nothing that was in progress when a connection broke is sent again: a publication could arrive twice.
                .replayFilter(command -> true)
                .requestQueueSize(REQUEST_QUEUE_SIZE)
                .timeoutOptions(TimeoutOptions.enabled(options.commandTimeout()))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(options.connectTimeout())
                        .keepAlive(KEEP_ALIVE)
                        .tcpNoDelay(true)
                        .build())
                .sslOptions(
                        ssl.mutate().handshakeTimeout(options.connectTimeout()).build())
                // Only Redis Enterprise sends these, and others answer the request for them with an error.
                .maintNotificationsConfig(MaintNotificationsConfig.disabled());
    }

    /**
     * What a client of the engine shares with no other: how soon it reconnects, that commands leave together, and how
     * long bytes may wait in a socket.
     *
     * @param resources a builder, new or of the application's resources
     * @param original of which what is not replaced is kept
     * @param writeTimeout how long bytes may stay unsent before the connection is replaced; zero for ever
     */
    public static ClientResources.Builder apply(
            ClientResources.Builder resources, ClientResources original, Duration writeTimeout) {
        return resources
                .reconnectDelay(() -> Delay.equalJitter(
                        MIN_RECONNECT_DELAY,
                        MAX_RECONNECT_DELAY,
                        MIN_RECONNECT_DELAY.toMillis(),
                        TimeUnit.MILLISECONDS))
                .nettyCustomizer(new ConnectionPipeline(writeTimeout, original.nettyCustomizer()));
    }
}
