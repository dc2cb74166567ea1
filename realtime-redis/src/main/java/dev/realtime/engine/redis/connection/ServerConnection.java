package dev.realtime.engine.redis.connection;

import dev.realtime.engine.redis.cluster.ClusterView;
import dev.realtime.engine.redis.driver.Connector;
import dev.realtime.engine.redis.driver.DriverErrors;
import dev.realtime.engine.redis.driver.FailingCommands;
import dev.realtime.engine.redis.driver.KeptConnection;
import dev.realtime.engine.redis.driver.ReceivedData;
import dev.realtime.engine.redis.driver.StillConnectingException;
import dev.realtime.engine.redis.generation.ReplicationWatch;
import dev.realtime.engine.redis.monitor.RedisStatistics;
import dev.realtime.engine.redis.monitor.RedisStatistics.Event;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.options.RedisTopology;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandType;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One command connection to the only server, or to the primary that Sentinel knows. Each time that it is replaced,
 * Sentinel, or the name service, is asked again.
 *
 * <p>Belongs to the reconciler, but for {@link #commands()} and {@link #problem()}.
 */
final class ServerConnection {

    private static final Logger logger = LoggerFactory.getLogger(ServerConnection.class);

    private final RedisClient client;

    private final Connector connector;

    private final RedisStatistics statistics;

    private final ReceivedData received;

    /** {@code null} for all but one connection to a server. */
    private final @Nullable ReplicationWatch replication;

    private final Executor executor;

    private final KeptConnection<Commands> kept;

    private volatile RedisClusterAsyncCommands<byte[], byte[]> commands;

    private volatile @Nullable String problem = "It has not been connected yet";

    ServerConnection(
            RedisClient client,
            Connector connector,
            RedisEngineOptions options,
            RedisStatistics statistics,
            ReceivedData received,
            @Nullable ReplicationWatch replication,
            Executor executor) {
        this.client = client;
        this.connector = connector;
        this.statistics = statistics;
        this.received = received;
        this.replication = replication;
        this.executor = executor;
        this.commands = FailingCommands.commands("There is no connection to Redis yet");
        boolean standalone = options.topology() == RedisTopology.STANDALONE;
        this.kept = new KeptConnection<>(
                new Owner(),
                new KeptConnection.Rules(
                        options.pingInterval(),
                        options.pingTimeout(),
                        standalone ? KeptConnection.Role.PRIMARY_IF_EVER : KeptConnection.Role.PRIMARY,
                        KeptConnection.Proof.OPENING,
                        true),
                executor,
                System::nanoTime);
    }

    /** Returns the commands of the connection; they fail immediately while there is none. */
    RedisClusterAsyncCommands<byte[], byte[]> commands() {
        return commands;
    }

    /** Returns why there is no connection; {@code null} while there is one. */
    @Nullable
    String problem() {
        return problem;
    }

    /** Returns whether a connection is being opened. */
    boolean dialing() {
        return kept.dialing();
    }

    /** @param mayDial whether a connection may be opened now if there is none */
    void tick(long now, boolean mayDial) {
        kept.tick(now, mayDial);
    }

    /** Notes that the server refused a write as it is a replica. */
    void refusedAsReplica() {
        kept.refusedAsReplica();
    }

    void keepOnly(String processRunId) {
        kept.keepOnly(processRunId);
    }

    /** Ends it for good; completes when the connection is closed. */
    CompletableFuture<Void> close() {
        return kept.close("the engine was stopped");
    }

    private final class Owner implements KeptConnection.Owner<Commands> {

        @Override
        public CompletionStage<Commands> dial() {
            return connector.open(() -> client.connect(ByteArrayCodec.INSTANCE)).thenApply(Commands::new);
        }

        @Override
        public void opened(Commands connection, boolean again) {
            commands = connection.async;
            problem = null;
            if (again) {
                statistics.count(Event.RECONNECT);
            }
        }

        @Override
        public void failed(@Nullable Throwable failure) {
            problem = DriverErrors.text(failure);
            commands = FailingCommands.commands("There is no connection to Redis: " + problem);
        }

        /**
         * Holds commands back for a moment rather than fail them where the server is a replica: another one is about to
         * take them, or this one again.
         */
        @Override
        public void lost(String why, boolean replica) {
            problem = "The connection was lost: " + why;
            commands = replica
                    ? FailingCommands.commands(() -> new StillConnectingException(
                            "The server is now a replica; the primary is being determined"))
                    : FailingCommands.commands("There is no connection to Redis: " + why);
            if (!kept.isClosed()) {
                logger.debug("A command connection to Redis was lost: {}. A new one is opened", why);
            }
        }

        @Override
        public void replication(@Nullable String runId, String info) {
            if (replication != null) {
                replication.answered(ClusterView.SOLE.key(), runId, info);
            }
        }
    }

    /** One connection of the driver, which does not reconnect. */
    private final class Commands implements KeptConnection.Connection {

        private final StatefulRedisConnection<byte[], byte[]> connection;

        private final RedisAsyncCommands<byte[], byte[]> async;

        private final CompletableFuture<Void> closed = new CompletableFuture<>();

        Commands(StatefulRedisConnection<byte[], byte[]> connection) {
            this.connection = connection;
            this.async = connection.async();
        }

        @Override
        public void open() {
            connection.addListener(new RedisConnectionStateListener() {
                @Override
                public void onRedisDisconnected(RedisChannelHandler<?, ?> disconnected) {
                    try {
                        executor.execute(() -> kept.lost(Commands.this, "it was closed by the server or the network"));
                    } catch (RejectedExecutionException stopped) {
                        logger.trace("Ignored: a connection was lost after the engine stopped", stopped);
                    }
                }
            });
        }

        @Override
        public boolean isOpen() {
            return connection.isOpen();
        }

        @Override
        public CompletionStage<String> ping() {
            return async.ping();
        }

        @Override
        public CompletionStage<String> info(String section) {
            return async.info(section);
        }

        @Override
        public <T> CompletionStage<T> dispatch(CommandType command, CommandOutput<byte[], byte[], T> output) {
            return async.dispatch(command, output);
        }

        @Override
        public void flush() {
            // Each command is sent immediately.
        }

        @Override
        public long received() {
            return received.of(connection);
        }

        @Override
        public CompletableFuture<Void> close(String why) {
            connection.closeAsync().whenComplete((nothing, failure) -> closed.complete(null));
            return closed;
        }

        @Override
        public void discard() {
            connection.closeAsync();
        }
    }
}
