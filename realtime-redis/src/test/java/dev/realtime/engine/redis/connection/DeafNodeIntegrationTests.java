package dev.realtime.engine.redis.connection;

import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisErrorReply;
import dev.realtime.engine.redis.server.RedisServer;
import org.junit.jupiter.api.Test;

/**
 * A node that the others do not talk to any more, while its connections stay open and it replies to every ping. In
 * plain mode nothing arrives through it. Only a probe, or a read of the topology, shows that.
 */
class DeafNodeIntegrationTests {

    private static final int PARTITION = 7;

    @Test
    void expelledNodeIsLeft() {
        try (RedisClusterServers cluster = RedisClusterServers.builder()
                        .primaries(3)
                        .replicas(0)
                        .eachNode(node -> node.setting("cluster-require-full-coverage", "no"))
                        .start();
                LinkRig subscriber = LinkRig.to(cluster, PubSubMode.PLAIN).started();
                LinkRig publisher = LinkRig.to(cluster, PubSubMode.PLAIN).started()) {
            String name = subscriber.name(PARTITION, "deaf");
            subscriber.subscribe(PARTITION, name);
            RedisServer deaf = cluster.servers().stream()
                    .filter(server -> server.text("PUBSUB", "NUMSUB", name).contains("1"))
                    .findFirst()
                    .orElseThrow();
            String id = deaf.text("CLUSTER", "MYID");

            LinkRig.await("reset, which a server refuses that has keys, as those of write probes")
                    .until(() -> {
                        deaf.execute("FLUSHALL");
                        return reset(deaf);
                    });
            cluster.servers().stream()
                    .filter(server -> server != deaf)
                    .forEach(server -> server.execute("CLUSTER", "FORGET", id));

            LinkRig.await("resubscribed").until(() -> subscriber.resubscribed.contains(name));
            try (NumberedStream stream = NumberedStream.from(publisher, subscriber, PARTITION, name)) {
                stream.check("plain cluster, node expelled");
            }
            LinkRig.await("a reason")
                    .until(() -> String.valueOf(subscriber.status().problem())
                            .contains("slots of the cluster are not served"));
        }
    }

    private static boolean reset(RedisServer server) {
        try {
            server.execute("CLUSTER", "RESET", "SOFT");
            return true;
        } catch (RedisErrorReply hasKeysAgain) {
            return false;
        }
    }
}
