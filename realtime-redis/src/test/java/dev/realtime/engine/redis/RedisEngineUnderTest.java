package dev.realtime.engine.redis;

import dev.realtime.engine.redis.key.Partitions;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.options.LettuceOptions;
import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.options.RedisAddresses;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.options.RedisTopology;
import dev.realtime.engine.redis.server.FaultProxy;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisSentinelServers;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.engine.redis.server.RedisServers;
import dev.realtime.spi.engine.EngineUnderTest;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Two engines on a real Redis, under a prefix that nothing else uses. */
public final class RedisEngineUnderTest implements EngineUnderTest {

    /** Threads of all clients; they end with the process. */
    private static final ClientResources RESOURCES = DefaultClientResources.create();

    private final Scheduler scheduler = Schedulers.newSingle("engine-under-test");

    private final AbstractRedisClient client;

    private final RedisEngineOptions options;

    private final List<RedisURI> uris;

    /** Channels that a node remembers; 0 for as many as in production. */
    private int remembered;

    private final RedisEngine engine;

    private final RedisEngine another;

    private RedisEngineUnderTest(RedisEngineOptions options, List<RedisURI> uris) {
        this.options = options;
        this.uris = uris;
        this.client = configured(client(options, uris), options);
        this.engine = newEngine();
        this.another = newEngine();
    }

    public static RedisEngineUnderTest on(RedisServer server) {
        return new RedisEngineUnderTest(
                options(RedisTopology.STANDALONE, PubSubMode.AUTO), List.of(RedisURI.create(server.uri())));
    }

    public static RedisEngineUnderTest on(RedisServer server, PubSubMode pubSub) {
        return new RedisEngineUnderTest(
                options(RedisTopology.STANDALONE, pubSub), List.of(RedisURI.create(server.uri())));
    }

    /** As a user with few rights. */
    public static RedisEngineUnderTest on(RedisServer server, String username, String password) {
        return new RedisEngineUnderTest(
                options(RedisTopology.STANDALONE, PubSubMode.AUTO),
                List.of(RedisURI.create(server.uri(username, password))));
    }

    public static RedisEngineUnderTest on(RedisSentinelServers servers) {
        return new RedisEngineUnderTest(options(RedisTopology.SENTINEL, PubSubMode.AUTO), List.of(sentinels(servers)));
    }

    /** Whatever listens on a port of this machine, with nodes that remember few channels. */
    static RedisEngineUnderTest through(int port, int remembered) {
        RedisEngineOptions options = RedisEngineOptions.of(RedisTopology.STANDALONE);
        RedisEngineUnderTest underTest = new RedisEngineUnderTest(
                with(options, options.partitions(), Duration.ofSeconds(2), false),
                List.of(RedisURI.create("redis://" + RedisServer.HOST + ":" + port)));
        underTest.remembered = remembered;
        return underTest;
    }

    private static RedisURI sentinels(RedisSentinelServers servers) {
        RedisURI.Builder uri = RedisURI.builder().withSentinelMasterId(RedisSentinelServers.MASTER_NAME);
        servers.sentinels().forEach(sentinel -> uri.withSentinel(RedisServer.HOST, sentinel.port()));
        return uri.build();
    }

    public static RedisEngineUnderTest on(RedisClusterServers servers, PubSubMode pubSub) {
        return new RedisEngineUnderTest(options(RedisTopology.CLUSTER, pubSub), uris(servers));
    }

    private static List<RedisURI> uris(RedisServers servers) {
        return servers.servers().stream()
                .map(server -> RedisURI.create(server.uri()))
                .toList();
    }

    private static RedisEngineOptions options(RedisTopology topology, PubSubMode pubSub) {
        return RedisEngineOptions.builder(topology)
                .prefix("test-" + UUID.randomUUID())
                .pubSub(pubSub)
                // A deadline that a busy machine misses verifies nothing.
                .connectTimeout(Duration.ofSeconds(10))
                .commandTimeout(Duration.ofSeconds(5))
                .presenceTtl(PRESENCE_TTL)
                .pingTimeout(Duration.ofSeconds(5))
                .startTimeout(Duration.ofSeconds(30))
                .build();
    }

    /** A server whose commands may take this long. */
    public static RedisEngineUnderTest on(RedisServer server, Duration commandTimeout) {
        RedisEngineOptions options = options(RedisTopology.STANDALONE, PubSubMode.AUTO);
        return new RedisEngineUnderTest(
                with(options, options.partitions(), commandTimeout, false), List.of(RedisURI.create(server.uri())));
    }

    /** Nodes whose channels count this long after their last report. */
    static RedisEngineUnderTest withLease(RedisTopology topology, RedisServers servers, Duration lease) {
        return new RedisEngineUnderTest(
                options(topology, PubSubMode.AUTO).toBuilder()
                        .presenceTtl(lease)
                        .build(),
                uris(servers));
    }

    /** Presence that does not end during a test. */
    static RedisEngineUnderTest withLongPresence(RedisServer server) {
        return withLongPresence(RedisTopology.STANDALONE, server);
    }

    /** The same in a cluster. */
    static RedisEngineUnderTest withLongPresence(RedisClusterServers servers) {
        return withLongPresence(RedisTopology.CLUSTER, servers);
    }

    private static RedisEngineUnderTest withLongPresence(RedisTopology topology, RedisServers servers) {
        RedisEngineOptions defaults = RedisEngineOptions.of(topology);
        RedisEngineOptions options = options(topology, PubSubMode.AUTO);
        return new RedisEngineUnderTest(
                options.toBuilder()
                        .commandTimeout(Duration.ofSeconds(10))
                        .presenceTtl(defaults.presenceTtl().multipliedBy(10))
                        .build(),
                uris(servers));
    }

    /** A server that may not be there yet. */
    public static RedisEngineUnderTest waiting(RedisServer server) {
        return waiting(RedisURI.create(server.uri()));
    }

    /** The same, by a network of its own. */
    public static RedisEngineUnderTest waiting(FaultProxy way) {
        return waiting(RedisURI.create(RedisServer.HOST, way.port()));
    }

    private static RedisEngineUnderTest waiting(RedisURI uri) {
        RedisEngineOptions options = options(RedisTopology.STANDALONE, PubSubMode.AUTO);
        return new RedisEngineUnderTest(with(options, options.partitions(), Duration.ofSeconds(1), true), List.of(uri));
    }

    private static RedisEngineOptions with(
            RedisEngineOptions options, int partitions, Duration commandTimeout, boolean waitForRedis) {
        return options.toBuilder()
                .partitions(partitions)
                .commandTimeout(commandTimeout)
                .waitForRedis(waitForRedis)
                .build();
    }

    private static AbstractRedisClient client(RedisEngineOptions options, List<RedisURI> uris) {
        return options.topology() == RedisTopology.CLUSTER
                ? RedisClusterClient.create(RESOURCES, uris)
                : RedisClient.create(RESOURCES, uris.get(0));
    }

    private static AbstractRedisClient configured(AbstractRedisClient client, RedisEngineOptions options) {
        ClientOptions clientOptions = LettuceOptions.of(options, SslOptions.create());
        if (client instanceof RedisClusterClient cluster) {
            cluster.setOptions((ClusterClientOptions) clientOptions);
        } else {
            ((RedisClient) client).setOptions(clientOptions);
        }
        return client;
    }

    /** One more node, not started. */
    public RedisEngine newEngine() {
        return remembered == 0
                ? new RedisEngine(client, options, scheduler)
                : new RedisEngine(
                        client,
                        options,
                        new RedisAddresses(RedisAddresses.Source.BEAN, options.topology(), List.of()),
                        scheduler,
                        remembered);
    }

    /** One more node, not started, that shares nothing with the others but Redis. The test that creates it kills it. */
    public MortalEngine newMortalEngine() {
        return newMortalEngine(uris);
    }

    /** The same, with a network of its own. */
    public MortalEngine newMortalEngine(FaultProxy way) {
        return newMortalEngine(List.of(RedisURI.create(RedisServer.HOST, way.port())));
    }

    private MortalEngine newMortalEngine(List<RedisURI> addresses) {
        AbstractRedisClient own = configured(
                options.topology() == RedisTopology.CLUSTER
                        ? RedisClusterClient.create(addresses)
                        : RedisClient.create(addresses.get(0)),
                options);
        Scheduler ownScheduler = Schedulers.newSingle("mortal-engine");
        return new MortalEngine(new RedisEngine(own, options, ownScheduler), own, ownScheduler);
    }

    /** One more node, not started, that believes in another number of partitions. */
    public RedisEngine newEngine(int partitions) {
        return new RedisEngine(client, with(options, partitions, options.commandTimeout(), false), scheduler);
    }

    RedisEngineOptions options() {
        return options;
    }

    public RedisKeys keys() {
        return new RedisKeys(options.prefix(), new Partitions(options.partitions()));
    }

    @Override
    public RedisEngine engine() {
        return engine;
    }

    @Override
    public RedisEngine another() {
        return another;
    }

    @Override
    public void pass(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The test is to end", e);
        }
    }

    @Override
    public void close() {
        client.shutdown(0, 2, TimeUnit.SECONDS);
        scheduler.dispose();
    }
}
