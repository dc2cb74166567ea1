package dev.realtime.engine.redis.fault;

import dev.realtime.engine.redis.RedisEngine;
import dev.realtime.engine.redis.options.LettuceOptions;
import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.options.RedisTopology;
import dev.realtime.engine.redis.server.FaultProxy;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisSentinelServers;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.spi.engine.Engine;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.internal.HostAndPort;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.DnsResolver;
import io.lettuce.core.resource.MappingSocketAddressResolver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The engines of two nodes, each with a client of its own as in two processes, and with the options of production. */
final class EnginePair implements AutoCloseable {

    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(1);

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(1);

    private final List<AbstractRedisClient> clients = new ArrayList<>();

    private final ClientResources original = DefaultClientResources.create();

    private final List<ClientResources> resources = new ArrayList<>(List.of(original));

    private final Scheduler scheduler = Schedulers.newSingle("redis-engines", true);

    private final FaultProxies proxies = new FaultProxies();

    private final RedisEngine first;

    private final RedisEngine second;

    private EnginePair(
            RedisTopology topology,
            UnaryOperator<RedisEngineOptions> change,
            Function<ClientResources, AbstractRedisClient> client) {
        RedisEngineOptions options = change.apply(production(topology));
        first = engine(options, client, UnaryOperator.identity());
        second = engine(options, client, proxies::inFrontOf);
    }

    /** Each engine has a way of its own to what it takes for the only server. */
    private EnginePair(RedisURI firstUri, RedisURI secondUri) {
        RedisEngineOptions options = production(RedisTopology.STANDALONE);
        first = engine(options, own -> RedisClient.create(own, impatient(firstUri)), UnaryOperator.identity());
        second = engine(options, own -> RedisClient.create(own, impatient(secondUri)), UnaryOperator.identity());
    }

    /** As a user that needs no password, or as another one. */
    static EnginePair of(FaultProxy firstWay, FaultProxy secondWay, String credentials) {
        return new EnginePair(uri(firstWay, credentials), uri(secondWay, credentials));
    }

    private static RedisURI uri(FaultProxy way, String credentials) {
        return RedisURI.create("redis://" + credentials + RedisServer.HOST + ":" + way.port());
    }

    /** With a prefix that no other trial has used. */
    private static RedisEngineOptions production(RedisTopology topology) {
        return withPrefix(RedisEngineOptions.of(topology), "trial-" + UUID.randomUUID());
    }

    private static RedisEngineOptions withPrefix(RedisEngineOptions options, String prefix) {
        return with(options, prefix, options.partitions(), PubSubMode.AUTO);
    }

    static RedisEngineOptions withPubSub(RedisEngineOptions options, PubSubMode pubSub) {
        return with(options, options.prefix(), options.partitions(), pubSub);
    }

    static RedisEngineOptions withPartitions(RedisEngineOptions options, int partitions) {
        return with(options, options.prefix(), partitions, options.pubSub());
    }

    private static RedisEngineOptions with(
            RedisEngineOptions options, String prefix, int partitions, PubSubMode pubSub) {
        return options.toBuilder()
                .prefix(prefix)
                .partitions(partitions)
                .pubSub(pubSub)
                .build();
    }

    static EnginePair of(RedisServer server) {
        return new EnginePair(
                RedisTopology.STANDALONE,
                UnaryOperator.identity(),
                resources -> RedisClient.create(resources, impatient(RedisURI.create(server.uri()))));
    }

    static EnginePair of(RedisSentinelServers servers) {
        RedisServer any = servers.sentinels().get(0);
        RedisURI uri = RedisURI.Builder.sentinel(RedisServer.HOST, any.port(), RedisSentinelServers.MASTER_NAME)
                .build();
        servers.sentinels().stream()
                .skip(1)
                .forEach(sentinel -> uri.getSentinels().add(RedisURI.create(RedisServer.HOST, sentinel.port())));
        uri.getSentinels().forEach(EnginePair::impatient);
        return new EnginePair(
                RedisTopology.SENTINEL,
                UnaryOperator.identity(),
                resources -> RedisClient.create(resources, impatient(uri)));
    }

    static EnginePair of(RedisClusterServers servers, UnaryOperator<RedisEngineOptions> change) {
        List<RedisURI> seeds = servers.servers().stream()
                .map(server -> impatient(RedisURI.create(server.uri())))
                .toList();
        return new EnginePair(RedisTopology.CLUSTER, change, resources -> RedisClusterClient.create(resources, seeds));
    }

    /** As the auto-configuration does: the default would wait a minute for the first answer of a server. */
    private static RedisURI impatient(RedisURI uri) {
        uri.setTimeout(COMMAND_TIMEOUT);
        return uri;
    }

    private RedisEngine engine(
            RedisEngineOptions options,
            Function<ClientResources, AbstractRedisClient> client,
            UnaryOperator<HostAndPort> route) {
        ClientResources.Builder builder = DefaultClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .socketAddressResolver(MappingSocketAddressResolver.create(DnsResolver.unresolved(), route));
        ClientResources own =
                LettuceOptions.apply(builder, original, WRITE_TIMEOUT).build();
        resources.add(own);
        AbstractRedisClient made = client.apply(own);
        clients.add(made);
        if (made instanceof RedisClusterClient cluster) {
            cluster.setOptions((ClusterClientOptions) LettuceOptions.of(options, SslOptions.create()));
        } else if (made instanceof RedisClient single) {
            single.setOptions(LettuceOptions.of(options, SslOptions.create()));
        }
        return new RedisEngine(made, options, scheduler);
    }

    Engine first() {
        return first;
    }

    /** The one that reaches Redis through {@link #proxies()}. */
    Engine second() {
        return second;
    }

    /** The network between the second engine and Redis. */
    FaultProxies proxies() {
        return proxies;
    }

    /** Both were stopped before. */
    @Override
    public void close() {
        proxies.close();
        clients.forEach(client -> client.shutdown(Duration.ZERO, Duration.ofSeconds(2)));
        resources.forEach(own -> own.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS));
        scheduler.dispose();
    }
}
