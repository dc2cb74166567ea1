package dev.realtime.engine.redis.connection;

import dev.realtime.engine.redis.cluster.ClusterView;
import dev.realtime.engine.redis.cluster.TopologyWatch;
import dev.realtime.engine.redis.driver.Connector;
import dev.realtime.engine.redis.driver.ReceivedData;
import dev.realtime.engine.redis.generation.ReplicationWatch;
import dev.realtime.engine.redis.monitor.RedisStatistics;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.pubsub.PubSubDialer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.codec.ByteArrayCodec;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Driver where there is one primary at a time: the only server, or the one that Sentinel knows. */
final class ServerDriver implements TopologyDriver {

    private final Connector connector;

    private final ServerCommands commands;

    private final PubSubDialer dialer;

    private final PrimaryCheck primaryCheck;

    /** @param primaryFound called with the {@code run_id} of the primary, on the reconciler */
    ServerDriver(
            RedisClient client,
            RedisEngineOptions options,
            RedisStatistics statistics,
            ReceivedData received,
            ReplicationWatch replication,
            Consumer<String> primaryFound,
            Executor executor) {
        // For each connection, one more that is being opened when the deadline for the first has passed, and the
        // check.
        connector = new Connector(2 * options.poolSize() + 5);
        commands = new ServerCommands(client, connector, options, statistics, received, replication, executor);
        dialer = server -> connector.open(() -> client.connectPubSub(ByteArrayCodec.INSTANCE));
        primaryCheck = new PrimaryCheck(client, connector, options.topologyRefreshInterval(), primaryFound, executor);
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
        return CompletableFuture.completedFuture(ClusterView.sole());
    }

    @Override
    public CompletionStage<Boolean> prefersSharded(ClusterView view) {
        return CompletableFuture.completedFuture(false);
    }

    @Override
    public @Nullable TopologyWatch watch() {
        return null;
    }

    @Override
    public void recheckPrimary() {
        primaryCheck.hurry();
    }

    @Override
    public void tick(long now) {
        primaryCheck.tick(now);
    }

    @Override
    public void release() {
        connector.close();
    }
}
