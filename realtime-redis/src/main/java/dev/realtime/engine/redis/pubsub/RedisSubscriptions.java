package dev.realtime.engine.redis.pubsub;

import dev.realtime.engine.redis.cluster.ClusterView;
import dev.realtime.engine.redis.cluster.TopologyWatch;
import dev.realtime.engine.redis.driver.DriverErrors;
import dev.realtime.engine.redis.driver.ReceivedData;
import dev.realtime.engine.redis.key.Partitions;
import dev.realtime.engine.redis.monitor.RedisStatistics;
import dev.realtime.engine.redis.monitor.RedisStatistics.Event;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The subscription manager of all topologies. What is wanted and confirmed is kept by {@link PartitionSubscriptions}; a
 * reconciler, which is one thread, brings the two together: it decides which connection owns each partition, keeps
 * those connections open, and sends what is missing.
 *
 * <p>With sharded pub/sub there is one connection to every primary, open before a slot moves there, and the owner of
 * the slot owns the partition. In plain mode one connection owns all partitions: to any node of a cluster, or to the
 * only server.
 *
 * <p>The reconciler runs when something is subscribed, when a connection opens or is lost, when a server
 * withdraws or refuses a subscription, when the driver reports another topology, when a ping or a probe gets no
 * reply, and with every tick. Everything requested before it runs is done together and sent in one flush.
 */
public final class RedisSubscriptions implements SubscriptionManager, PubSubConnection.Events {

    private static final Logger logger = LoggerFactory.getLogger(RedisSubscriptions.class);

    private final PublishPaths paths;

    private final ReceivedData received;

    private final RedisEngineOptions options;

    private final Partitions names;

    private final RedisStatistics statistics;

    private final Executor executor;

    private final PartitionSubscriptions[] partitions;

    private final PartitionAssignment assignment;

    private final PubSubHealth health;

    private final SubscribeCalls calls;

    private final AtomicBoolean woken = new AtomicBoolean();

    /** Whether the reconciler reads the topology when it runs next. */
    private final AtomicBoolean refreshWanted = new AtomicBoolean();

    /** Owners as last read. Written by the reconciler. */
    private volatile @Nullable ClusterView view;

    /** {@code null} where there is no cluster. Written by the reconciler, once. */
    private volatile @Nullable TopologyWatch topology;

    // What follows belongs to the reconciler.

    /** Last permanent refusal of a subscription by a server; {@code null} if there was none. */
    private @Nullable String refusal;

    /** {@code null} until it is known how to subscribe. */
    private @Nullable PubSubPool targets;

    /** Written by the reconciler, once. */
    private volatile boolean stopped;

    /** @param node makes the names of probes this node's own */
    public RedisSubscriptions(
            PublishPaths paths,
            ReceivedData received,
            RedisEngineOptions options,
            Partitions partitions,
            RedisStatistics statistics,
            Executor executor,
            String node) {
        this.paths = paths;
        this.received = received;
        this.options = options;
        this.names = partitions;
        this.statistics = statistics;
        this.executor = executor;
        this.calls = new SubscribeCalls(subscribeTimeout());
        this.partitions = new PartitionSubscriptions[partitions.control() + 1];
        for (int partition = 0; partition < this.partitions.length; partition++) {
            this.partitions[partition] = new PartitionSubscriptions(partition, statistics);
        }
        this.assignment = new PartitionAssignment(this.partitions, partitions);
        this.health = new PubSubHealth(options, paths, assignment, partitions, node, this::wantTopology);
    }

    /**
     * Begins to open connections. Called by the reconciler, once, when it is known how to subscribe.
     *
     * @param watch {@code null} where there is no cluster
     */
    public void begin(PubSubDialer dialer, @Nullable TopologyWatch watch, boolean sharded, ClusterView first) {
        topology = watch;
        targets = new PubSubPool(
                sharded,
                primary -> new PrimaryPubSub(
                        primary, dialer, sharded, options, statistics, received, this, executor, this::wake));
        health.begin(watch != null && !sharded);
        use(first);
        reconcile();
    }

    @Override
    public Mono<Void> subscribe(int partition, byte[] name, SubscriptionListener listener) {
        return Mono.create(sink -> {
            PartitionSubscriptions subscribed = partitions[partition];
            SubscribeCalls.Call call = calls.begin(subscribed, name, sink);
            if (subscribed.subscribe(name, listener, true, call)) {
                sink.success();
                return;
            }
            calls.add(call);
            if (stopped) {
                call.giveUp("The engine has stopped");
            }
            wake();
        });
    }

    /** One command may be lost with its connection; the next one gets its time, too. */
    private Duration subscribeTimeout() {
        return options.commandTimeout().multipliedBy(2);
    }

    @Override
    public Mono<Void> unsubscribe(int partition, byte[] name) {
        return Mono.fromRunnable(() -> {
            partitions[partition]
                    .unsubscribe(name)
                    .forEach(waiter -> waiter.failed("The subscription was cancelled before Redis confirmed it"));
            wake();
        });
    }

    @Override
    public boolean isInterrupted(int partition, byte[] name) {
        return partitions[partition].isInterrupted(name);
    }

    /** Wakes the reconciler. */
    private void wake() {
        if (!woken.get() && woken.compareAndSet(false, true)) {
            onReconciler(this::reconcile);
        }
    }

    /** Makes the reconciler read the topology soon. */
    public void refreshTopology() {
        refreshWanted.set(true);
        wake();
    }

    private void onReconciler(Runnable work) {
        try {
            executor.execute(work);
        } catch (RejectedExecutionException stopped) {
            logger.trace("Ignored: the executor has been shut down", stopped);
        }
    }

    /** Called by the reconciler every moment. */
    public void tick() {
        long now = System.nanoTime();
        calls.expire(now, this::timeoutText);
        PubSubPool present = targets;
        if (present != null && !stopped) {
            reconcile();
            ClusterView known = Objects.requireNonNull(view);
            health.probe(present, known, now);
            wake();
            health.judge(present, known);
        }
    }

    private String timeoutText() {
        String why = refusal != null ? "It said: " + refusal : health.problem();
        return "Redis did not confirm a subscription within %d ms. %s. Try again later"
                .formatted(
                        subscribeTimeout().toMillis(),
                        why == null ? "It is slow, or slots of the cluster are being moved" : why);
    }

    private void reconcile() {
        woken.set(false);
        PubSubPool present = targets;
        ClusterView known = view;
        if (present == null || known == null || stopped) {
            return;
        }
        long now = System.nanoTime();
        if (refreshWanted.getAndSet(false)) {
            wantTopology();
        }
        if (topology != null) {
            topology.tick(now, present.open(), this::seen);
        }
        present.forEach((key, target) -> {
            target.tick(now);
            if (target.isSlow()) {
                wantTopology();
            }
        });
        if (!assignment.assign(present, known, now)) {
            wantTopology();
        }
        assignment.send(now);
        present.open().forEach(PubSubConnection::flush);
    }

    private void wantTopology() {
        if (topology != null) {
            topology.want();
        }
    }

    private void seen(ClusterView seen, long readNumber) {
        if (targets != null && !stopped) {
            use(seen);
            targets.open().forEach(connection -> connection.trust(readNumber));
            reconcile();
        }
    }

    private void use(ClusterView seen) {
        ClusterView before = view;
        view = seen;
        boolean changed = before != null && !before.sameOwners(seen);
        if (changed) {
            statistics.count(Event.TOPOLOGY_CHANGE);
            logger.info(
                    "The topology of the Redis Cluster changed: {} primaries serve {} slots",
                    seen.primaries().size(),
                    seen.slotsCovered());
            Objects.requireNonNull(topology).changed();
        }
        paths.topologyRead(seen, changed || before == null);
        Objects.requireNonNull(targets).use(seen, health::left);
    }

    /** Keeps only connections to this process, which a check of the address or of Sentinel found to be the primary. */
    public void keepOnly(String processRunId) {
        if (targets != null) {
            targets.forEach((key, target) -> target.keepOnly(processRunId));
        }
    }

    /** Returns why messages would not arrive everywhere at present; {@code null} if they would. */
    @Nullable
    public String problem() {
        String found = health.problem();
        if (found == null) {
            int broken = counts().broken();
            found = broken == 0 ? null : broken + " subscriptions are not confirmed again yet";
        }
        return found;
    }

    public PartitionSubscriptions.Counts counts() {
        int wanted = 0;
        int confirmed = 0;
        int broken = 0;
        for (PartitionSubscriptions partition : partitions) {
            PartitionSubscriptions.Counts counts = partition.counts();
            wanted += counts.wanted();
            confirmed += counts.confirmed();
            broken += counts.broken();
        }
        return new PartitionSubscriptions.Counts(wanted, confirmed, broken);
    }

    /** Returns the owners as last read; {@code null} before the first contact. */
    @Nullable
    public ClusterView view() {
        return view;
    }

    /** Returns the longest time since a connection was last verified; {@code null} if one never was. */
    @Nullable
    public Duration sinceLastProbe() {
        return health.sinceLastProbe();
    }

    @Override
    public void confirmed(PubSubConnection connection, byte[] name) {
        int partition = names.ofName(name);
        if (partition < 0) {
            return;
        }
        if (connection.isDoubted()) {
            partitions[partition].doubted(connection, name);
        } else {
            partitions[partition].confirmed(connection, name).forEach(NameSubscription.Waiter::confirmed);
        }
    }

    @Override
    public void ended(PubSubConnection connection, byte[] name) {
        int partition = names.ofName(name);
        if (partition >= 0 && partitions[partition].ended(connection, name)) {
            TopologyWatch watch = topology;
            if (watch != null) {
                connection.doubt(watch.number());
            }
            refreshTopology();
        } else {
            wake();
        }
    }

    @Override
    public void message(PubSubConnection connection, byte[] name, byte[] message) {
        int partition = names.ofName(name);
        if (partition >= 0) {
            partitions[partition].message(connection, name, message);
        }
    }

    @Override
    public void finished(PubSubConnection connection, SubscriptionBatch batch, @Nullable Throwable failure) {
        batch.partition().failed(batch);
        if (failure == null) {
            wake();
        } else if (connection.isOpen()) {
            onReconciler(() -> refused(batch.partition().partition(), failure));
        }
    }

    @Override
    public void hasRoom(PubSubConnection connection) {
        wake();
    }

    private void refused(int partition, Throwable failure) {
        String text = DriverErrors.text(failure);
        logger.debug("Redis refused to subscribe names of partition {}: {}", partition, text);
        long now = System.nanoTime();
        assignment.refused(partition, now);
        if (DriverErrors.asksForAnotherServer(failure)) {
            wantTopology();
        } else {
            refusal = text;
        }
        reconcile();
    }

    @Override
    public void lost(PubSubConnection connection, String why) {
        onReconciler(() -> {
            ClusterView known = view;
            if (targets != null && known != null && !stopped) {
                targets.forEach((key, target) -> target.lost(connection, why));
                wantTopology();
                use(known);
                reconcile();
            }
        });
    }

    /** Closes all connections; completes when they are closed. Called by the reconciler, as the last thing. */
    public CompletableFuture<Void> stop() {
        stopped = true;
        calls.failAll("The engine was stopped before Redis confirmed the subscription");
        assignment.clear();
        return targets == null ? CompletableFuture.completedFuture(null) : targets.close();
    }
}
