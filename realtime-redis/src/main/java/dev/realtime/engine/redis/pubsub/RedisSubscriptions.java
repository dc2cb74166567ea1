package dev.realtime.engine.redis.pubsub;

import dev.realtime.engine.redis.cluster.ClusterView;
import dev.realtime.engine.redis.cluster.TopologyWatch;
import dev.realtime.engine.redis.driver.Backoff;
import dev.realtime.engine.redis.driver.DriverErrors;
import dev.realtime.engine.redis.driver.ReceivedData;
import dev.realtime.engine.redis.key.PartitionTags;
import dev.realtime.engine.redis.key.Partitions;
import dev.realtime.engine.redis.monitor.RedisStatistics;
import dev.realtime.engine.redis.monitor.RedisStatistics.Event;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
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
 * <p>The reconciler goes to work when something is subscribed, when a connection opens or is lost, when a server
 * withdraws or refuses a subscription, when the driver tells of another topology, when a ping or a probe gets no
 * answer, and with every tick. All that comes up until it gets to work is done at once, and leaves in one flush.
 */
public final class RedisSubscriptions implements SubscriptionManager, PubSubConnection.Events {

    private static final Logger logger = LoggerFactory.getLogger(RedisSubscriptions.class);

    private static final Duration FIRST_REFUSAL_DELAY = Duration.ofMillis(50);

    private static final Duration LONGEST_REFUSAL_DELAY = Duration.ofSeconds(2);

    /** What the reconciler needs to know of the rest of the way to Redis. */
    public interface Surroundings extends DeliveryProbe.Way {

        /** The topology was looked at; it may be the same as before. Called by the reconciler. */
        void seen(ClusterView view, boolean changed);

        /** Returns what arrived on the connections of the client. */
        ReceivedData received();

        /**
         * Returns what publishes through one primary. In plain mode publications leave from the owner of their slot,
         * and reach this node only if that server's link to the one that this node is subscribed at works.
         *
         * @param server key of the primary
         */
        DeliveryProbe.Way through(String server);

        /** Nothing that was published by the present way comes back: another one is to be taken if there is one. */
        void avoidPresentWay();
    }

    private final Surroundings surroundings;

    private final RedisEngineOptions options;

    private final Partitions tags;

    private final PartitionTags byTag;

    private final RedisStatistics statistics;

    private final Executor executor;

    private final PartitionSubscriptions[] partitions;

    private final DeliveryProbes probes;

    /** Calls in the order of their deadlines: all may take the same time. */
    private final Queue<SubscribeWaiter> waiters = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean woken = new AtomicBoolean();

    /** Whether the reconciler is to look at the topology when it goes to work next. */
    private final AtomicBoolean lookWanted = new AtomicBoolean();

    private volatile @Nullable SubscriptionListener listener;

    /** Who owns what, as last seen. Written by the reconciler. */
    private volatile @Nullable ClusterView view;

    /** {@code null} where there is no cluster. Written by the reconciler, once. */
    private volatile @Nullable TopologyWatch topology;

    /** What stands in the way of messages at this moment. Written by the reconciler. */
    private volatile @Nullable String problem = "Redis was not reached yet";

    // What follows belongs to the reconciler.

    /** Per partition the connection it was given to, and when commands may be sent again after one was refused. */
    private final @Nullable PubSubConnection[] owners;

    private final long[] retryAt;

    private final Backoff[] refusals;

    /** What a server last said when it refused a subscription for good; {@code null} if none ever did. */
    private @Nullable String refusal;

    /** {@code null} until it is known how to subscribe. */
    private @Nullable PubSubPool targets;

    /** Written by the reconciler, once. */
    private volatile boolean stopped;

    /** @param node makes the names of probes this node's own */
    public RedisSubscriptions(
            Surroundings surroundings,
            RedisEngineOptions options,
            Partitions partitions,
            RedisStatistics statistics,
            Executor executor,
            String node) {
        this.surroundings = surroundings;
        this.options = options;
        this.tags = partitions;
        this.byTag = new PartitionTags(partitions);
        this.statistics = statistics;
        this.executor = executor;
        this.probes = new DeliveryProbes(this::way, options.probeInterval(), options.prefix(), node, partitions);
        int count = partitions.control() + 1;
        this.partitions = new PartitionSubscriptions[count];
        this.owners = new PubSubConnection[count];
        this.retryAt = new long[count];
        this.refusals = new Backoff[count];
        for (int partition = 0; partition < count; partition++) {
            this.partitions[partition] = new PartitionSubscriptions(partition, statistics);
            this.refusals[partition] = new Backoff(FIRST_REFUSAL_DELAY, LONGEST_REFUSAL_DELAY);
        }
    }

    @Override
    public void start(SubscriptionListener told) {
        listener = told;
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
                        primary,
                        dialer,
                        sharded,
                        options,
                        statistics,
                        surroundings.received(),
                        this,
                        executor,
                        this::wake));
        use(first);
        reconcile();
    }

    @Override
    public Mono<Void> subscribe(int partition, byte[] name) {
        return Mono.create(sink -> {
            SubscriptionListener told = Objects.requireNonNull(listener, "start was not called");
            PartitionSubscriptions names = partitions[partition];
            long deadline = System.nanoTime() + subscribeTimeout().toNanos();
            SubscribeWaiter waiter = new SubscribeWaiter(names, name, deadline, sink);
            if (names.subscribe(name, told, true, waiter)) {
                sink.success();
                return;
            }
            waiters.add(waiter);
            if (stopped) {
                waiter.giveUp("The engine is stopped, so nothing can be subscribed to");
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
                    .forEach(waiter -> waiter.failed("The subscription was withdrawn before Redis confirmed it"));
            wake();
        });
    }

    @Override
    public boolean isInterrupted(int partition, byte[] name) {
        return partitions[partition].isInterrupted(name);
    }

    /** Has the reconciler look at what is to be done. */
    private void wake() {
        if (!woken.get() && woken.compareAndSet(false, true)) {
            onReconciler(this::reconcile);
        }
    }

    /** Has the reconciler look at the topology soon. */
    public void look() {
        lookWanted.set(true);
        wake();
    }

    private void onReconciler(Runnable work) {
        try {
            executor.execute(work);
        } catch (RejectedExecutionException stopped) {
            logger.trace("Something happened after the end", stopped);
        }
    }

    /** Called by the reconciler every moment. */
    public void tick() {
        long now = System.nanoTime();
        for (SubscribeWaiter waiter = waiters.peek(); waiter != null && waiter.isDue(now); waiter = waiters.peek()) {
            waiters.remove().giveUp(timeoutText());
        }
        if (targets != null && !stopped) {
            reconcile();
            probe(targets, now);
            judge(targets);
        }
    }

    private String timeoutText() {
        String why = refusal != null ? "It said: " + refusal : problem;
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
        if (lookWanted.getAndSet(false)) {
            wantLook();
        }
        if (topology != null) {
            topology.tick(now, present.open(), this::seen);
        }
        present.forEach((key, target) -> {
            target.tick(now);
            if (target.isSlow()) {
                wantLook();
            }
        });
        for (int partition = 0; partition < partitions.length; partition++) {
            PubSubConnection owner = present.connectionFor(known.owner(tags.slot(partition)));
            owners[partition] = owner;
            if (partitions[partition].assign(owner)) {
                retryAt[partition] = now;
            }
            if (owner == null) {
                wantLook();
            }
        }
        send(now);
        present.open().forEach(PubSubConnection::flush);
    }

    private void wantLook() {
        if (topology != null) {
            topology.want();
        }
    }

    /**
     * Sends what is missing: first what somebody waits for, then a batch of each partition in turn, so that no
     * partition has to wait for all names of another.
     */
    private void send(long now) {
        boolean more = true;
        while (more) {
            more = sendOneOfEach(now, true) || sendOneOfEach(now, false);
        }
    }

    private boolean sendOneOfEach(long now, boolean awaited) {
        boolean sent = false;
        for (int partition = 0; partition < partitions.length; partition++) {
            PubSubConnection owner = owners[partition];
            if (awaited && !partitions[partition].isAwaited()
                    || owner == null
                    || owner.isDoubted()
                    || !owner.hasRoom()
                    || now - retryAt[partition] < 0) {
                continue;
            }
            SubscriptionBatch batch = awaited ? partitions[partition].nextAwaited() : partitions[partition].nextBatch();
            if (batch != null) {
                owner.send(batch);
                sent = true;
            }
        }
        return sent;
    }

    private void seen(ClusterView seen, long look) {
        if (targets != null && !stopped) {
            use(seen);
            targets.open().forEach(connection -> connection.trust(look));
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
        surroundings.seen(seen, changed || before == null);
        Objects.requireNonNull(targets).use(seen, server -> {
            if (!isPlainCluster()) {
                probes.remove(server, System.nanoTime());
            }
        });
    }

    /** A look at the name of the server, or at Sentinel, led to this process. */
    public void keepOnly(String processRunId) {
        if (targets != null) {
            targets.forEach((key, target) -> target.keepOnly(processRunId));
        }
    }

    private DeliveryProbe.Way way(String server) {
        return isPlainCluster() ? surroundings.through(server) : surroundings;
    }

    private boolean isPlainCluster() {
        return topology != null && targets != null && !targets.sharded();
    }

    private void probe(PubSubPool present, long now) {
        if (isPlainCluster()) {
            List<String> servers = Objects.requireNonNull(view).primaries().stream()
                    .filter(primary -> !primary.failed())
                    .map(ClusterView.Primary::key)
                    .toList();
            PubSubConnection only = present.connectionFor(null);
            probes.keepOnly(servers, now);
            servers.forEach(server -> probe(server, only, now));
        } else {
            present.forEach((server, target) -> probe(server, target.connection(), now));
        }
        probes.measure(now);
        wake();
    }

    private void probe(String server, @Nullable PubSubConnection connection, long now) {
        if (probes.tick(server, connection, used -> ownedBy(connection, used), now) && connection != null) {
            surroundings.avoidPresentWay();
            wantLook();
            connection.close("a probe did not come back within %d ms"
                    .formatted(options.probeInterval().toMillis()));
        }
    }

    private @Nullable PartitionSubscriptions ownedBy(
            @Nullable PubSubConnection connection, @Nullable PartitionSubscriptions preferred) {
        if (preferred != null && owners[preferred.partition()] == connection) {
            return preferred;
        }
        for (int partition = 0; partition < partitions.length; partition++) {
            if (owners[partition] == connection) {
                return partitions[partition];
            }
        }
        return null;
    }

    /** Finds out what stands in the way, if anything does. */
    private void judge(PubSubPool present) {
        int unserved = ClusterView.SOLE.slots() - Objects.requireNonNull(view).slotsCovered();
        Duration sinceProbe = probes.sinceLast();
        Duration patience = options.probeInterval().multipliedBy(2).plus(options.pingTimeout());
        String found = present.problem();
        if (found == null && unserved > 0) {
            found = unserved + " slots of the cluster are not served" + failedPrimaries();
        }
        if (found == null && sinceProbe == null) {
            found = "No probe came back yet";
        }
        if (found == null && sinceProbe.compareTo(patience) > 0) {
            found = "Probes do not come back";
        }
        problem = found;
    }

    private String failedPrimaries() {
        String failed = Objects.requireNonNull(view).primaries().stream()
                .filter(ClusterView.Primary::failed)
                .map(ClusterView.Primary::address)
                .collect(Collectors.joining(", "));
        return (failed.isEmpty() ? "" : ", as " + failed + " failed and no replica took over yet")
                + ". With `cluster-require-full-coverage` the cluster refuses commands for all other slots, too";
    }

    /** Why what is published now would not arrive everywhere; {@code null} if it would. */
    @Nullable
    public String problem() {
        String found = problem;
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

    /** Who owns what, as last seen; {@code null} before the first contact. */
    @Nullable
    public ClusterView view() {
        return view;
    }

    /** Time since the connection that was not proved for longest was proved; {@code null} if one never was. */
    @Nullable
    public Duration sinceLastProbe() {
        return probes.sinceLast();
    }

    @Override
    public void confirmed(PubSubConnection connection, byte[] name) {
        int partition = byTag.partitionOf(name);
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
        int partition = byTag.partitionOf(name);
        if (partition >= 0 && partitions[partition].ended(connection, name)) {
            TopologyWatch watch = topology;
            if (watch != null) {
                connection.doubt(watch.number());
            }
            look();
        } else {
            wake();
        }
    }

    @Override
    public void message(PubSubConnection connection, byte[] name, byte[] message) {
        int partition = byTag.partitionOf(name);
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
        if (now - retryAt[partition] > LONGEST_REFUSAL_DELAY.toNanos()) {
            refusals[partition].reset();
        }
        retryAt[partition] = now + refusals[partition].next();
        if (DriverErrors.asksForAnotherServer(failure)) {
            wantLook();
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
                wantLook();
                use(known);
                reconcile();
            }
        });
    }

    /** Closes all connections; completes when they are closed. Called by the reconciler, as the last thing. */
    public CompletableFuture<Void> stop() {
        stopped = true;
        for (SubscribeWaiter waiter = waiters.poll(); waiter != null; waiter = waiters.poll()) {
            waiter.giveUp("The engine was stopped before Redis confirmed the subscription");
        }
        for (PartitionSubscriptions partition : partitions) {
            partition.assign(null);
        }
        return targets == null ? CompletableFuture.completedFuture(null) : targets.close();
    }
}
