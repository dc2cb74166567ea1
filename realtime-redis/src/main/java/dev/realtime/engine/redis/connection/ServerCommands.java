package dev.realtime.engine.redis.connection;

import dev.realtime.engine.redis.cluster.ClusterRoutes;
import dev.realtime.engine.redis.cluster.ClusterView;
import dev.realtime.engine.redis.driver.Connector;
import dev.realtime.engine.redis.driver.ReceivedData;
import dev.realtime.engine.redis.driver.Redirect;
import dev.realtime.engine.redis.generation.ReplicationWatch;
import dev.realtime.engine.redis.monitor.RedisStatistics;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.protocol.RedisCommand;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Command connections where there is one primary at a time: standalone and Sentinel. */
final class ServerCommands implements CommandConnections {

    private static final int MOST_DIALING = 8;

    private final ServerConnection[] connections;

    /** Opened by the first wait for replicas. */
    private final ServerConnection waiting;

    private volatile boolean somebodyWaits;

    ServerCommands(
            RedisClient client,
            Connector connector,
            RedisEngineOptions options,
            RedisStatistics statistics,
            ReceivedData received,
            ReplicationWatch replication,
            Executor executor) {
        waiting = new ServerConnection(client, connector, options, statistics, received, null, executor);
        connections = new ServerConnection[options.poolSize()];
        for (int index = 0; index < connections.length; index++) {
            connections[index] = new ServerConnection(
                    client, connector, options, statistics, received, index == 0 ? replication : null, executor);
        }
    }

    @Override
    public RedisClusterAsyncCommands<byte[], byte[]> commands(int partition) {
        return connections[partition % connections.length].commands();
    }

    @Override
    public RedisClusterAsyncCommands<byte[], byte[]> direct(int partition) {
        return commands(partition);
    }

    @Override
    public <T> CompletionStage<T> ask(int partition, Redirect redirect, RedisCommand<byte[], byte[], T> command) {
        throw new RedisException("A server that is no node of a cluster sent a redirect");
    }

    @Override
    public void moved(int partition, Redirect redirect) {
        // Only nodes of a cluster say so.
    }

    @Override
    public void onOwnerChange(ClusterRoutes.OwnerChange change) {
        // There is one server.
    }

    @Override
    public String owner(int slot) {
        return "Redis";
    }

    @Override
    public CompletionStage<RedisClusterAsyncCommands<byte[], byte[]>> waitConnection(int slot) {
        somebodyWaits = true;
        return CompletableFuture.completedFuture(waiting.commands());
    }

    @Override
    public CompletionStage<Long> publish(int partition, byte[] name, byte[] message) {
        return commands(partition).publish(name, message);
    }

    @Override
    public CompletionStage<Long> publishThrough(String server, byte[] name, byte[] message) {
        return commands(0).publish(name, message);
    }

    /** Opens a few at a time: all of a large pool together would not have shaken hands in time. */
    @Override
    public void tick(long now) {
        int dialing = 0;
        for (ServerConnection connection : connections) {
            dialing += connection.dialing() ? 1 : 0;
        }
        for (ServerConnection connection : connections) {
            boolean dialed = connection.dialing();
            connection.tick(now, dialing < MOST_DIALING);
            dialing += connection.dialing() && !dialed ? 1 : 0;
        }
        if (somebodyWaits) {
            waiting.tick(now, true);
        }
    }

    @Override
    public void topologyRead(ClusterView view, boolean changed) {
        // There is nothing to choose from.
    }

    @Override
    public void avoidPresentPath() {
        // There is no other path.
    }

    @Override
    public void refusedAsReplica() {
        Stream.concat(Stream.of(waiting), Arrays.stream(connections)).forEach(ServerConnection::refusedAsReplica);
    }

    @Override
    public void keepOnly(String processRunId) {
        for (ServerConnection connection : connections) {
            connection.keepOnly(processRunId);
        }
        waiting.keepOnly(processRunId);
    }

    @Override
    public @Nullable String problem() {
        for (ServerConnection connection : connections) {
            if (connection.problem() != null) {
                return connection.problem();
            }
        }
        return null;
    }

    @Override
    public CompletionStage<Void> close() {
        return CompletableFuture.allOf(Stream.concat(Stream.of(waiting), Arrays.stream(connections))
                .map(ServerConnection::close)
                .toArray(CompletableFuture[]::new));
    }
}
