package dev.realtime.engine.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.cluster.ClusterView;
import dev.realtime.engine.redis.key.Partitions;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Times at which a write is tried, and the meaning of its failure. */
class WriteProbesTests {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private int written;

    private CompletionStage<?> result = CompletableFuture.completedFuture("OK");

    private final WriteProbes probes = new WriteProbes(
            (partition, key) -> {
                written++;
                return result;
            },
            new Partitions(8),
            "app",
            Duration.ofSeconds(5),
            Runnable::run);

    private void refuse(String reply) {
        result = CompletableFuture.failedFuture(new RedisCommandExecutionException(reply));
    }

    private long now = System.nanoTime();

    /** Replies are dated by the real clock, which may be ahead on a busy machine. */
    private void tick(long later) {
        now = Math.max(now, System.nanoTime());
        tickWithoutPause(later);
    }

    private void tickWithoutPause(long later) {
        now += later;
        probes.tick(ClusterView.sole(), now);
    }

    @Test
    void writesAreTriedAtTheInterval() {
        tick(0);
        tick(SECOND);
        assertThat(written).isEqualTo(1);

        tick(6 * SECOND);

        assertThat(written).isEqualTo(2);
        assertThat(probes.problem()).isNull();
    }

    @Test
    void refusedCommandHasAWriteTriedSoonAndNotForEachOne() {
        tick(0);
        for (int refused = 0; refused < 100; refused++) {
            probes.hurry();
            tickWithoutPause(SECOND / 1000);
        }

        assertThat(written).isEqualTo(1);
        probes.hurry();
        tick(SECOND);
        assertThat(written).isEqualTo(2);
    }

    @Test
    void refusalIsAProblemUntilAWriteSucceeds() {
        refuse("OOM command not allowed when used memory > 'maxmemory'.");
        tick(0);
        assertThat(probes.problem()).contains("does not take writes").contains("no memory left");

        result = CompletableFuture.completedFuture("OK");
        tick(SECOND);

        assertThat(probes.problem()).isNull();
    }

    @Test
    void redirectSilenceAndAMomentWithoutOwnerSayNothing() {
        refuse("MOVED 1 127.0.0.1:7000");
        tick(0);
        assertThat(probes.problem()).isNull();
        refuse("CLUSTERDOWN The cluster is down");
        tick(6 * SECOND);
        assertThat(probes.problem()).isNull();
        result = CompletableFuture.failedFuture(new RedisCommandTimeoutException("no answer"));
        tick(SECOND);
        assertThat(probes.problem()).isNull();
    }
}
