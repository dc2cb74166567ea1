package dev.realtime.autoconfigure.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.actuate.RealtimeHealthIndicator;
import dev.realtime.api.RealtimeClients;
import dev.realtime.api.RealtimePresence;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.engine.redis.options.RedisTopology;
import dev.realtime.engine.redis.server.RedisAcl;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisSentinelServers;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.engine.redis.server.RedisServers;
import dev.realtime.spi.transport.RawWebSocketClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/** Two applications over one Redis are one server, on each topology, with a user that has only the rights it needs. */
class RedisTogetherIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private RedisServers servers;

    @AfterEach
    void stopServers() {
        servers.close();
    }

    @Test
    void standalone() throws IOException {
        RedisServer server = RedisServer.builder()
                .user(RedisAcl.data(RedisTopology.STANDALONE, "app", "secret", "realtime"))
                .start();
        servers = server;

        assertTogether("standalone", "realtime.redis.address=" + server.uri("app", "secret"));
    }

    @Test
    void sentinel() throws IOException {
        RedisSentinelServers sentinels = RedisSentinelServers.builder()
                .data(data -> data.user(RedisAcl.data(RedisTopology.SENTINEL, "app", "secret", "realtime")))
                .sentinels(watcher -> watcher.user(RedisAcl.sentinel("watcher", "sees")))
                .start();
        servers = sentinels;

        assertTogether(
                "sentinel",
                "realtime.redis.sentinel-address=" + sentinels.seeds(),
                "realtime.redis.sentinel-master-name=" + RedisSentinelServers.MASTER_NAME,
                "realtime.redis.sentinel-username=watcher",
                "realtime.redis.sentinel-password=sees",
                "realtime.redis.username=app",
                "realtime.redis.password=secret");
    }

    @Test
    void cluster() throws IOException {
        RedisClusterServers cluster = RedisClusterServers.builder()
                .eachNode(node -> node.user(RedisAcl.data(RedisTopology.CLUSTER, "app", "secret", "realtime")))
                .start();
        servers = cluster;

        assertTogether(
                "cluster",
                "realtime.redis.cluster-address=" + cluster.servers().get(0).address(),
                "realtime.redis.username=app",
                "realtime.redis.password=secret",
                "realtime.redis.pool-size=100");
    }

    private static void assertTogether(String mode, String... properties) throws IOException {
        try (RedisApplication left = RedisApplication.start(properties);
                RedisApplication right = RedisApplication.start(properties);
                RawWebSocketClient leftClient = left.connect();
                RawWebSocketClient rightClient = right.connect()) {
            subscribe(leftClient);
            subscribe(rightClient);

            left.bean(RealtimePublisher.class)
                    .publish("chat:room", Map.of("from", "left"))
                    .block(PATIENCE);
            assertThat(leftClient.read().text()).contains("\"from\":\"left\"", "\"offset\":1");
            assertThat(rightClient.read().text()).contains("\"from\":\"left\"", "\"offset\":1");

            rightClient.sendText("{\"id\":3,\"publish\":{\"channel\":\"chat:room\",\"data\":{\"from\":\"right\"}}}");
            assertThat(leftClient.read().text()).contains("\"from\":\"right\"", "\"offset\":2");

            assertThat(left.bean(RealtimePresence.class).presence("chat:room").block(PATIENCE))
                    .hasSize(2);
            assertThat(right.bean(RealtimeClients.class).nodes().block(PATIENCE))
                    .hasSize(2);
            assertHealthy(left, mode);
            assertMeasured(left);
        }
    }

    private static void subscribe(RawWebSocketClient client) throws IOException {
        client.sendText("{\"id\":2,\"subscribe\":{\"channel\":\"chat:room\"}}");
        assertThat(client.read().text()).contains("\"recoverable\":true");
    }

    private static void assertHealthy(RedisApplication application, String mode) {
        Health health = application.bean(RealtimeHealthIndicator.class).health().block(PATIENCE);

        assertThat(health).isNotNull();
        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails().get("redis"))
                .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                .containsEntry("mode", mode)
                .containsEntry("prefix", "realtime")
                .containsEntry("slotsCovered", 16384)
                .containsEntry("rollbackSeenBy", "generation")
                .doesNotContainKey("problem")
                .hasEntrySatisfying(
                        "primaries",
                        primaries -> assertThat((List<?>) primaries).hasSize(mode.equals("cluster") ? 3 : 1));
        assertThat(health.getDetails()).asString().doesNotContain("secret");
    }

    private static void assertMeasured(RedisApplication application) {
        MeterRegistry registry = application.bean(MeterRegistry.class);

        assertThat(registry.get("realtime.redis.working").gauge().value()).isEqualTo(1);
        assertThat(registry.get("realtime.redis.commands")
                        .tag("command", "evalsha")
                        .timer()
                        .count())
                .isPositive();
        assertThat(registry.get("realtime.redis.subscriptions")
                        .tag("state", "confirmed")
                        .gauge()
                        .value())
                .isPositive();
        assertThat(registry.get("realtime.redis.errors").functionCounters()).allMatch(errors -> errors.count() == 0);
    }
}
