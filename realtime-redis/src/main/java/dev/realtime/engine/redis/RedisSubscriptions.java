package dev.realtime.engine.redis;

import dev.realtime.engine.redis.RedisStatistics.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The subscription manager of all topologies. What is wanted and confirmed is kept by {@link PartitionSubscriptions}; a
 * reconciler, which is one thread, brings the two together: it decides which connection owns each partition, keeps those
 * connections open, and sends what is missing.
 *
 * <p>With sharded pub/sub there is one connection to every primary, open before a slot moves there, and the owner of the slot
 * owns the partition. In plain mode one connection owns all partitions: to any node of a cluster, or to the only server.
 *
 * <p>The reconciler goes to work when something is subscribed, when a connection opens or is lost, when a server withdraws or
 * refuses a subscription, when the driver tells of another topology, and with every tick. It looks at the topology anew after
 * each of these disturbances, at first at once and then less and less often, and now and then without any.
 */
final class RedisSubscriptions implements SubscriptionManager, PubSubConnection.Events {

    private static final Logger logger = LoggerFactory.getLogger(RedisSubscriptions.class);

    /** Pauses between looks at the topology while something is missing. */
    private static final Duration FIRST_LOOK_DELAY = Duration.ofMillis(50);

    private static final Duration LONGEST_LOOK_DELAY = Duration.ofMillis(500);

    /** Longest pause between two looks when nothing is missing. */
    private static final Duration LONGEST_CALM = Duration.ofSeconds(10);

    private static final Duration FIRST_REFUSAL_DELAY = Duration.ofMillis(50);

    private static final Duration LONGEST_REFUSAL_DELAY = Duration.ofSeconds(2);

    /** What the reconciler needs to know of the rest of the way to Redis. */
    interface Surroundings extends DeliveryProbe.Way {

        /** Another topology was seen. Called by the reconciler. */
        void changed(ClusterView view);

        /** Nothing that was published by the present way comes back: another one is to be taken if there is one. */
        void avoidPresentWay();
    }

    private final Surroundings surroundings;

    private final RedisEngineOptions options;

    private final Partitions tags;

    private final PartitionTags byTag;

    private final RedisStatistics statistics;

    private final ScheduledExecutorService executor;

    private final String node;

    private final PartitionSubscriptions[] partitions;

    /** Calls in the order of their deadlines: all may take the same time. */
    private final Queue<SubscribeWaiter> waiters = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean woken = new AtomicBoolean();

    private volatile @Nullable SubscriptionListener listener;

    // What follows belongs to the reconciler; some of it is read by others.

    private final Map<String, PubSubTarget> targets = new LinkedHashMap<>();

    private final Map<String, DeliveryProbe> probes = new LinkedHashMap<>();

    /** Per partition the connection it was given to, and when refused commands may be sent again. */
    private final @Nullable PubSubConnection[] owners;

    private final long[] retryAt;

    private final Backoff[] refusals;

    private final Backoff lookBackoff = new Backoff(FIRST_LOOK_DELAY, LONGEST_LOOK_DELAY);

    private @Nullable PubSubDialer dialer;

    private @Nullable TopologyReader reader;

    private boolean sharded;

    private boolean lookWanted;

    private boolean looking;

    private volatile long look = 1;

    private long nextLookAt;

    private long lastLookAt;

    private boolean stopped;

    private volatile @Nullable ClusterView view;

    /** What stands in the way of messages at this moment. */
    private volatile @Nullable String problem = "Redis was not reached yet";

    private volatile @Nullable Long provedAt;

    private volatile @Nullable String refusal;

    RedisSubscriptions(
            Surroundings surroundings,
            RedisEngineOptions options,
            Partitions partitions,
            RedisStatistics statistics,
            ScheduledExecutorService executor,
            String node) {
        this.surroundings = surroundings;
        this.options = options;
        this.tags = partitions;
        this.byTag = new PartitionTags(partitions);
        this.statistics = statistics;
        this.executor = executor;
        this.node = node;
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

    /** Begins to open connections. Called by the reconciler, once, when it is known how to subscribe. */
    void begin(PubSubDialer opening, @Nullable TopologyReader reading, boolean shardedPubSub, ClusterView first) {
        dialer = opening;
        reader = reading;
        sharded = shardedPubSub;
        lastLookAt = System.nanoTime();
        nextLookAt = lastLookAt;
        use(first);
        reconcile();
    }

    @Override
    public Mono<Void> subscribe(int partition, byte[] name) {
        return Mono.create(sink -> {
            SubscriptionListener told = Objects.requireNonNull(listener, "start was not called");
            PartitionSubscriptions names = partitions[partition];
            SubscribeWaiter waiter = new SubscribeWaiter(
                    names, name, System.nanoTime() + subscribeTimeout().toNanos(), sink);
            if (names.subscribe(name, told, true, waiter)) {
                sink.success();
                return;
            }
            waiters.add(waiter);
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

    /** Has the reconciler look at what is to be done; what comes until then goes out together. */
    private void wake() {
        if (!woken.get() && woken.compareAndSet(false, true) && !executor.isShutdown()) {
            executor.execute(this::reconcile);
        }
    }

    /** Called by the reconciler every moment. */
    void tick() {
        long now = System.nanoTime();
        for (SubscribeWaiter waiter = waiters.peek(); waiter != null && waiter.isDue(now); waiter = waiters.peek()) {
            waiters.remove().giveUp(timeoutText());
        }
        if (dialer == null || stopped) {
            return;
        }
        if (now - lastLookAt >= Math.min(options.topologyRefreshInterval().toNanos(), LONGEST_CALM.toNanos())) {
            lookWanted = true;
        }
        reconcile();
        probe(now);
        judge();
    }

    private String timeoutText() {
        String why = refusal != null ? "It said: " + refusal : problem;
        return "Redis did not confirm a subscription within "
                + subscribeTimeout().toMillis() + " ms. " + (why == null ? "It is slow or its topology changes" : why)
                + ". Try again later";
    }

    private void reconcile() {
        woken.set(false);
        if (dialer == null || stopped) {
            return;
        }
        long now = System.nanoTime();
        lookIfWanted(now);
        targets.values().forEach(target -> target.tick(now));
        for (int partition = 0; partition < partitions.length; partition++) {
            PubSubConnection owner = connectionFor(partition);
            owners[partition] = owner;
            if (partitions[partition].assign(owner)) {
                retryAt[partition] = now;
            }
            lookWanted |= owner == null;
        }
        send(now);
    }

    private @Nullable PubSubConnection connectionFor(int partition) {
        ClusterView known = view;
        ClusterView.Primary owner = known == null || !sharded ? null : known.owner(tags.slot(partition));
        PubSubTarget target = sharded
                ? owner == null ? null : targets.get(owner.key())
                : targets.values().stream().findFirst().orElse(null);
        return target == null ? null : target.connection();
    }

    /** Sends what is missing, a batch of each partition in turn, so that no partition has to wait for all names of another. */
    private void send(long now) {
        boolean more = true;
        while (more) {
            more = false;
            for (int partition = 0; partition < partitions.length; partition++) {
                PubSubConnection owner = owners[partition];
                if (owner == null || owner.isDoubted() || !owner.hasRoom() || now - retryAt[partition] < 0) {
                    continue;
                }
                SubscriptionBatch batch = partitions[partition].nextBatch();
                if (batch != null) {
                    owner.send(batch);
                    more = true;
                }
            }
        }
        targets.values().forEach(target -> {
            PubSubConnection connection = target.connection();
            if (connection != null) {
                connection.flush();
            }
        });
    }

    // The topology

    /** Has the reconciler look at the topology soon. */
    void look() {
        if (!executor.isShutdown()) {
            executor.execute(() -> {
                lookWanted = true;
                reconcile();
            });
        }
    }

    private void lookIfWanted(long now) {
        if (!lookWanted || looking || reader == null || now - nextLookAt < 0) {
            return;
        }
        if (now - nextLookAt > LONGEST_LOOK_DELAY.toNanos()) {
            lookBackoff.reset();
        }
        looking = true;
        lookWanted = false;
        lastLookAt = now;
        nextLookAt = now + lookBackoff.next();
        long number = ++look;
        logger.debug("Look {} at the topology begins", number);
        List<PubSubConnection> open = new ArrayList<>();
        targets.values().forEach(target -> {
            if (target.connection() != null) {
                open.add(target.connection());
            }
        });
        reader.read(open).whenCompleteAsync((seen, failure) -> looked(number, open, seen, failure), executor);
    }

    private void looked(
            long number, List<PubSubConnection> asked, @Nullable ClusterView seen, @Nullable Throwable failure) {
        looking = false;
        logger.debug("Look {} at the topology ended", number);
        if (stopped) {
            return;
        }
        if (seen == null) {
            lookWanted = true;
            logger.debug("The topology of the cluster could not be read: {}", RedisFailure.text(failure));
            return;
        }
        use(seen);
        asked.forEach(connection -> connection.trust(number));
        reconcile();
    }

    private void use(ClusterView seen) {
        ClusterView before = view;
        view = seen;
        if (before != null && !before.sameOwners(seen)) {
            statistics.count(Event.TOPOLOGY_CHANGE);
            logger.info(
                    "The topology of the Redis Cluster changed: {} primaries serve {} slots",
                    seen.primaries().size(),
                    seen.slotsCovered());
            lookBackoff.reset();
        }
        if (before == null || !before.sameOwners(seen)) {
            surroundings.changed(seen);
        }
        List<ClusterView.Primary> needed = sharded ? seen.primaries() : List.of(one(seen));
        targets.entrySet().removeIf(entry -> {
            boolean gone = needed.stream().noneMatch(primary -> primary.key().equals(entry.getKey()));
            if (gone) {
                retire(entry.getKey(), entry.getValue());
            }
            return gone;
        });
        needed.forEach(primary -> targets.computeIfAbsent(primary.key(), key -> target(primary)));
    }

    private PubSubTarget target(ClusterView.Primary primary) {
        return new PubSubTarget(
                primary, Objects.requireNonNull(dialer), sharded, options, statistics, this, executor, this::reconcile);
    }

    /** In plain mode: the node that is used, as long as it is there and can be reached, else another one. */
    private ClusterView.Primary one(ClusterView seen) {
        List<ClusterView.Primary> primaries = seen.primaries();
        PubSubTarget used = targets.values().stream().findFirst().orElse(null);
        if (used != null && (used.connection() != null || used.problem() == null)) {
            for (ClusterView.Primary primary : primaries) {
                if (primary.key().equals(used.server().key())) {
                    return primary;
                }
            }
        }
        List<ClusterView.Primary> others = primaries.stream()
                .filter(primary -> !primary.failed())
                .filter(primary ->
                        used == null || !primary.key().equals(used.server().key()))
                .toList();
        List<ClusterView.Primary> choice = others.isEmpty() ? primaries : others;
        return choice.get(ThreadLocalRandom.current().nextInt(choice.size()));
    }

    private void retire(String key, PubSubTarget target) {
        DeliveryProbe probe = probes.remove(key);
        if (probe != null) {
            probe.use(null, "", System.nanoTime());
        }
        target.retire();
    }

    /** A look at the name of the server, or at Sentinel, led to this process. */
    void keepOnly(String processRunId) {
        targets.values().forEach(target -> target.keepOnly(processRunId));
    }

    // Probes and status

    private void probe(long now) {
        Long oldest = now;
        for (Map.Entry<String, PubSubTarget> entry : targets.entrySet()) {
            DeliveryProbe probe = probes.computeIfAbsent(
                    entry.getKey(),
                    key -> new DeliveryProbe(surroundings, options.probeInterval(), options.prefix(), node, now));
            PubSubConnection connection = entry.getValue().connection();
            if (connection == null) {
                probe.restart(now);
            } else {
                choosePartition(probe, connection, now);
                if (probe.tick(now)) {
                    surroundings.avoidPresentWay();
                    lookWanted = true;
                    connection.close("a probe did not come back within "
                            + options.probeInterval().toMillis() + " ms");
                }
            }
            Long returnedAt = probe.returnedAt();
            boolean unproved = probe.partition() != null && returnedAt == null;
            oldest = oldest == null || unproved
                    ? null
                    : returnedAt == null ? oldest : Long.valueOf(Math.min(oldest, returnedAt));
        }
        provedAt = targets.isEmpty() ? null : oldest;
    }

    private void choosePartition(DeliveryProbe probe, PubSubConnection connection, long now) {
        PartitionSubscriptions used = probe.partition();
        if (used != null && owners[used.partition()] == connection) {
            return;
        }
        for (int partition = 0; partition < partitions.length; partition++) {
            if (owners[partition] == connection) {
                probe.use(partitions[partition], tags.tag(partition), now);
                wake();
                return;
            }
        }
        if (used != null) {
            probe.use(null, "", now);
        }
    }

    /** Finds out what stands in the way, if anything does. */
    private void judge() {
        ClusterView known = Objects.requireNonNull(view);
        String found = null;
        for (PubSubTarget target : targets.values()) {
            if (found == null && target.connection() == null) {
                found = "There is no pub/sub connection to " + target
                        + (target.problem() == null ? "" : ": " + target.problem());
            }
        }
        int missing = ClusterView.SOLE.slots() - known.slotsCovered();
        if (found == null && missing > 0) {
            found = missing + " slots of the cluster are not served";
        }
        Long proved = provedAt;
        long patience =
                2 * options.probeInterval().toNanos() + options.pingTimeout().toNanos();
        if (found == null && proved == null) {
            found = "No probe came back yet";
        } else if (found == null && System.nanoTime() - proved > patience) {
            found = "Probes do not come back";
        }
        problem = found;
    }

    /** Why what is published now would not arrive everywhere; {@code null} if it would. */
    @Nullable
    String problem() {
        if (problem != null) {
            return problem;
        }
        int broken = counts().broken();
        return broken == 0 ? null : broken + " subscriptions are not confirmed again yet";
    }

    PartitionSubscriptions.Counts counts() {
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
    ClusterView view() {
        return view;
    }

    /** Time since the connection that was not proved for longest was proved; {@code null} if one never was. */
    @Nullable
    Duration lastProbe() {
        Long proved = provedAt;
        return proved == null ? null : Duration.ofNanos(System.nanoTime() - proved);
    }

    // What connections say, on their event loops

    @Override
    public void confirmed(PubSubConnection connection, byte[] name) {
        int partition = byTag.partitionOf(name);
        if (partition < 0) {
            return;
        }
        if (connection.isDoubted()) {
            partitions[partition].doubted(connection, name);
        } else {
            partitions[partition].confirmed(connection, name).forEach(Subscription.Waiter::confirmed);
        }
    }

    @Override
    public void ended(PubSubConnection connection, byte[] name) {
        int partition = byTag.partitionOf(name);
        if (partition >= 0 && partitions[partition].ended(connection, name)) {
            logger.debug("{} withdrew a subscription of partition {}", connection, partition);
            if (sharded) {
                connection.doubt(look);
            }
            look();
        }
        wake();
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
        } else if (connection.isOpen() && !executor.isShutdown()) {
            executor.execute(() -> refused(batch.partition().partition(), failure));
        }
    }

    private void refused(int partition, Throwable failure) {
        String text = RedisFailure.text(failure);
        logger.debug("Redis refused to subscribe names of partition {}: {}", partition, text);
        long now = System.nanoTime();
        if (now - retryAt[partition] > LONGEST_REFUSAL_DELAY.toNanos()) {
            refusals[partition].reset();
        }
        retryAt[partition] = now + refusals[partition].next();
        if (RedisFailure.asksForAnotherServer(failure)) {
            lookWanted = true;
        } else {
            refusal = text;
        }
        reconcile();
    }

    @Override
    public void lost(PubSubConnection connection, String why) {
        if (!executor.isShutdown()) {
            executor.execute(() -> {
                targets.values().forEach(target -> target.lost(connection, why));
                lookWanted = true;
                if (!sharded && view != null && !stopped) {
                    use(view);
                }
                reconcile();
            });
        }
    }

    /** Closes all connections; completes when they are closed. Called by the reconciler, as the last thing. */
    CompletableFuture<Void> stop() {
        stopped = true;
        for (SubscribeWaiter waiter = waiters.poll(); waiter != null; waiter = waiters.poll()) {
            waiter.giveUp("The engine was stopped before Redis confirmed the subscription");
        }
        CompletableFuture<Void> closed = CompletableFuture.allOf(
                targets.values().stream().map(PubSubTarget::retire).toArray(CompletableFuture[]::new));
        targets.clear();
        for (PartitionSubscriptions partition : partitions) {
            partition.assign(null);
        }
        return closed;
    }
}
