package dev.realtime.engine.redis;

import dev.realtime.engine.redis.broker.RedisBroker;
import dev.realtime.engine.redis.connection.RedisConnections;
import dev.realtime.engine.redis.control.RedisControlBus;
import dev.realtime.engine.redis.epoch.EpochFence;
import dev.realtime.engine.redis.generation.Generation;
import dev.realtime.engine.redis.generation.Generations;
import dev.realtime.engine.redis.key.Partitions;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.monitor.GarbageLog;
import dev.realtime.engine.redis.monitor.RedisStatistics;
import dev.realtime.engine.redis.monitor.RedisStatus;
import dev.realtime.engine.redis.occupancy.RedisOccupancy;
import dev.realtime.engine.redis.options.LettuceOptions;
import dev.realtime.engine.redis.options.RedisAddresses;
import dev.realtime.engine.redis.options.RedisAddresses.Source;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.presence.RedisPresenceManager;
import dev.realtime.engine.redis.pubsub.SubscriptionManager;
import dev.realtime.engine.redis.script.RedisCommands;
import dev.realtime.engine.redis.script.RedisScripts;
import dev.realtime.engine.redis.script.ReplicaReads;
import dev.realtime.engine.redis.start.DeploymentJoin;
import dev.realtime.engine.redis.start.LayoutGuard;
import dev.realtime.engine.redis.start.StartCheck;
import dev.realtime.engine.redis.start.StartupVerification;
import dev.realtime.engine.redis.stream.StreamScripts;
import dev.realtime.spi.engine.Broker;
import dev.realtime.spi.engine.ChannelOccupancy;
import dev.realtime.spi.engine.ControlBus;
import dev.realtime.spi.engine.Engine;
import dev.realtime.spi.engine.PresenceManager;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The engine of many nodes that share a Redis: standalone, behind Sentinel, or a cluster. */
public final class RedisEngine implements Engine {

    /**
     * Channels and epochs used lately of which it is remembered how far this node saw them: 20 MB where there are so
     * many.
     */
    private static final int SEEN = 1 << 17;

    /** Time that a node needs to settle what it saw before it leaves: replicas confirm once a second. */
    private static final Duration LONGEST_FINISH = Duration.ofSeconds(3);

    private final RedisStatistics statistics = new RedisStatistics();

    private final RedisConnections connections;

    private final Generations seen;

    private final ReplicaReads replicas;

    private final RedisBroker broker;

    private final RedisPresenceManager presenceManager;

    private final RedisControlBus controlBus;

    private final RedisOccupancy occupancy;

    private final RedisEngineOptions options;

    private final StartupVerification startup;

    private final LayoutGuard layoutGuard;

    private final DeploymentJoin join;

    /**
     * Creates an engine that does not verify the topology of Redis, because the addresses are unknown.
     *
     * @see #RedisEngine(AbstractRedisClient, RedisEngineOptions, RedisAddresses, Scheduler)
     */
    public RedisEngine(AbstractRedisClient client, RedisEngineOptions options, Scheduler scheduler) {
        this(client, options, new RedisAddresses(Source.BEAN, options.topology(), List.of()), scheduler);
    }

    /**
     * @param client a {@code RedisClusterClient} if the topology is a cluster, else a {@code RedisClient} made for the
     *     server or its Sentinels, with the options that {@link LettuceOptions} makes; stays open when the engine stops
     * @param addresses that the client was made with; the start fails if something else is there
     * @param scheduler of retries; stays open when the engine stops
     * @throws dev.realtime.api.client.EngineException if the client cannot be used
     * @throws IllegalArgumentException if the options cannot be used
     */
    public RedisEngine(
            AbstractRedisClient client, RedisEngineOptions options, RedisAddresses addresses, Scheduler scheduler) {
        this(client, options, addresses, scheduler, SEEN);
    }

    /** @param remembered channels and epochs of which it is remembered how far this node saw them */
    RedisEngine(
            AbstractRedisClient client,
            RedisEngineOptions options,
            RedisAddresses addresses,
            Scheduler scheduler,
            int remembered) {
        this.options = options;
        this.startup = new StartupVerification(new StartCheck(client, options, addresses, scheduler), addresses);
        Partitions partitions = new Partitions(options.partitions());
        GarbageLog garbage = new GarbageLog(statistics);
        RedisURI login = addresses.uris().isEmpty() ? null : addresses.uris().get(0);
        RedisKeys keys = new RedisKeys(options.prefix(), login == null ? 0 : login.getDatabase(), partitions);
        this.connections = new RedisConnections(client, options, partitions, statistics, login);
        RedisScripts scripts =
                new RedisScripts(connections, partitions, options.commandTimeout(), statistics, garbage, scheduler);
        this.seen = new Generations(remembered, scheduler::schedule);
        StreamScripts streams = new StreamScripts(garbage);
        RedisCommands commands = new RedisCommands(options.commandTimeout(), statistics);
        SubscriptionManager subscriptions = connections.subscriptions();
        this.controlBus =
                new RedisControlBus(keys, scripts, commands, subscriptions, garbage, partitions.control(), options);
        this.replicas = new ReplicaReads(client, options, login, scheduler);
        EpochFence fence = new EpochFence(
                keys,
                scripts,
                commands,
                streams,
                seen,
                controlBus.surveys(),
                partitions.control() + 1,
                System::nanoTime);
        this.broker = new RedisBroker(keys, scripts, commands, streams, subscriptions, seen, garbage, fence, replicas);
        this.presenceManager = new RedisPresenceManager(keys, scripts, garbage, replicas, options.presenceTtl());
        this.occupancy = new RedisOccupancy(keys, scripts, partitions.count(), options.presenceTtl());
        this.layoutGuard = new LayoutGuard(keys, scripts, partitions, options.prefix());
        this.join = new DeploymentJoin(
                connections
                        .decided()
                        .then(Mono.defer(layoutGuard::check))
                        .then(controlBus.join())
                        .then(Mono.fromRunnable(() -> occupancy.begin(controlBus.nodeId())))
                        .then(Mono.fromRunnable(layoutGuard::watch)),
                scheduler);
    }

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public Broker broker() {
        return broker;
    }

    @Override
    public PresenceManager presenceManager() {
        return presenceManager;
    }

    @Override
    public ControlBus controlBus() {
        return controlBus;
    }

    @Override
    public ChannelOccupancy occupancy() {
        return occupancy;
    }

    @Override
    public boolean isUp() {
        return status().working();
    }

    @Override
    public Mono<Void> start() {
        return Mono.defer(() -> options.waitForRedis()
                ? Mono.fromRunnable(startup::watch).then(connections.start()).then(join.whenPossible())
                : startup.verify().then(connections.start()).then(joinNow()).onErrorMap(startup::explained));
    }

    /** Closes what was opened if this node must not take part. */
    private Mono<Void> joinNow() {
        return join.now().onErrorResume(error -> stop().then(Mono.error(error)));
    }

    @Override
    public Mono<Void> stop() {
        return Mono.defer(() -> {
            startup.stop();
            join.stop();
            layoutGuard.stop();
            replicas.stop();
            return occupancy
                    .leave()
                    .and(broker.finish(LONGEST_FINISH).flatMap(controlBus::leave))
                    .then(Mono.fromRunnable(broker::stop))
                    .then(connections.stop());
        });
    }

    /** Returns the current state of the connection to Redis. */
    public RedisStatus status() {
        RedisStatus status = connections.status(RedisKeys.LAYOUT_VERSION, layoutGuard.isGenerationWatched());
        String problem = Stream.of(startup.problem(), join.problem(), layoutGuard.problem())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        return problem == null ? status : status.withProblem(problem);
    }

    /** Returns whether a primary has answered with the generation of an epoch. */
    boolean isWatching(String epoch) {
        Generation generation = seen.get(Generation.of(epoch));
        return generation != null && generation.confirmed() != null;
    }

    /** Returns the counters of this engine since its creation. */
    public RedisStatistics statistics() {
        return statistics;
    }
}
