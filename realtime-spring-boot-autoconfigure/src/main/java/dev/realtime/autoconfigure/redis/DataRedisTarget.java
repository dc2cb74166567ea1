package dev.realtime.autoconfigure.redis;

import dev.realtime.engine.redis.options.RedisAddresses.Source;
import dev.realtime.failure.ConfigurationProblemException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.env.Environment;

/** Redis of the application as Spring Boot knows it: from properties, a service connection, or Docker Compose. */
final class DataRedisTarget implements ApplicationRedisTarget {

    private final ObjectProvider<DataRedisConnectionDetails> details;

    private final Environment environment;

    DataRedisTarget(ObjectProvider<DataRedisConnectionDetails> details, Environment environment) {
        this.details = details;
        this.environment = environment;
    }

    @Override
    public Optional<RedisTarget> target() {
        return Optional.ofNullable(details.getIfUnique()).map(this::target);
    }

    private RedisTarget target(DataRedisConnectionDetails details) {
        boolean other = details.getSentinel() != null || details.getCluster() != null;
        if (!other && details.getMasterReplica() != null) {
            throw new ConfigurationProblemException(
                    "spring.data.redis.masterreplica.nodes",
                    "The Redis of the application is a fixed list of a primary and its replicas"
                            + " (`spring.data.redis.masterreplica.nodes`), but the engine has to know the current"
                            + " primary at any time.",
                    "Set `realtime.redis.sentinel-address` and `realtime.redis.sentinel-master-name`, or set"
                            + " `realtime.redis.address` to the primary.");
        }
        if (!other && details.getStandalone() == null) {
            throw new ConfigurationProblemException(
                    "realtime.redis.address",
                    "The bean of type DataRedisConnectionDetails (%s) names no Redis at all."
                            .formatted(details.getClass().getName()),
                    "Correct it, or set `realtime.redis.address`.");
        }
        return ConnectionDetailsTarget.of(new Adapter(details), Source.APPLICATION, urlAsksForTls());
    }

    /** The scheme of this property is not part of the details. */
    private boolean urlAsksForTls() {
        return environment.getProperty("spring.data.redis.url", "").startsWith("rediss://");
    }

    /** Details of Spring Boot as details of the engine. */
    private record Adapter(DataRedisConnectionDetails details) implements RealtimeRedisConnectionDetails {

        @Override
        public @Nullable String getUsername() {
            return details.getUsername();
        }

        @Override
        public @Nullable String getPassword() {
            return details.getPassword();
        }

        @Override
        public @Nullable SslBundle getSslBundle() {
            return details.getSslBundle();
        }

        // Details of properties always name a single server, too, so that kind comes last.
        @Override
        public @Nullable Standalone getStandalone() {
            DataRedisConnectionDetails.Standalone standalone = details.getStandalone();
            return standalone == null || details.getSentinel() != null || details.getCluster() != null
                    ? null
                    : new Standalone(new Node(standalone.getHost(), standalone.getPort()), standalone.getDatabase());
        }

        @Override
        public @Nullable Sentinel getSentinel() {
            DataRedisConnectionDetails.Sentinel sentinel = details.getSentinel();
            return sentinel == null
                    ? null
                    : new Sentinel(
                            sentinel.getMaster(),
                            nodes(sentinel.getNodes()),
                            sentinel.getDatabase(),
                            sentinel.getUsername(),
                            sentinel.getPassword());
        }

        @Override
        public @Nullable Cluster getCluster() {
            DataRedisConnectionDetails.Cluster cluster = details.getCluster();
            return cluster == null || details.getSentinel() != null ? null : new Cluster(nodes(cluster.getNodes()));
        }

        private static List<Node> nodes(List<DataRedisConnectionDetails.Node> nodes) {
            return nodes.stream()
                    .map(node -> new Node(node.host(), node.port()))
                    .toList();
        }

        /** Leaves the credentials out. */
        @Override
        public String toString() {
            return details.getClass().getName();
        }
    }
}
