package dev.realtime.engine.redis.connection;

import dev.realtime.engine.redis.cluster.ClusterRoutes;
import dev.realtime.engine.redis.cluster.ClusterView;
import dev.realtime.engine.redis.cluster.DriverTopology;
import dev.realtime.engine.redis.driver.Backoff;
import dev.realtime.engine.redis.driver.DriverErrors;
import dev.realtime.engine.redis.driver.FailingCommands;
import dev.realtime.engine.redis.driver.ReceivedData;
import dev.realtime.engine.redis.driver.Redirect;
import dev.realtime.engine.redis.generation.ReplicationWatch;
import dev.realtime.engine.redis.key.Partitions;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.StatefulRedisClusterConnectionImpl;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Command connections to a cluster. The driver routes each command by the slot of its first key and follows redirects;
 * each of its connections has one to every node behind it. Its view of the topology is updated as soon as this side
 * sees that it is stale.
 *
 * <p>Belongs to the reconciler, but for {@link #commands} and {@link #publish}.
 */
final class ClusterCommands implements CommandConnections {

    private static final int MOST_OPENING = 4;

    private static final Duration FIRST_DELAY = Duration.ofMillis(100);

    /** Publications are to arrive again within a second after Redis is back. */
    private static final Duration LONGEST_DELAY = Duration.ofMillis(500);

    private final RedisClusterClient client;

    private final RedisEngineOptions options;

    private final ClusterRoutes routes;

    private final ReceivedData received;

    private final ReplicationWatch replication;

    private final Executor executor;

    private final Backoff backoff = new Backoff(FIRST_DELAY, LONGEST_DELAY);

    private final List<StatefulRedisClusterConnection<byte[], byte[]>> connections = new ArrayList<>();

    /** Per connection, its connections to the primaries. */
    private List<List<ClusterNodeHeartbeat>> beats = List.of();

    /** Per connection, what leads to a primary at this moment; for commands that any node may run. */
    private volatile List<List<StatefulRedisConnection<byte[], byte[]>>> ways = List.of();

    /** Where to begin in {@link #ways}: nodes of this server publish through different primaries. */
    private volatile int preferred = ThreadLocalRandom.current().nextInt(Short.MAX_VALUE);

    private volatile List<RedisClusterAsyncCommands<byte[], byte[]>> commands =
            List.of(FailingCommands.commands("There is no connection to the Redis Cluster yet"));

    private volatile @Nullable String problem = "It has not been connected yet";

    /** Opened by the first wait for replicas. Guarded by this. */
    private @Nullable CompletableFuture<StatefulRedisClusterConnection<byte[], byte[]>> waiting;

    /** Of the connection for waiting. */
    private List<ClusterNodeHeartbeat> waitingBeats = List.of();

    private boolean opening;

    /** Whether the driver refreshes the topology because this side saw another one. */
    private boolean refreshing;

    private long nextAttemptAt = System.nanoTime();

    private volatile boolean closed;

    ClusterCommands(
            RedisClusterClient client,
            RedisEngineOptions options,
            Partitions partitions,
            ReceivedData received,
            ReplicationWatch replication,
            Executor executor) {
        this.client = client;
        this.options = options;
        this.routes = new ClusterRoutes(partitions);
        this.received = received;
        this.replication = replication;
        this.executor = executor;
    }

    @Override
    public RedisClusterAsyncCommands<byte[], byte[]> commands(int partition) {
        List<RedisClusterAsyncCommands<byte[], byte[]>> present = commands;
        return present.get(partition % present.size());
    }

    @Override
    public RedisClusterAsyncCommands<byte[], byte[]> direct(int partition) {
        StatefulRedisConnection<byte[], byte[]> connection = routes.to(partition);
        return connection == null ? commands(partition) : connection.async();
    }

    @Override
    public <T> CompletionStage<T> ask(int partition, Redirect redirect, RedisCommand<byte[], byte[], T> command) {
        AsyncCommand<byte[], byte[], T> sent = new AsyncCommand<>(command);
        // Another thread may come in between. Then the server refuses the command, and it is sent again.
        routes.to(partition, redirect)
                .dispatch(List.of(
                        new AsyncCommand<>(
                                new Command<>(CommandType.ASKING, new StatusOutput<>(ByteArrayCodec.INSTANCE))),
                        sent));
        return sent;
    }

    @Override
    public void moved(int partition, Redirect redirect) {
        routes.moved(partition, redirect);
    }

    @Override
    public void onOwnerChange(ClusterRoutes.OwnerChange change) {
        routes.onOwnerChange(change);
    }

    @Override
    public String owner(int slot) {
        RedisClusterNode owner = client.getPartitions().getPartitionBySlot(slot);
        return owner == null
                ? ""
                : owner.getUri().getHost() + ':' + owner.getUri().getPort();
    }

    @Override
    public CompletionStage<RedisClusterAsyncCommands<byte[], byte[]>> waitConnection(int slot) {
        RedisClusterNode owner = client.getPartitions().getPartitionBySlot(slot);
        if (owner == null) {
            return CompletableFuture.failedFuture(
                    new RedisConnectionException("The Redis Cluster has no owner for hash slot " + slot));
        }
        return waitingConnection()
                .thenCompose(connection -> connection.getConnectionAsync(
                        owner.getUri().getHost(), owner.getUri().getPort()))
                .thenApply(StatefulRedisConnection::async);
    }

    private synchronized CompletableFuture<StatefulRedisClusterConnection<byte[], byte[]>> waitingConnection() {
        if (waiting == null || waiting.isCompletedExceptionally()) {
            waiting = closed
                    ? CompletableFuture.failedFuture(new RedisConnectionException("The engine was stopped"))
                    : client.connectAsync(ByteArrayCodec.INSTANCE);
        }
        return waiting;
    }

    @Override
    public CompletionStage<Long> publish(int partition, byte[] name, byte[] message) {
        List<List<StatefulRedisConnection<byte[], byte[]>>> present = ways;
        if (!present.isEmpty()) {
            List<StatefulRedisConnection<byte[], byte[]>> choice = present.get(partition % present.size());
            for (int step = 0; step < choice.size(); step++) {
                StatefulRedisConnection<byte[], byte[]> way = choice.get((preferred + step) % choice.size());
                if (way.isOpen()) {
                    return way.async().publish(name, message);
                }
            }
        }
        return CompletableFuture.failedFuture(
                new RedisConnectionException("There is no connection to any primary of the Redis Cluster"));
    }

    @Override
    public CompletionStage<Long> publishThrough(String server, byte[] name, byte[] message) {
        return beats.stream()
                .flatMap(List::stream)
                .filter(beat -> beat.server().key().equals(server))
                .map(ClusterNodeHeartbeat::connection)
                .filter(Objects::nonNull)
                .findFirst()
                .<CompletionStage<Long>>map(connection -> connection.async().publish(name, message))
                .orElseGet(() -> CompletableFuture.failedFuture(
                        new RedisConnectionException("There is no connection to the primary " + server)));
    }

    @Override
    public void tick(long now) {
        if (connections.isEmpty()) {
            if (!opening && !closed && now - nextAttemptAt >= 0) {
                open();
            }
            return;
        }
        beats.forEach(each -> each.forEach(beat -> beat.tick(now)));
        beatWaiting(now);
        ways = beats.stream().map(ClusterCommands::open).toList();
    }

    /** A ping comes behind a wait, which is shorter than it may take. */
    private void beatWaiting(long now) {
        StatefulRedisClusterConnection<byte[], byte[]> connection = openWaiting();
        if (connection != null && waitingBeats.isEmpty() && !beats.isEmpty()) {
            waitingBeats = beats.get(0).stream()
                    .map(beat -> new ClusterNodeHeartbeat(connection, beat.server(), options, received, null, executor))
                    .toList();
        }
        waitingBeats.forEach(beat -> beat.tick(now));
    }

    private synchronized @Nullable StatefulRedisClusterConnection<byte[], byte[]> openWaiting() {
        return waiting == null || !waiting.isDone() || waiting.isCompletedExceptionally() ? null : waiting.join();
    }

    private static List<StatefulRedisConnection<byte[], byte[]>> open(List<ClusterNodeHeartbeat> beats) {
        List<StatefulRedisConnection<byte[], byte[]>> open = new ArrayList<>(beats.size());
        for (ClusterNodeHeartbeat beat : beats) {
            StatefulRedisConnection<byte[], byte[]> connection = beat.connection();
            if (connection != null) {
                open.add(connection);
            }
        }
        return open;
    }

    private void open() {
        opening = true;
        client.refreshPartitionsAsync().thenCompose(known -> openAll()).whenCompleteAsync(this::opened, executor);
    }

    /** A few at a time: all of a large pool together would not have shaken hands in time. */
    private CompletionStage<List<StatefulRedisClusterConnection<byte[], byte[]>>> openAll() {
        AtomicBoolean failed = new AtomicBoolean();
        Queue<StatefulRedisClusterConnection<byte[], byte[]>> all = new ConcurrentLinkedQueue<>();
        return Flux.range(0, options.poolSize())
                .flatMap(index -> Mono.fromFuture(() -> openOne(all, failed), true), MOST_OPENING)
                .then(Mono.fromSupplier(() -> List.copyOf(all)))
                .doOnError(failure -> {
                    failed.set(true);
                    all.forEach(StatefulRedisClusterConnection::closeAsync);
                })
                .toFuture();
    }

    private CompletableFuture<Void> openOne(
            Queue<StatefulRedisClusterConnection<byte[], byte[]>> all, AtomicBoolean failed) {
        return client.connectAsync(ByteArrayCodec.INSTANCE).thenAccept(connection -> {
            all.add(connection);
            if (failed.get()) {
                connection.closeAsync();
            }
        });
    }

    private void opened(
            @Nullable List<StatefulRedisClusterConnection<byte[], byte[]>> opened, @Nullable Throwable failure) {
        opening = false;
        if (opened == null) {
            problem = DriverErrors.text(failure);
            commands = List.of(FailingCommands.commands("There is no connection to the Redis Cluster: " + problem));
            nextAttemptAt = System.nanoTime() + backoff.next();
        } else if (closed) {
            opened.forEach(StatefulRedisClusterConnection::closeAsync);
        } else {
            connections.addAll(opened);
            routes.open(opened);
            commands = List.copyOf(
                    opened.stream().map(StatefulRedisClusterConnection::async).toList());
            problem = null;
        }
    }

    @Override
    public void topologyRead(ClusterView view, boolean changed) {
        routes.use(view);
        if (changed) {
            List<List<ClusterNodeHeartbeat>> before = beats;
            beats = connections.stream()
                    .map(connection -> view.primaries().stream()
                            .map(primary -> new ClusterNodeHeartbeat(
                                    connection,
                                    primary,
                                    options,
                                    received,
                                    connection == connections.get(0) ? replication : null,
                                    executor))
                            .toList())
                    .toList();
            waitingBeats = List.of();
            before.stream()
                    .limit(1)
                    .flatMap(List::stream)
                    .map(beat -> beat.server().key())
                    .filter(key -> view.primaries().stream()
                            .noneMatch(primary -> primary.key().equals(key)))
                    .forEach(replication::left);
            tick(System.nanoTime());
        }
        if (!view.sameOwners(ClusterView.merge(List.of(client.getPartitions())))) {
            updateDriver(view);
            if (!refreshing) {
                refreshing = true;
                client.refreshPartitionsAsync().whenCompleteAsync((nothing, failure) -> refreshing = false, executor);
            }
        }
    }

    private void updateDriver(ClusterView view) {
        if (!DriverTopology.update(client.getPartitions(), view)) {
            return;
        }
        for (StatefulRedisClusterConnection<byte[], byte[]> connection : connections) {
            // As the driver itself does after a look: its connections keep the way to each slot.
            if (connection instanceof StatefulRedisClusterConnectionImpl<byte[], byte[]> routed) {
                routed.setPartitions(client.getPartitions());
            }
        }
    }

    @Override
    public void avoidPresentPath() {
        preferred = (preferred + 1) & Short.MAX_VALUE;
    }

    @Override
    public void refusedAsReplica() {
        // Replicas of a cluster redirect.
    }

    @Override
    public void keepOnly(String processRunId) {
        // Every primary has an identity of its own.
    }

    @Override
    public @Nullable String problem() {
        return problem;
    }

    /** A connection to one primary, for questions to it. */
    CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connectionTo(ClusterView.Primary primary) {
        return connections
                .get(0)
                .getConnectionAsync(primary.uri().getHost(), primary.uri().getPort());
    }

    @Override
    public CompletionStage<Void> close() {
        closed = true;
        commands = List.of(FailingCommands.commands("The engine was stopped"));
        ways = List.of();
        beats = List.of();
        waitingBeats = List.of();
        routes.close();
        return CompletableFuture.allOf(
                closeWaiting(),
                CompletableFuture.allOf(connections.stream()
                        .map(StatefulRedisClusterConnection::closeAsync)
                        .toArray(CompletableFuture[]::new)));
    }

    private synchronized CompletableFuture<Void> closeWaiting() {
        return waiting == null
                ? CompletableFuture.completedFuture(null)
                : waiting.thenCompose(StatefulRedisClusterConnection::closeAsync)
                        .exceptionally(neverOpened -> null);
    }
}
