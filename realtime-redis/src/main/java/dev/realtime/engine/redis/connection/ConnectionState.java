package dev.realtime.engine.redis.connection;

import dev.realtime.engine.redis.cluster.ClusterView;
import dev.realtime.engine.redis.key.Partitions;
import dev.realtime.engine.redis.monitor.RedisStatus;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.pubsub.PartitionSubscriptions;
import dev.realtime.engine.redis.pubsub.RedisSubscriptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** State of the connections of an engine, as operators see it. May be read by any thread. */
final class ConnectionState {

    private final RedisEngineOptions options;

    private final Partitions partitions;

    private final CommandConnections commands;

    private final RedisSubscriptions subscriptions;

    private final WriteProbes writes;

    private final RedisConnectionStateListener addresses = new RedisConnectionStateListener() {
        @Override
        public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress remote) {
            if (remote instanceof InetSocketAddress internet) {
                address = internet.getHostString() + ':' + internet.getPort();
            }
        }
    };

    /** Where the last connection led to. */
    private volatile String address = "unknown";

    ConnectionState(
            RedisEngineOptions options,
            Partitions partitions,
            CommandConnections commands,
            RedisSubscriptions subscriptions,
            WriteProbes writes) {
        this.options = options;
        this.partitions = partitions;
        this.commands = commands;
        this.subscriptions = subscriptions;
        this.writes = writes;
    }

    /** Returns the listener that notes the addresses of connections. */
    RedisConnectionStateListener addresses() {
        return addresses;
    }

    /** Returns why the engine does not work; {@code null} if it does. */
    @Nullable
    String problem() {
        String problem = messageProblem();
        return problem != null ? problem : writes.problem();
    }

    /** Returns why commands fail or messages do not arrive; {@code null} if neither. */
    @Nullable
    String messageProblem() {
        String problem = commandProblem();
        return problem != null ? problem : subscriptions.problem();
    }

    /** Returns why commands fail; {@code null} if they do not. */
    @Nullable
    String commandProblem() {
        String problem = commands.problem();
        return problem == null ? null : "There is no command connection: " + problem;
    }

    /**
     * Returns all of it.
     *
     * @param sharded whether sharded pub/sub is used
     * @param layoutVersion of the names in Redis
     * @param generationWatched whether a rollback of Redis is noticed immediately
     */
    RedisStatus status(boolean sharded, int layoutVersion, boolean generationWatched) {
        String problem = problem();
        ClusterView view = subscriptions.view();
        PartitionSubscriptions.Counts counts = subscriptions.counts();
        return new RedisStatus(
                problem == null,
                problem,
                options.topology(),
                sharded,
                options.prefix(),
                layoutVersion,
                partitions.count(),
                view == null
                        ? List.of()
                        : view.primaries().stream().map(this::described).toList(),
                view == null ? 0 : view.slotsCovered(),
                counts.wanted(),
                counts.confirmed(),
                subscriptions.sinceLastProbe(),
                generationWatched);
    }

    private RedisStatus.Primary described(ClusterView.Primary primary) {
        return new RedisStatus.Primary(primary == ClusterView.SOLE ? address : primary.address(), primary.slots());
    }
}
