package dev.realtime.engine.redis.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.monitor.RedisStatistics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class DeliveryProbeTests {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private static final byte[] NAME = "app:probe:{tag}:node".getBytes(StandardCharsets.UTF_8);

    private final List<byte[]> published = new ArrayList<>();

    private CompletionStage<Long> result = CompletableFuture.completedFuture(1L);

    private final PartitionSubscriptions partition = new PartitionSubscriptions(2, new RedisStatistics());

    private final Object owner = new Object();

    private final DeliveryProbe probe = new DeliveryProbe(
            (to, name, message) -> {
                assertThat(to).isEqualTo(2);
                assertThat(name).isEqualTo(NAME);
                published.add(message);
                return result;
            },
            Duration.ofSeconds(1),
            "app",
            "node",
            0);

    private void confirmed() {
        partition.assign(owner);
        probe.use(partition, "tag", 0);
        partition.nextBatch();
        partition.confirmed(owner, NAME);
    }

    private void returnLast() {
        partition.message(owner, NAME, published.get(published.size() - 1));
    }

    @Test
    void nothingIsSentBeforeTheNameIsConfirmed() {
        partition.assign(owner);
        probe.use(partition, "tag", 0);

        assertThat(probe.tick(10 * SECOND)).isFalse();

        assertThat(published).isEmpty();
        assertThat(probe.returnedAt()).isNull();
    }

    @Test
    void probeThatComesBackIsFollowedByAnotherAfterTheInterval() {
        confirmed();

        assertThat(probe.tick(0)).isFalse();
        returnLast();
        assertThat(probe.tick(SECOND / 2)).isFalse();
        assertThat(published).hasSize(1);
        assertThat(probe.tick(SECOND)).isFalse();

        assertThat(published).hasSize(2);
        assertThat(probe.returnedAt()).isNotNull();
    }

    @Test
    void probeThatDoesNotComeBackIsReportedOnce() {
        confirmed();
        probe.tick(0);

        assertThat(probe.tick(SECOND - 1)).isFalse();
        assertThat(probe.tick(SECOND)).isTrue();
        assertThat(probe.tick(SECOND + 1)).isFalse();
    }

    @Test
    void probeThatCouldNotBePublishedSaysNothing() {
        confirmed();
        result = CompletableFuture.failedFuture(new IllegalStateException("no connection"));

        probe.tick(0);

        assertThat(probe.tick(SECOND)).isFalse();
        assertThat(probe.returnedAt()).isNull();
        assertThat(published).hasSize(2);
    }

    @Test
    void probeThatCouldNotBePublishedIsSentAgainSoon() {
        confirmed();
        result = CompletableFuture.failedFuture(new IllegalStateException("no connection"));
        probe.tick(0);
        result = CompletableFuture.completedFuture(1L);

        probe.tick(SECOND / 5);
        assertThat(published).hasSize(1);

        probe.tick(SECOND / 4);
        assertThat(published).hasSize(2);
    }

    @Test
    void probeIsNoSubscriptionOfTheEngine() {
        confirmed();

        assertThat(partition.counts().wanted()).isZero();
    }

    @Test
    void anotherPartitionTakesTheProbeAlong() {
        confirmed();
        PartitionSubscriptions other = new PartitionSubscriptions(4, new RedisStatistics());
        other.assign(owner);

        probe.use(other, "other", 0);

        SubscriptionBatch ended = partition.nextBatch();
        assertThat(ended.subscribe()).isFalse();
        assertThat(new String(other.nextBatch().names()[0], StandardCharsets.UTF_8))
                .isEqualTo("app:probe:{other}:node");
    }
}
