package dev.realtime.autoconfigure.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.RealtimePresence;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.spi.transport.RawWebSocketClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * The mistake this project began with: a server that is pointed at a Redis Cluster with the property for a single Redis
 * starts, and dies under the first call that needs two keys. Here the right property works for every channel, and the
 * wrong one stops the start with a text that names the right one.
 */
class RedisModeIntegrationTests {

    private static final int CHANNELS = 60;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    static final RedisExtension<RedisClusterServers> cluster = RedisExtension.cluster();

    @RegisterExtension
    static final RedisExtension<RedisServer> standalone = RedisExtension.standalone();

    @Test
    void everyChannelWorksThroughTheClusterAddress() throws IOException {
        String seed = cluster.get().servers().get(0).address();

        try (RedisApplication application = RedisApplication.start("realtime.redis.cluster-address=" + seed);
                RawWebSocketClient client = application.connect()) {
            for (int i = 0; i < CHANNELS; i++) {
                client.sendText("{\"id\":%d,\"subscribe\":{\"channel\":\"chat:%d\"}}".formatted(i + 2, i));
                assertThat(client.read().text()).contains("\"subscribe\":{").doesNotContain("\"error\"");
            }
            for (int i = 0; i < CHANNELS; i++) {
                String channel = "chat:" + i;
                application
                        .bean(RealtimePublisher.class)
                        .publish(channel, Map.of("number", i))
                        .block(PATIENCE);

                assertThat(client.read().text()).contains("\"channel\":\"" + channel + "\"", "\"number\":" + i);
                assertThat(application
                                .bean(RealtimePresence.class)
                                .presence(channel)
                                .block(PATIENCE))
                        .hasSize(1);
                assertThat(application
                                .bean(RealtimeChannels.class)
                                .position(channel)
                                .block(PATIENCE)
                                .offset())
                        .isEqualTo(1);
            }
        }

        assertThat(cluster.get().primaries())
                .as("servers that hold streams of these channels")
                .allMatch(server -> !"0".equals(String.valueOf(server.execute("DBSIZE"))));
    }

    @Test
    void addressAtAClusterNodeStopsTheStart() {
        String node = cluster.get().servers().get(0).address();

        FailureAnalysis analysis = RedisApplication.refusal("realtime.redis.address=redis://" + node);

        assertThat(analysis.getDescription())
                .isEqualTo("`realtime.redis.address` leads to " + node
                        + ", which is a node of a Redis Cluster. A connection to one server would look healthy at first"
                        + " and fail as soon as clients subscribe, because most keys live on other nodes.");
        assertThat(analysis.getAction())
                .isEqualTo("Set `realtime.redis.cluster-address=redis://" + node
                        + "` instead of `realtime.redis.address`. One node is enough, the others are found"
                        + " through it.");
    }

    @Test
    void clusterAddressAtAStandaloneServerStopsTheStart() {
        String server = standalone.get().address();

        FailureAnalysis analysis = RedisApplication.refusal("realtime.redis.cluster-address=redis://" + server);

        assertThat(analysis.getDescription())
                .startsWith("`realtime.redis.cluster-address` leads to " + server
                        + ", which is a single server and not a node of a Redis Cluster");
        assertThat(analysis.getAction())
                .startsWith("Set `realtime.redis.address=redis://" + server
                        + "` instead of `realtime.redis.cluster-address`.");
    }
}
