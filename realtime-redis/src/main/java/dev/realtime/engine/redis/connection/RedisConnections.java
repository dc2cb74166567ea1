package dev.realtime.engine.redis.connection;

import dev.realtime.api.client.EngineException;
import dev.realtime.engine.redis.cluster.ClusterRoutes;
import dev.realtime.engine.redis.cluster.ClusterView;
import dev.realtime.engine.redis.driver.ConnectionPipeline;
import dev.realtime.engine.redis.driver.DriverErrors;
import dev.realtime.engine.redis.driver.FailingCommands;
import dev.realtime.engine.redis.driver.ReceivedData;
import dev.realtime.engine.redis.driver.Redirect;
import dev.realtime.engine.redis.driver.RedisErrorKind;
import dev.realtime.engine.redis.driver.StillConnectingException;
import dev.realtime.engine.redis.generation.ReplicationInfo;
import dev.realtime.engine.redis.generation.ReplicationWatch;
import dev.realtime.engine.redis.key.Partitions;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.monitor.OutageLog;
import dev.realtime.engine.redis.monitor.RedisStatistics;
import dev.realtime.engine.redis.monitor.RedisStatus;
import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.options.RedisTopology;
import dev.realtime.engine.redis.pubsub.PublishPath;
import dev.realtime.engine.redis.pubsub.PublishPaths;
import dev.realtime.engine.redis.pubsub.RedisSubscriptions;
import dev.realtime.engine.redis.pubsub.SubscriptionManager;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SetArgs;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.event.ClusterTopologyChangedEvent;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.protocol.RedisCommand;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * All connections of an engine to Redis, opened from the one client it was given: for commands, which it passes on, and
 * for pub/sub, which {@link #subscriptions()} manages. One thread, the reconciler, opens, proves and replaces them.
 */
public final class RedisConnections implements PartitionCommands {

    private static final Logger logger = LoggerFactory.getLogger(RedisConnections.class);

    private static final Duration TICK = Duration.ofMillis(100);

    private static final Duration LONGEST_STOP = Duration.ofMillis(1500);

    private static final Duration PROBE_LIFE = Duration.ofMinutes(1);

    private static final byte[] PROBE = {'1'};

    private final AbstractRedisClient client;

    private final RedisEngineOptions options;

    private final Partitions partitions;

    private final RedisSubscriptions subscriptions;

    private final TopologyDriver driver;

    private final CommandConnections commands;

    private final ReplicationWatch replication = new ReplicationWatch();

    private final ReplicaCounts replicas = new ReplicaCounts();

    private final WriteProbes writes;

    private final ConnectionState state;

    private final OutageLog outages = new OutageLog();

    private final InitialTopology initialTopology;

    private final ScheduledThreadPoolExecutor executor;

    private final AtomicBoolean startCalled = new AtomicBoolean();

    private final AtomicBoolean stopCalled = new AtomicBoolean();

    private final CompletableFuture<Void> started = new CompletableFuture<>();

    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    private final Disposable.Swap topologyEvents = Disposables.swap();

    /** Decided at the first contact; until then what is likely, and no command is sent. */
    private volatile boolean sharded;

    private final CompletableFuture<Void> decided = new CompletableFuture<>();

    private final RedisClusterAsyncCommands<byte[], byte[]> undecided =
            FailingCommands.commands(() -> new StillConnectingException(
                    "The connection to Redis is open, and the pub/sub mode of the other nodes is still being read"));

    /** Whether a write was refused by a replica since the last tick. */
    private volatile boolean readOnly;

    // What follows belongs to the reconciler.

    private boolean deciding;

    private boolean begun;

    private long startedAt;

    /**
     * @param client a {@link RedisClusterClient} if the topology is a cluster, else a {@link RedisClient} that was made
     *     for the server or its Sentinels
     * @param login an address that a cluster client was made with: connections to single nodes log in and use TLS as it
     *     says; {@code null} if none is known, and not used elsewhere
     * @throws EngineException if the client cannot be used
     */
    public RedisConnections(
            AbstractRedisClient client,
            RedisEngineOptions options,
            Partitions partitions,
            RedisStatistics statistics,
            @Nullable RedisURI login) {
        if (client.getOptions().getConfiguredProtocolVersion() == ProtocolVersion.RESP2) {
            throw new EngineException(
                    "The Redis client is set to protocol version RESP2, in which subscriptions cannot be"
                            + " distinguished from replies. Remove the protocol version from its ClientOptions");
        }
        this.client = client;
        this.options = options;
        this.partitions = partitions;
        replication.add(replicas);
        // A client that was not made with our resources has its pings alone.
        ReceivedData received = client.getResources().nettyCustomizer() instanceof ConnectionPipeline pipeline
                ? pipeline.received()
                : new ReceivedData();
        this.executor = executor();
        this.sharded = options.pubSub() == PubSubMode.SHARDED
                || options.pubSub() == PubSubMode.AUTO && options.topology() == RedisTopology.CLUSTER;
        driver = switch (options.topology()) {
            case CLUSTER ->
                new ClusterDriver(
                        (RedisClusterClient) client, options, partitions, received, replication, login, executor);
            case STANDALONE, SENTINEL ->
                new ServerDriver(
                        (RedisClient) client, options, statistics, received, replication, this::keepOnly, executor);
        };
        commands = driver.commands();
        String node = UUID.randomUUID().toString();
        subscriptions =
                new RedisSubscriptions(new Publishing(), received, options, partitions, statistics, executor, node);
        writes = new WriteProbes(this::write, partitions, options.prefix(), options.probeInterval(), executor);
        state = new ConnectionState(options, partitions, commands, subscriptions, writes);
        byte[] layout = new RedisKeys(options.prefix(), login == null ? 0 : login.getDatabase(), partitions).layout();
        initialTopology = new InitialTopology(options.pubSub(), driver, executor, layout, partitions.control());
    }

    private CompletionStage<?> write(int partition, byte[] key) {
        return direct(partition).set(key, PROBE, SetArgs.Builder.ex(PROBE_LIFE));
    }

    private static ScheduledThreadPoolExecutor executor() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "realtime-redis");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return executor;
    }

    /** Keeps this node subscribed. */
    public SubscriptionManager subscriptions() {
        return subscriptions;
    }

    @Override
    public RedisClusterAsyncCommands<byte[], byte[]> commands(int partition) {
        return isUndecided() ? undecided : commands.commands(partition);
    }

    @Override
    public CompletionStage<Long> publish(int partition, byte[] name, byte[] message) {
        return sharded || isUndecided()
                ? commands(partition).spublish(name, message)
                : commands.publish(partition, name, message);
    }

    @Override
    public RedisClusterAsyncCommands<byte[], byte[]> direct(int partition) {
        return isUndecided() ? undecided : commands.direct(partition);
    }

    /** Returns whether a command would publish in a mode that is only likely, where there is a connection already. */
    private boolean isUndecided() {
        return !decided.isDone() && commands.problem() == null;
    }

    /** Completes when the pub/sub mode is known, which this node notes for others and publishes with. */
    public Mono<Void> decided() {
        return Mono.fromFuture(decided, true);
    }

    @Override
    public <T> CompletionStage<T> ask(int partition, Redirect redirect, RedisCommand<byte[], byte[], T> command) {
        return commands.ask(partition, redirect, command);
    }

    @Override
    public void moved(int partition, Redirect redirect) {
        commands.moved(partition, redirect);
    }

    @Override
    public void refused(int partition, RedisErrorKind failure) {
        switch (failure) {
            case READONLY -> {
                writes.hurry();
                readOnly = true;
            }
            case CLUSTERDOWN -> recheckPrimary();
            case OOM, NOREPLICAS, MISCONF, LOADING, BUSY, NOPERM -> writes.hurry();
            case TIMEOUT, DISCONNECTED, CONNECTING, TRYAGAIN, WRONGTYPE, NOSCRIPT, OTHER -> {
                // Connections are watched by their pings.
            }
        }
    }

    @Override
    public void onOwnerChange(ClusterRoutes.OwnerChange change) {
        commands.onOwnerChange(change);
    }

    @Override
    public boolean sharded() {
        return sharded;
    }

    @Override
    public int replicas(int partition) {
        ClusterView view = subscriptions.view();
        ClusterView.Primary owner = view == null ? null : view.owner(partitions.slot(partition));
        return owner == null ? 0 : replicas.of(owner.key());
    }

    @Override
    public void watchReplication(ReplicationInfo.Listener listener) {
        replication.add(listener);
    }

    @Override
    public String owner(int partition) {
        return commands.owner(partitions.slot(partition));
    }

    @Override
    public CompletionStage<RedisClusterAsyncCommands<byte[], byte[]>> waitConnection(int partition) {
        return commands.waitConnection(partitions.slot(partition));
    }

    @Override
    public void recheckPrimary() {
        subscriptions.refreshTopology();
        driver.recheckPrimary();
    }

    /**
     * Opens the connections. Completes when a probe has passed every pub/sub connection, immediately if the engine may
     * start without Redis; fails with an {@link EngineException} that says why when that takes longer than the start
     * timeout, and then everything is stopped.
     */
    public Mono<Void> start() {
        return Mono.defer(() -> {
            if (startCalled.compareAndSet(false, true)) {
                client.addListener(state.addresses());
                topologyEvents.update(client.getResources()
                        .eventBus()
                        .get()
                        .filter(ClusterTopologyChangedEvent.class::isInstance)
                        .subscribe(event -> subscriptions.refreshTopology()));
                executor.execute(() -> startedAt = System.nanoTime());
                executor.scheduleWithFixedDelay(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
            }
            if (options.waitForRedis()) {
                return Mono.empty();
            }
            return Mono.fromFuture(started, true).onErrorResume(failure -> stop().then(Mono.error(failure)));
        });
    }

    private void tick() {
        try {
            long now = System.nanoTime();
            commands.tick(now);
            if (!begun && !deciding && commands.problem() == null) {
                deciding = true;
                initialTopology.first().whenCompleteAsync(this::decided, executor);
            }
            if (readOnly) {
                readOnly = false;
                commands.refusedAsReplica();
                recheckPrimary();
            }
            subscriptions.tick();
            ClusterView view = subscriptions.view();
            if (view != null) {
                writes.tick(view, now);
            }
            driver.tick(now);
            checkStart(now);
            outages.tick(state.problem(), now);
        } catch (Throwable failure) {
            // Anything that is thrown here would end the periodic task.
            logger.error("Redis connection maintenance failed; retrying", failure);
        }
    }

    private void checkStart(long now) {
        if (started.isDone()) {
            return;
        }
        String problem = state.messageProblem();
        if (problem == null) {
            started.complete(null);
        } else if (now - startedAt >= options.startTimeout().toNanos() && !options.waitForRedis()) {
            started.completeExceptionally(new EngineException("Redis could not be used within "
                    + options.startTimeout().toSeconds() + " s: " + problem
                    + ". Check the address and that Redis runs, or let the engine start without it"));
        }
    }

    private void decided(InitialTopology.@Nullable Result result, @Nullable Throwable failure) {
        deciding = false;
        if (result == null) {
            logger.debug("The topology of the cluster is not known yet: {}", DriverErrors.text(failure));
        } else if (!stopCalled.get()) {
            begun = true;
            sharded = result.sharded();
            logger.info(
                    "Connected to Redis ({}), {} pub/sub, {} partitions",
                    options.topology(),
                    sharded ? "sharded" : "plain",
                    options.partitions());
            decided.complete(null);
            subscriptions.begin(driver.dialer(), driver.watch(), sharded, result.view());
        }
    }

    private void keepOnly(String processRunId) {
        commands.keepOnly(processRunId);
        subscriptions.keepOnly(processRunId);
    }

    /**
     * Closes all connections. Completes within 2 seconds, when nothing of it runs any more; twice is the same as once.
     */
    public Mono<Void> stop() {
        return Mono.defer(() -> {
            if (stopCalled.compareAndSet(false, true)) {
                executor.execute(this::stopAll);
            }
            return Mono.fromFuture(stopped, true);
        });
    }

    private void stopAll() {
        topologyEvents.dispose();
        client.removeListener(state.addresses());
        CompletableFuture<Void> unsubscribed = subscriptions.stop();
        started.completeExceptionally(new EngineException("The engine was stopped before Redis could be used"));
        CompletableFuture.allOf(
                        commands.close().toCompletableFuture(),
                        unsubscribed.thenCompose(closed -> driver.dialer().close()))
                .orTimeout(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((closed, late) -> {
                    driver.release();
                    executor.shutdown();
                    stopped.complete(null);
                });
    }

    /**
     * Returns the current state of the connection to Redis.
     *
     * @param layoutVersion of the names in Redis
     * @param generationWatched whether a rollback of Redis is noticed immediately
     */
    public RedisStatus status(int layoutVersion, boolean generationWatched) {
        return state.status(sharded, layoutVersion, generationWatched);
    }

    /** Returns why commands fail; {@code null} if they do not. */
    @Nullable
    String commandProblem() {
        return state.commandProblem();
    }

    /** Paths by which probes are published, and what command connections learn from subscriptions. */
    private final class Publishing implements PublishPaths {

        @Override
        public CompletionStage<Long> publish(int partition, byte[] name, byte[] message) {
            return RedisConnections.this.publish(partition, name, message);
        }

        @Override
        public PublishPath through(String server) {
            return (partition, name, message) -> commands.publishThrough(server, name, message);
        }

        @Override
        public void topologyRead(ClusterView view, boolean changed) {
            commands.topologyRead(view, changed);
        }

        @Override
        public void avoidPresentPath() {
            commands.avoidPresentPath();
        }
    }

    /** Numbers of the replicas of each server, by its key. */
    private static final class ReplicaCounts implements ReplicationInfo.Listener {

        private final Map<String, Integer> counts = new ConcurrentHashMap<>();

        int of(String server) {
            return counts.getOrDefault(server, 0);
        }

        @Override
        public void onReplication(ReplicationInfo info) {
            counts.put(info.server(), info.replicas());
        }

        @Override
        public void onServerLeft(String server) {
            counts.remove(server);
        }
    }
}
