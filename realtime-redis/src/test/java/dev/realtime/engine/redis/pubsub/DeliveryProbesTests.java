package dev.realtime.engine.redis.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.key.Partitions;
import dev.realtime.engine.redis.monitor.RedisStatistics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** In plain mode of a cluster each primary is verified by itself, though all messages come over one connection. */
class DeliveryProbesTests {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** By server: the names and messages that were published through it. */
    private final Map<String, byte[]> names = new HashMap<>();

    private final Map<String, byte[]> messages = new HashMap<>();

    private final PartitionSubscriptions partition = new PartitionSubscriptions(0, new RedisStatistics());

    private final DeliveryProbes probes = new DeliveryProbes(
            server -> (to, name, message) -> {
                names.put(server, name);
                messages.put(server, message);
                return CompletableFuture.completedFuture(1L);
            },
            Duration.ofSeconds(1),
            "app",
            "node",
            new Partitions(8));

    @Test
    void brokenLinkOfOnePrimaryIsFoundThoughTheOthersWork() {
        PubSubConnection connection = PubSubConnectionStub.open();
        partition.assign(connection);
        for (String server : List.of("whole", "broken")) {
            probes.tick(server, connection, used -> partition, 0);
        }
        SubscriptionBatch batch = partition.nextBatch();
        for (byte[] name : batch.names()) {
            partition.confirmed(connection, name);
        }

        for (String server : List.of("whole", "broken")) {
            assertThat(probes.tick(server, connection, used -> partition, 1)).isFalse();
        }
        partition.message(connection, names.get("whole"), messages.get("whole"));

        assertThat(names.get("whole")).isNotEqualTo(names.get("broken"));
        assertThat(probes.tick("whole", connection, used -> partition, 2 * SECOND))
                .isFalse();
        assertThat(probes.tick("broken", connection, used -> partition, 2 * SECOND))
                .isTrue();
        probes.measure(2 * SECOND);
        assertThat(probes.sinceLast()).isNull();

        probes.keepOnly(List.of("whole"), 2 * SECOND);
        probes.measure(2 * SECOND);
        assertThat(probes.sinceLast()).isNotNull();
    }
}
