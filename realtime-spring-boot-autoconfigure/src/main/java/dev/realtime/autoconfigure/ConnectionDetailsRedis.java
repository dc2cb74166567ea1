package dev.realtime.autoconfigure;

import dev.realtime.engine.redis.RedisAddresses.Source;
import dev.realtime.engine.redis.RedisTopology;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Node;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Sentinel;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Standalone;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration.WithAuthentication;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;

/** What Spring Boot knows of the application's Redis: from its properties, a service connection, or Docker Compose. */
final class ConnectionDetailsRedis implements ApplicationRedis {

    private final ObjectProvider<DataRedisConnectionDetails> details;

    private final Environment environment;

    ConnectionDetailsRedis(ObjectProvider<DataRedisConnectionDetails> details, Environment environment) {
        this.details = details;
        this.environment = environment;
    }

    @Override
    public Optional<RedisTarget> target() {
        return Optional.ofNullable(details.getIfUnique()).map(this::target);
    }

    // Those of properties always name a single server, too, so that kind comes last.
    private RedisTarget target(DataRedisConnectionDetails details) {
        Sentinel sentinel = details.getSentinel();
        if (sentinel != null) {
            return target(details, RedisTopology.SENTINEL, sentinel(sentinel));
        }
        DataRedisConnectionDetails.Cluster cluster = details.getCluster();
        if (cluster != null) {
            RedisClusterConfiguration configuration = new RedisClusterConfiguration();
            configuration.setClusterNodes(nodes(cluster.getNodes()));
            return target(details, RedisTopology.CLUSTER, configuration);
        }
        if (details.getMasterReplica() != null) {
            throw new InvalidRealtimePropertyException(
                    "spring.data.redis.masterreplica.nodes",
                    "The Redis of the application is a fixed list of a primary and its replicas"
                            + " (`spring.data.redis.masterreplica.nodes`), but the engine has to know who the primary is at any"
                            + " time.",
                    "Set `realtime.redis.sentinel-address` and `realtime.redis.sentinel-master-name`, or set"
                            + " `realtime.redis.address` to the primary.");
        }
        Standalone standalone = details.getStandalone();
        if (standalone == null) {
            throw new InvalidRealtimePropertyException(
                    "realtime.redis.address",
                    "The bean of type DataRedisConnectionDetails (%s) names no Redis at all."
                            .formatted(details.getClass().getName()),
                    "Correct it, or set `realtime.redis.address`.");
        }
        RedisStandaloneConfiguration configuration =
                new RedisStandaloneConfiguration(standalone.getHost(), standalone.getPort());
        configuration.setDatabase(standalone.getDatabase());
        return target(details, RedisTopology.STANDALONE, configuration);
    }

    private static RedisSentinelConfiguration sentinel(Sentinel sentinel) {
        RedisSentinelConfiguration configuration = new RedisSentinelConfiguration();
        configuration.master(sentinel.getMaster());
        configuration.setSentinels(nodes(sentinel.getNodes()));
        configuration.setDatabase(sentinel.getDatabase());
        configuration.setSentinelUsername(sentinel.getUsername());
        configuration.setSentinelPassword(RedisPassword.of(sentinel.getPassword()));
        return configuration;
    }

    private <C extends RedisConfiguration & WithAuthentication> RedisTarget target(
            DataRedisConnectionDetails details, RedisTopology topology, C configuration) {
        configuration.setUsername(details.getUsername());
        configuration.setPassword(RedisPassword.of(details.getPassword()));
        boolean bundled = details.getSslBundle() != null;
        return new RedisTarget(
                Source.APPLICATION,
                topology,
                configuration,
                bundled || urlAsksForTls(),
                bundled ? bundle(details) : null);
    }

    private static @Nullable Supplier<SslBundle> bundle(DataRedisConnectionDetails details) {
        SslBundle first = details.getSslBundle();
        return () -> {
            SslBundle current = details.getSslBundle();
            return current == null ? first : current;
        };
    }

    /** The scheme of this property is not part of the details. */
    private boolean urlAsksForTls() {
        return environment.getProperty("spring.data.redis.url", "").startsWith("rediss://");
    }

    private static List<RedisNode> nodes(List<Node> nodes) {
        return nodes.stream()
                .map(node -> new RedisNode(node.host(), node.port()))
                .toList();
    }
}
