package dev.realtime.autoconfigure.redis;

import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.options.RedisReadFrom;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the Redis engine. Addresses are written 'redis://host:port', 'rediss://host:port' for TLS, or
 * 'host:port'.
 *
 * @param address Address of a single server. One of the three addresses is needed, unless the application has Redis of
 *     its own through 'spring.data.redis.*' or a service connection.
 * @param clusterAddress Addresses of one or more nodes of a Redis Cluster, from which Lettuce learns of all others and
 *     of their slots.
 * @param sentinelAddress Addresses of Sentinels, which know the primary.
 * @param sentinelMasterName Name under which Sentinel watches the primary.
 * @param sentinelUsername User name for Sentinel itself.
 * @param sentinelPassword Password for Sentinel itself.
 * @param username User name (ACL) for Redis. The default user if not set.
 * @param password Password for Redis.
 * @param database Number of the database. Clusters have only 0.
 * @param clientName Name that connections give themselves (CLIENT SETNAME), seen in CLIENT LIST.
 * @param prefix What the names of all keys and pub/sub channels begin with. Nodes with the same prefix are one server.
 * @param poolSize Number of connections for commands to each Redis node. Lettuce sends many commands at a time over one
 *     connection, so more are seldom faster. A channel always uses the same one.
 * @param connectTimeout Time to open a connection: TCP, TLS and the handshake of Redis.
 * @param readTimeout Time from handing a command to Lettuce until its reply, after which the command fails.
 * @param writeTimeout Time that bytes may wait in a socket while the peer takes none, after which the connection is
 *     replaced. Zero for ever.
 * @param pingTimeout Time that a Redis server may send nothing at all after a ping, before its connection is replaced.
 *     A ping is sent each second. Must exceed pauses of Redis, such as for the fork of a large snapshot.
 * @param topologyRefreshInterval Interval at which the engine reads the nodes of a cluster, or the primary that
 *     Sentinel knows, without a sign of a change. After redirects and lost connections it reads them immediately.
 * @param ssl TLS.
 * @param pubsub Publish and subscribe commands to use.
 * @param readFrom Servers that 'history', 'presence' and 'presence_stats' read from when a client, the HTTP API or a
 *     bean calls them. Replicas may be a moment behind, and need Redis 7.0. Recovery always reads from the primary.
 * @param partitions Number of parts that channels are spread over in a cluster. Must be the same on all nodes, and
 *     cannot be changed while keys of the prefix exist.
 * @param startup What happens when Redis cannot be reached at start-up.
 * @param presenceTtl Time a presence entry lives without being refreshed. Whole seconds. Must exceed
 *     'realtime.client.presence-update-interval'.
 */
@ConfigurationProperties("realtime.redis")
public record RealtimeRedisProperties(
        @DefaultValue("") String address,
        @DefaultValue List<String> clusterAddress,
        @DefaultValue List<String> sentinelAddress,
        @DefaultValue("") String sentinelMasterName,
        @DefaultValue("") String sentinelUsername,
        @DefaultValue("") String sentinelPassword,
        @DefaultValue("") String username,
        @DefaultValue("") String password,
        @DefaultValue("0") int database,
        @DefaultValue("") String clientName,
        @DefaultValue("realtime") String prefix,
        @DefaultValue("1") int poolSize,
        @DefaultValue("1s") Duration connectTimeout,
        @DefaultValue("1s") Duration readTimeout,
        @DefaultValue("1s") Duration writeTimeout,
        @DefaultValue("2s") Duration pingTimeout,
        @DefaultValue("15s") Duration topologyRefreshInterval,
        @DefaultValue Ssl ssl,
        @DefaultValue("auto") PubSubMode pubsub,
        @DefaultValue("primary") RedisReadFrom readFrom,
        @DefaultValue("128") int partitions,
        @DefaultValue("require") Startup startup,
        @DefaultValue("60s") Duration presenceTtl) {

    static final String PREFIX = "realtime.redis.";

    /** Behaviour where Redis cannot be reached while the application starts. */
    enum Startup {
        /** The application stops after 10 seconds, with an explanation. */
        REQUIRE,
        /** The application starts and is DOWN in health until Redis can be reached. */
        WAIT
    }

    /**
     * TLS.
     *
     * @param enabled Whether connections use TLS. By default they do with a bundle, or with an address 'rediss://'.
     * @param bundle Name of the SSL bundle ('spring.ssl.bundle.*') with the trusted certificates, and a key if Redis
     *     requires client certificates. New connections use its current content. The trust store of Java if not set.
     */
    record Ssl(@Nullable Boolean enabled, @DefaultValue("") String bundle) {}

    /** Leaves credentials and addresses, which may hold some, out. */
    @Override
    public String toString() {
        return "RealtimeRedisProperties[prefix=%s, partitions=%d, pubsub=%s]".formatted(prefix, partitions, pubsub);
    }
}
