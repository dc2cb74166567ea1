package dev.realtime.engine.redis.connection;

import dev.realtime.engine.redis.cluster.ClusterView;
import dev.realtime.engine.redis.cluster.TopologyReader;
import dev.realtime.engine.redis.cluster.TopologyWatch;
import dev.realtime.engine.redis.driver.ReceivedData;
import dev.realtime.engine.redis.driver.RedisVersions;
import dev.realtime.engine.redis.driver.ServerFacts;
import dev.realtime.engine.redis.generation.ReplicationWatch;
import dev.realtime.engine.redis.key.Partitions;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.pubsub.ClusterDialer;
import dev.realtime.engine.redis.pubsub.PubSubDialer;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** Driver of a Redis Cluster, whose slots have owners that change. */
final class ClusterDriver implements TopologyDriver {

    private final RedisEngineOptions options;

    private final ScheduledExecutorService executor;

    private final ClusterCommands commands;

    private final PubSubDialer dialer;

    private final TopologyReader reader;

    /** @param login see {@link ClusterDialer} */
    ClusterDriver(
            RedisClusterClient client,
            RedisEngineOptions options,
            Partitions partitions,
            ReceivedData received,
            ReplicationWatch replication,
            @Nullable RedisURI login,
            ScheduledExecutorService executor) {
        this.options = options;
        this.executor = executor;
        commands = new ClusterCommands(client, options, partitions, received, replication, executor);
        dialer = new ClusterDialer(client, login, options.connectTimeout());
        reader = new TopologyReader(client, executor);
    }

    @Override
    public CommandConnections commands() {
        return commands;
    }

    @Override
    public PubSubDialer dialer() {
        return dialer;
    }

    @Override
    public CompletionStage<ClusterView> readView() {
        return reader.read(List.of());
    }

    /** Returns whether all primaries know sharded pub/sub. */
    @Override
    public CompletionStage<Boolean> prefersSharded(ClusterView view) {
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        for (ClusterView.Primary primary : view.primaries()) {
            answers.add(commands.connectionTo(primary)
                    .thenCompose(ClusterDriver::server)
                    .thenApply(info -> !ServerFacts.of(List.of(), info).isOlderThan(RedisVersions.SHARDED))
                    // A server that does not say is taken for a new one.
                    .exceptionallyCompose(error -> InitialTopology.refused(error, true))
                    .toCompletableFuture());
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(all -> answers.stream().allMatch(CompletableFuture::join));
    }

    private static CompletionStage<String> server(StatefulRedisConnection<byte[], byte[]> connection) {
        return connection.async().info("server");
    }

    @Override
    public TopologyWatch watch() {
        return new TopologyWatch(reader, executor, options.topologyRefreshInterval(), System.nanoTime());
    }

    @Override
    public void recheckPrimary() {
        // The owners of slots are read instead.
    }

    @Override
    public void tick(long now) {
        // The owners of slots are watched instead.
    }

    @Override
    public void release() {
        // It has no threads of its own.
    }
}
