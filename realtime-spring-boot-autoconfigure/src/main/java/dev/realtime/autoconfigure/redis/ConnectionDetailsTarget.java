package dev.realtime.autoconfigure.redis;

import dev.realtime.autoconfigure.redis.RealtimeRedisConnectionDetails.Cluster;
import dev.realtime.autoconfigure.redis.RealtimeRedisConnectionDetails.Node;
import dev.realtime.autoconfigure.redis.RealtimeRedisConnectionDetails.Sentinel;
import dev.realtime.autoconfigure.redis.RealtimeRedisConnectionDetails.Standalone;
import dev.realtime.engine.redis.options.RedisAddresses.Source;
import dev.realtime.engine.redis.options.RedisTopology;
import dev.realtime.failure.ConfigurationProblemException;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration.WithAuthentication;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;

/** Mapping of connection details to a target. */
final class ConnectionDetailsTarget {

    private ConnectionDetailsTarget() {}

    /**
     * Returns the Redis that the details name.
     *
     * @param tls whether connections are encrypted even without a bundle
     * @throws ConfigurationProblemException if they name no Redis, or more than one
     */
    static RedisTarget of(RealtimeRedisConnectionDetails details, Source source, boolean tls) {
        Standalone standalone = details.getStandalone();
        Sentinel sentinel = details.getSentinel();
        Cluster cluster = details.getCluster();
        if (Stream.of(standalone, sentinel, cluster).filter(Objects::nonNull).count() != 1) {
            throw new ConfigurationProblemException(
                    "realtime.redis.address",
                    "The connection details (%s) must name exactly one of a single server, Sentinels and a cluster."
                            .formatted(details.getClass().getName()),
                    "Correct this bean, or remove it and set `realtime.redis.address`.");
        }
        if (sentinel != null) {
            return target(details, source, tls, RedisTopology.SENTINEL, configuration(sentinel));
        }
        if (cluster != null) {
            RedisClusterConfiguration configuration = new RedisClusterConfiguration();
            configuration.setClusterNodes(nodes(cluster.nodes()));
            return target(details, source, tls, RedisTopology.CLUSTER, configuration);
        }
        Node node = Objects.requireNonNull(standalone).node();
        RedisStandaloneConfiguration configuration = new RedisStandaloneConfiguration(node.host(), node.port());
        configuration.setDatabase(standalone.database());
        return target(details, source, tls, RedisTopology.STANDALONE, configuration);
    }

    private static RedisSentinelConfiguration configuration(Sentinel sentinel) {
        RedisSentinelConfiguration configuration = new RedisSentinelConfiguration();
        configuration.master(sentinel.master());
        configuration.setSentinels(nodes(sentinel.nodes()));
        configuration.setDatabase(sentinel.database());
        configuration.setSentinelUsername(sentinel.username());
        configuration.setSentinelPassword(RedisPassword.of(sentinel.password()));
        return configuration;
    }

    private static <C extends RedisConfiguration & WithAuthentication> RedisTarget target(
            RealtimeRedisConnectionDetails details,
            Source source,
            boolean tls,
            RedisTopology topology,
            C configuration) {
        configuration.setUsername(details.getUsername());
        configuration.setPassword(RedisPassword.of(details.getPassword()));
        boolean bundled = details.getSslBundle() != null;
        return new RedisTarget(source, topology, configuration, bundled || tls, bundled ? bundle(details) : null);
    }

    private static @Nullable Supplier<SslBundle> bundle(RealtimeRedisConnectionDetails details) {
        SslBundle first = details.getSslBundle();
        return () -> {
            SslBundle current = details.getSslBundle();
            return current == null ? first : current;
        };
    }

    private static List<RedisNode> nodes(List<Node> nodes) {
        return nodes.stream()
                .map(node -> new RedisNode(node.host(), node.port()))
                .toList();
    }
}
