package dev.realtime.engine.redis.connection;

import dev.realtime.engine.redis.driver.ConnectionPipeline;
import dev.realtime.engine.redis.key.Partitions;
import dev.realtime.engine.redis.monitor.RedisStatistics;
import dev.realtime.engine.redis.monitor.RedisStatus;
import dev.realtime.engine.redis.options.LettuceOptions;
import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.options.RedisTopology;
import dev.realtime.engine.redis.pubsub.RedisSubscriptions;
import dev.realtime.engine.redis.pubsub.SubscriptionListener;
import dev.realtime.engine.redis.pubsub.SubscriptionManager;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisSentinelServers;
import dev.realtime.engine.redis.server.RedisServer;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.resource.ClientResources;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import reactor.core.publisher.Flux;

/**
 * The connections of one node to real servers, with a client as the auto-configuration makes it, and what they deliver.
 */
public final class LinkRig implements AutoCloseable, SubscriptionListener {

    /** Longest wait for anything that should happen within a moment, on a slow and busy machine. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    /**
     * A message that was delivered.
     *
     * @param atNanos when, in the sense of {@code System.nanoTime()}
     */
    record Delivery(int partition, String name, String text, long atNanos) {}

    final RedisEngineOptions options;

    final Partitions partitions;

    final RedisStatistics statistics = new RedisStatistics();

    public final RedisConnections connections;

    final SubscriptionManager subscriptions;

    final Collection<Delivery> deliveries = new ConcurrentLinkedQueue<>();

    /** Names in the order in which the listener was notified. */
    final Collection<String> resubscribed = new ConcurrentLinkedQueue<>();

    /** Calls of the listener that overlapped with another one for the same partition. */
    final Collection<String> overlaps = new CopyOnWriteArrayList<>();

    private final Map<Integer, Thread> inside = new ConcurrentHashMap<>();

    private final ClientResources resources;

    private final AbstractRedisClient client;

    public LinkRig(RedisEngineOptions options, List<RedisURI> addresses) {
        this(options, addresses, SslOptions.create(), resources -> resources);
    }

    /** @param change to the client's resources */
    public LinkRig(
            RedisEngineOptions options, List<RedisURI> addresses, UnaryOperator<ClientResources.Builder> change) {
        this(options, addresses, SslOptions.create(), change);
    }

    public LinkRig(RedisEngineOptions options, List<RedisURI> addresses, SslOptions ssl) {
        this(options, addresses, ssl, resources -> resources);
    }

    private LinkRig(
            RedisEngineOptions options,
            List<RedisURI> addresses,
            SslOptions ssl,
            UnaryOperator<ClientResources.Builder> change) {
        this.options = options;
        this.partitions = new Partitions(options.partitions());
        ClientResources original = ClientResources.create();
        this.resources = change.apply(LettuceOptions.apply(ClientResources.builder(), original, Duration.ofSeconds(1)))
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .build();
        original.shutdown(0, 1, TimeUnit.SECONDS);
        this.client = client(options, resources, addresses, ssl);
        this.connections = new RedisConnections(client, options, partitions, statistics, addresses.get(0));
        this.subscriptions = connections.subscriptions();
    }

    private static AbstractRedisClient client(
            RedisEngineOptions options, ClientResources resources, List<RedisURI> addresses, SslOptions ssl) {
        addresses.forEach(address -> address.setTimeout(options.commandTimeout()));
        if (options.topology() == RedisTopology.CLUSTER) {
            RedisClusterClient cluster = RedisClusterClient.create(resources, addresses);
            cluster.setOptions((ClusterClientOptions) LettuceOptions.of(options, ssl));
            return cluster;
        }
        RedisClient server = RedisClient.create(resources, addresses.get(0));
        server.setOptions(LettuceOptions.of(options, ssl));
        return server;
    }

    /** Options for tests: what is slow by default happens sooner. */
    public static RedisEngineOptions options(RedisTopology topology, PubSubMode mode) {
        return RedisEngineOptions.builder(topology)
                .prefix("test")
                .pubSub(mode)
                .topologyRefreshInterval(Duration.ofSeconds(5))
                .probeInterval(Duration.ofSeconds(3))
                .pingInterval(Duration.ofMillis(500))
                .pingTimeout(Duration.ofSeconds(1))
                .startTimeout(Duration.ofSeconds(15))
                .build();
    }

    /** The same, but Sentinel or the name of the server is asked that often. */
    static RedisEngineOptions withTopologyRefresh(RedisEngineOptions options, Duration interval) {
        return options.toBuilder().topologyRefreshInterval(interval).build();
    }

    static LinkRig to(RedisClusterServers cluster, PubSubMode mode) {
        return new LinkRig(
                options(RedisTopology.CLUSTER, mode),
                Arrays.stream(cluster.seeds().split(",")).map(RedisURI::create).toList());
    }

    static LinkRig to(RedisServer server) {
        return new LinkRig(options(RedisTopology.STANDALONE, PubSubMode.AUTO), List.of(RedisURI.create(server.uri())));
    }

    static LinkRig to(RedisSentinelServers servers) {
        RedisURI.Builder uri = RedisURI.builder().withSentinelMasterId(RedisSentinelServers.MASTER_NAME);
        servers.sentinels().forEach(sentinel -> uri.withSentinel(RedisServer.HOST, sentinel.port()));
        return new LinkRig(options(RedisTopology.SENTINEL, PubSubMode.AUTO), new ArrayList<>(List.of(uri.build())));
    }

    public LinkRig started() {
        connections.start().block(LONGEST_WAIT.plusSeconds(10));
        return this;
    }

    /** A name in a partition. */
    public String name(int partition, String rest) {
        return "test:{" + partitions.tag(partition) + "}:" + rest;
    }

    public void subscribe(int partition, String... names) {
        Flux.fromArray(names)
                .flatMap(name -> subscriptions.subscribe(partition, bytes(name), this))
                .blockLast(LONGEST_WAIT);
    }

    CompletionStage<Long> publish(int partition, String name, String text) {
        return connections.publish(partition, bytes(name), bytes(text));
    }

    List<String> textsOf(String name) {
        return deliveries.stream()
                .filter(delivery -> delivery.name().equals(name))
                .map(Delivery::text)
                .toList();
    }

    RedisStatus status() {
        return connections.status(1, false);
    }

    /** What is wrong with commands and with subscriptions. */
    List<String> problems() {
        return Stream.of(connections.commandProblem(), ((RedisSubscriptions) subscriptions).problem())
                .filter(Objects::nonNull)
                .toList();
    }

    public static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(LONGEST_WAIT).pollInterval(Duration.ofMillis(20));
    }

    /** How often something arrived on one more connection of the client, which asks once. */
    long received() {
        try (StatefulRedisConnection<String, String> connection = ((RedisClient) client).connect()) {
            connection.sync().ping();
            return ((ConnectionPipeline) resources.nettyCustomizer()).received().of(connection);
        }
    }

    public void awaitWorking() {
        await("working").until(() -> status().working());
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void onMessage(int partition, byte[] name, byte[] message) {
        alone(
                partition,
                () -> deliveries.add(new Delivery(
                        partition,
                        new String(name, StandardCharsets.UTF_8),
                        new String(message, StandardCharsets.UTF_8),
                        System.nanoTime())));
    }

    @Override
    public void onResubscribed(int partition, Collection<byte[]> names) {
        alone(partition, () -> names.forEach(name -> resubscribed.add(new String(name, StandardCharsets.UTF_8))));
    }

    private void alone(int partition, Runnable work) {
        Thread other = inside.putIfAbsent(partition, Thread.currentThread());
        if (other != null) {
            overlaps.add(other + " and " + Thread.currentThread() + " in partition " + partition);
        }
        work.run();
        inside.remove(partition, Thread.currentThread());
    }

    @Override
    public void close() {
        connections.stop().block(LONGEST_WAIT);
        client.shutdown(0, 1, TimeUnit.SECONDS);
        resources.shutdown(0, 1, TimeUnit.SECONDS);
    }
}
