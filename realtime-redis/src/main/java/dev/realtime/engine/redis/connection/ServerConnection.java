package dev.realtime.engine.redis.connection;

import dev.realtime.engine.redis.cluster.ClusterView;
import dev.realtime.engine.redis.driver.Backoff;
import dev.realtime.engine.redis.driver.Connector;
import dev.realtime.engine.redis.driver.DriverErrors;
import dev.realtime.engine.redis.driver.FailingCommands;
import dev.realtime.engine.redis.driver.Heartbeat;
import dev.realtime.engine.redis.driver.ReceivedData;
import dev.realtime.engine.redis.driver.ServerInfo;
import dev.realtime.engine.redis.driver.ServerRole;
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
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one command connection to the only server, or to the primary that Sentinel knows. It is closed and opened anew
 * when it is lost, when the server is silent, and when it leads to a replica: each time Sentinel, or the name service,
 * is asked again. What was under way is not sent again.
 *
 * <p>Belongs to the reconciler, but for {@link #commands()}.
 */
final class ServerConnection {

    private static final Logger logger = LoggerFactory.getLogger(ServerConnection.class);

    private static final Duration FIRST_DELAY = Duration.ofMillis(100);

    /** Publications are to arrive again within a second after Redis is back. */
    private static final Duration LONGEST_DELAY = Duration.ofMillis(500);

    private final RedisClient client;

    private final Connector connector;

    private final RedisEngineOptions options;

    private final RedisStatistics statistics;

    private final ReceivedData received;

    /** {@code null} for all but one connection to a server. */
    private final @Nullable ReplicationWatch replication;

    private final Executor executor;

    private final Backoff backoff = new Backoff(FIRST_DELAY, LONGEST_DELAY);

    private volatile RedisClusterAsyncCommands<byte[], byte[]> commands;

    private @Nullable StatefulRedisConnection<byte[], byte[]> connection;

    private Heartbeat heartbeat;

    /** Completes when the connection is closed. */
    private CompletableFuture<Void> whenClosed = new CompletableFuture<>();

    /** Whether the connection is replaced because the server is silent. */
    private boolean silent;

    /** Whether the last server was a replica and no primary was found since. */
    private boolean replica;

    private boolean dialing;

    private long nextDialAt;

    private long openedAt;

    private boolean wasConnected;

    private boolean wasPrimary;

    private @Nullable String runId;

    private volatile @Nullable String problem = "It was not connected to yet";

    private boolean closed;

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
        this.options = options;
        this.statistics = statistics;
        this.received = received;
        this.replication = replication;
        this.executor = executor;
        this.commands = FailingCommands.commands("There is no connection to Redis yet");
        this.nextDialAt = System.nanoTime();
        this.heartbeat = new Heartbeat(options.pingInterval(), options.pingTimeout(), nextDialAt);
    }

    RedisClusterAsyncCommands<byte[], byte[]> commands() {
        return commands;
    }

    /** Why there is no connection; {@code null} while there is one. */
    @Nullable
    String problem() {
        return problem;
    }

    /** Whether a connection is being opened. */
    boolean dialing() {
        return dialing;
    }

    /** @param mayDial whether a connection may be opened now if there is none */
    void tick(long now, boolean mayDial) {
        StatefulRedisConnection<byte[], byte[]> open = connection;
        if (open == null) {
            if (mayDial && !dialing && !closed && now - nextDialAt >= 0) {
                dialing = true;
                connector
                        .open(() -> client.connect(ByteArrayCodec.INSTANCE))
                        .whenCompleteAsync(this::dialled, executor);
            }
            return;
        }
        if (heartbeat.due(now)) {
            ping(open, heartbeat);
        }
        if (heartbeat.overdue(now, received.of(open))) {
            silent = true;
            replace(
                    open,
                    "it did not answer PING within " + options.pingTimeout().toMillis() + " ms");
        }
    }

    private void dialled(@Nullable StatefulRedisConnection<byte[], byte[]> opened, @Nullable Throwable failure) {
        dialing = false;
        if (opened == null) {
            nextDialAt = System.nanoTime() + backoff.next();
            problem = DriverErrors.text(failure);
            commands = FailingCommands.commands("There is no connection to Redis: " + problem);
        } else if (closed) {
            opened.closeAsync();
        } else {
            use(opened);
        }
    }

    private void use(StatefulRedisConnection<byte[], byte[]> opened) {
        connection = opened;
        whenClosed = new CompletableFuture<>();
        openedAt = System.nanoTime();
        wasPrimary = false;
        runId = null;
        heartbeat = new Heartbeat(options.pingInterval(), options.pingTimeout(), System.nanoTime());
        opened.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> disconnected) {
                try {
                    executor.execute(() -> replace(opened, "it was closed by the server or the network"));
                } catch (RejectedExecutionException stopped) {
                    logger.trace("A connection was lost after the end", stopped);
                }
            }
        });
        if (!opened.isOpen()) {
            replace(opened, "it was closed at once");
            return;
        }
        commands = opened.async();
        problem = null;
        if (wasConnected) {
            statistics.count(Event.RECONNECT);
        }
        wasConnected = true;
        if (!replica) {
            backoff.reset();
        }
        opened.async()
                .info("server")
                .thenAcceptAsync(
                        server -> runId = opened == connection ? ServerInfo.field(server, "run_id") : runId, executor);
        tick(System.nanoTime(), true);
    }

    private void ping(StatefulRedisConnection<byte[], byte[]> pinged, Heartbeat beat) {
        RedisAsyncCommands<byte[], byte[]> async = pinged.async();
        async.ping().whenComplete((pong, failure) -> beat.ended(failure));
        ServerRole.replication(new ServerRole.Commands() {
                    @Override
                    public CompletionStage<String> info(String section) {
                        return async.info(section);
                    }

                    @Override
                    public <T> CompletionStage<T> dispatch(
                            CommandType command, CommandOutput<byte[], byte[], T> output) {
                        return async.dispatch(command, output);
                    }
                })
                .thenAcceptAsync(info -> checkRole(pinged, info), executor);
    }

    private void checkRole(StatefulRedisConnection<byte[], byte[]> checked, String info) {
        if (checked != connection) {
            return;
        }
        if (replication != null) {
            replication.answered(ClusterView.SOLE.key(), runId, info);
        }
        boolean tolerated = options.topology() == RedisTopology.STANDALONE && !wasPrimary;
        if (!ServerInfo.isReplica(info)) {
            wasPrimary = true;
            replica = false;
            backoff.reset();
        } else if (!tolerated) {
            leaveReplica(checked);
        }
    }

    /**
     * Notes that the server refused a write as it is a replica. One that was just connected to is given a moment to be
     * promoted.
     */
    void refusedAsReplica() {
        if (connection != null && System.nanoTime() - openedAt >= LONGEST_DELAY.toNanos()) {
            leaveReplica(connection);
        }
    }

    /**
     * Commands are held back for a moment rather than fail: another server is about to take them, or this one again.
     */
    private void leaveReplica(StatefulRedisConnection<byte[], byte[]> left) {
        replica = true;
        replace(left, "the server is a replica now");
        if (!closed) {
            commands = FailingCommands.commands(
                    () -> new StillConnectingException("The server is a replica now, and the primary is looked up"));
        }
    }

    void keepOnly(String processRunId) {
        if (connection != null && runId != null && !runId.equals(processRunId)) {
            replace(connection, "another server is the primary now");
        }
    }

    private void replace(StatefulRedisConnection<byte[], byte[]> gone, String why) {
        if (gone != connection) {
            return;
        }
        connection = null;
        problem = "The connection was lost: " + why;
        commands = FailingCommands.commands("There is no connection to Redis: " + why);
        // Nodes that find a server silent or demoted together do not connect in the same moment, and not again and
        // again
        // while it is.
        nextDialAt = System.nanoTime() + (silent || replica ? backoff.next() : 0);
        silent = false;
        if (!closed) {
            logger.debug("A command connection to Redis was lost: {}. A new one is opened", why);
        }
        gone.closeAsync().whenComplete((nothing, failure) -> whenClosed.complete(null));
    }

    /** Ends it for good; completes when the connection is closed. */
    CompletableFuture<Void> close() {
        closed = true;
        if (connection == null) {
            return CompletableFuture.completedFuture(null);
        }
        replace(connection, "the engine was stopped");
        return whenClosed;
    }
}
