package dev.realtime.engine.redis.options;

import java.time.Duration;

/**
 * What a Redis engine can be told.
 *
 * @param topology kind of Redis that the client leads to
 * @param prefix of every key and every name that is published under
 * @param partitions channels are spread over; fixed for a prefix
 * @param pubSub commands to use
 * @param poolSize command connections per Redis node, at least 1; a partition always uses the same one
 * @param connectTimeout to open one connection: TCP, TLS and handshake
 * @param commandTimeout from hand-over of a command to its reply
 * @param topologyRefreshInterval how often the nodes of a cluster, or the primary that Sentinel knows, are looked up
 *     without need
 * @param presenceTtl life of a presence entry that is not refreshed; whole seconds
 * @param probeInterval how often the way of a publication to this node is proved end to end
 * @param pingInterval how often each pub/sub connection is proved
 * @param pingTimeout how long its answer may take before the connection is replaced
 * @param heartbeatInterval how often this node tells the others that it lives
 * @param nodeTimeout how long a node without heartbeat counts as living
 * @param waitForRedis whether {@code start} completes without Redis and goes on trying, rather than fail
 * @param startTimeout how long {@code start} tries to reach Redis before it fails
 * @param application that this node belongs to, empty if it has no name: nodes of different applications that meet are
 *     reported
 * @param readFrom where explicit reads of history and presence go
 */
public record RedisEngineOptions(
        RedisTopology topology,
        String prefix,
        int partitions,
        PubSubMode pubSub,
        int poolSize,
        Duration connectTimeout,
        Duration commandTimeout,
        Duration topologyRefreshInterval,
        Duration presenceTtl,
        Duration probeInterval,
        Duration pingInterval,
        Duration pingTimeout,
        Duration heartbeatInterval,
        Duration nodeTimeout,
        boolean waitForRedis,
        Duration startTimeout,
        String application,
        RedisReadFrom readFrom) {

    /** Without the name of an application, and with all reads from the primary. */
    public RedisEngineOptions(
            RedisTopology topology,
            String prefix,
            int partitions,
            PubSubMode pubSub,
            int poolSize,
            Duration connectTimeout,
            Duration commandTimeout,
            Duration topologyRefreshInterval,
            Duration presenceTtl,
            Duration probeInterval,
            Duration pingInterval,
            Duration pingTimeout,
            Duration heartbeatInterval,
            Duration nodeTimeout,
            boolean waitForRedis,
            Duration startTimeout) {
        this(
                topology,
                prefix,
                partitions,
                pubSub,
                poolSize,
                connectTimeout,
                commandTimeout,
                topologyRefreshInterval,
                presenceTtl,
                probeInterval,
                pingInterval,
                pingTimeout,
                heartbeatInterval,
                nodeTimeout,
                waitForRedis,
                startTimeout,
                "",
                RedisReadFrom.PRIMARY);
    }

    /** Returns the same options for a node of this application. */
    public RedisEngineOptions withApplication(String name) {
        return new RedisEngineOptions(
                topology,
                prefix,
                partitions,
                pubSub,
                poolSize,
                connectTimeout,
                commandTimeout,
                topologyRefreshInterval,
                presenceTtl,
                probeInterval,
                pingInterval,
                pingTimeout,
                heartbeatInterval,
                nodeTimeout,
                waitForRedis,
                startTimeout,
                name,
                readFrom);
    }

    /** Returns the same options with explicit reads from there. */
    public RedisEngineOptions withReadFrom(RedisReadFrom present) {
        return new RedisEngineOptions(
                topology,
                prefix,
                partitions,
                pubSub,
                poolSize,
                connectTimeout,
                commandTimeout,
                topologyRefreshInterval,
                presenceTtl,
                probeInterval,
                pingInterval,
                pingTimeout,
                heartbeatInterval,
                nodeTimeout,
                waitForRedis,
                startTimeout,
                application,
                present);
    }

    /** The defaults of {@code realtime.redis.*}. */
    public static RedisEngineOptions of(RedisTopology topology) {
        return new RedisEngineOptions(
                topology,
                "realtime",
                128,
                PubSubMode.AUTO,
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(15),
                Duration.ofSeconds(60),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                false,
                Duration.ofSeconds(10));
    }
}
