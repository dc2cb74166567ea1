package dev.realtime.engine.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.options.RedisTopology;
import dev.realtime.engine.redis.server.RedisAcl;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisTls;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Connections of their own to the nodes of a cluster log in and verify the server as the cluster client does. */
class SecuredSubscriptionsIntegrationTests {

    private static final int PARTITION = 4;

    private static final String USER = "app";

    private static final String PASSWORD = "secret";

    private static LinkRig rig(RedisClusterServers cluster, PubSubMode mode) {
        List<RedisURI> seeds = cluster.servers().stream()
                .map(server -> RedisURI.create(server.uri(USER, PASSWORD)))
                .toList();
        SslOptions ssl = SslOptions.builder()
                .jdkSslProvider()
                .trustManager(RedisTls.shared().authority().toFile())
                .build();
        return new LinkRig(LinkRig.options(RedisTopology.CLUSTER, mode), seeds, ssl);
    }

    @Test
    void leastPrivilegesAndTlsSufficeInEveryMode() {
        try (RedisClusterServers cluster = RedisClusterServers.builder()
                .primaries(3)
                .replicas(0)
                .eachNode(node -> node.tls(RedisTls.shared())
                        .password("admin")
                        .user(RedisAcl.data(RedisTopology.CLUSTER, USER, PASSWORD, "test")))
                .start()) {
            for (PubSubMode mode : List.of(PubSubMode.SHARDED, PubSubMode.PLAIN)) {
                try (LinkRig rig = rig(cluster, mode).started()) {
                    String name = rig.name(PARTITION, "secured");
                    rig.subscribe(PARTITION, name);

                    rig.publish(PARTITION, name, "hello");
                    LinkRig.await("message").until(() -> rig.textsOf(name).equals(List.of("hello")));
                    cluster.servers().forEach(node -> node.execute("CLIENT", "KILL", "TYPE", "pubsub"));
                    LinkRig.await("resubscribed").until(() -> rig.resubscribed.contains(name));

                    assertThat(rig.status().toString()).doesNotContain(PASSWORD);
                    assertThat(users(cluster)).contains(USER);
                }
            }
        }
    }

    @Test
    void nameThatTheUserMayNotSubscribeToFailsWithTheReason() {
        try (RedisClusterServers cluster = RedisClusterServers.builder()
                        .primaries(3)
                        .replicas(0)
                        .eachNode(node -> node.tls(RedisTls.shared())
                                .password("admin")
                                .user(RedisAcl.data(RedisTopology.CLUSTER, USER, PASSWORD, "test")))
                        .start();
                LinkRig rig = rig(cluster, PubSubMode.SHARDED).started()) {
            String foreign = "foreign:{" + rig.partitions.tag(PARTITION) + "}";

            assertThat(rig.subscriptions
                            .subscribe(PARTITION, LinkRig.bytes(foreign), rig)
                            .toFuture())
                    .failsWithin(LinkRig.LONGEST_WAIT)
                    .withThrowableThat()
                    .withMessageContaining("NOPERM");
        }
    }

    private static List<String> users(RedisClusterServers cluster) {
        return cluster.servers().stream()
                .flatMap(server ->
                        server.text("CLIENT", "LIST", "TYPE", "pubsub").lines())
                .flatMap(line -> Stream.of(line.split(" ")))
                .filter(field -> field.startsWith("user="))
                .map(field -> field.substring("user=".length()))
                .distinct()
                .toList();
    }
}
