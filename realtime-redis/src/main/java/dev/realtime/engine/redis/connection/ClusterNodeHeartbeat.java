package dev.realtime.engine.redis.connection;

import dev.realtime.engine.redis.cluster.ClusterView;
import dev.realtime.engine.redis.driver.Heartbeat;
import dev.realtime.engine.redis.driver.ReceivedData;
import dev.realtime.engine.redis.driver.ServerInfo;
import dev.realtime.engine.redis.generation.ReplicationWatch;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.protocol.DefaultEndpoint;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Heartbeat of the connection to one node that the driver keeps inside a cluster connection. Closes it when the node
 * does not respond: the driver alone would wait for a reply until the system gives up the socket, which takes minutes.
 * The driver then connects again by itself. Belongs to the reconciler.
 */
final class ClusterNodeHeartbeat {

    private static final Logger logger = LoggerFactory.getLogger(ClusterNodeHeartbeat.class);

    private final StatefulRedisClusterConnection<byte[], byte[]> cluster;

    private final ClusterView.Primary server;

    private final Duration timeout;

    private final Heartbeat heartbeat;

    private final ReceivedData received;

    /** {@code null} for all but one connection to a node. */
    private final @Nullable ReplicationWatch replication;

    private final Executor executor;

    private @Nullable CompletableFuture<StatefulRedisConnection<byte[], byte[]>> opening;

    ClusterNodeHeartbeat(
            StatefulRedisClusterConnection<byte[], byte[]> cluster,
            ClusterView.Primary server,
            RedisEngineOptions options,
            ReceivedData received,
            @Nullable ReplicationWatch replication,
            Executor executor) {
        this.cluster = cluster;
        this.server = server;
        this.timeout = options.pingTimeout();
        this.received = received;
        this.replication = replication;
        this.executor = executor;
        this.heartbeat = new Heartbeat(options.pingInterval(), timeout, System.nanoTime());
    }

    ClusterView.Primary server() {
        return server;
    }

    /** The connection, if it is open. */
    @Nullable
    StatefulRedisConnection<byte[], byte[]> connection() {
        if (opening == null || !opening.isDone() || opening.isCompletedExceptionally()) {
            return null;
        }
        StatefulRedisConnection<byte[], byte[]> connection = opening.join();
        return connection.isOpen() ? connection : null;
    }

    void tick(long now) {
        StatefulRedisConnection<byte[], byte[]> connection = connection();
        if (connection == null) {
            heartbeat.answered();
            if (heartbeat.due(now)) {
                heartbeat.answered();
                open();
            }
            return;
        }
        if (heartbeat.due(now)) {
            connection.async().ping().whenComplete((pong, failure) -> heartbeat.ended(failure));
            if (replication != null) {
                askForReplication(connection.async(), replication);
            }
        }
        if (heartbeat.overdue(now, received.of(connection))) {
            heartbeat.answered();
            logger.debug(
                    "The command connection to {} did not answer PING within {} ms. It is replaced",
                    server.address(),
                    timeout.toMillis());
            disconnect(connection);
        }
    }

    /** Asks for the process, too: the driver may have connected to another one since. */
    private void askForReplication(RedisAsyncCommands<byte[], byte[]> commands, ReplicationWatch watch) {
        commands.info("server")
                .thenCombine(commands.info("replication"), (process, info) ->
                        (Runnable) () -> watch.answered(server.key(), ServerInfo.field(process, "run_id"), info))
                .thenAcceptAsync(Runnable::run, executor);
    }

    /** Gets the connection that commands for the slots of this node use; the driver opens it if there is none. */
    private void open() {
        try {
            opening = cluster.getConnectionAsync(
                    server.uri().getHost(), server.uri().getPort());
        } catch (RedisException unknownNode) {
            // The driver does not know the node yet, and refreshes the topology now.
            opening = null;
        }
    }

    private static void disconnect(StatefulRedisConnection<byte[], byte[]> connection) {
        DefaultEndpoint endpoint = ReceivedData.endpoint(connection);
        if (endpoint != null) {
            endpoint.disconnect();
        }
    }
}
