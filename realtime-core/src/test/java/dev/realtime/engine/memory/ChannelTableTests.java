package dev.realtime.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class ChannelTableTests {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

    private final ChannelTable<Counter> table = new ChannelTable<>(Counter::new, time);

    /** A number worth keeping while it is not zero, until its time is over. */
    private static final class Counter extends ChannelTable.Row {

        private int count;

        private long expiresAtMillis = Long.MAX_VALUE;

        @Override
        void expire(long nowMillis) {
            if (expiresAtMillis <= nowMillis) {
                count = 0;
            }
        }

        @Override
        boolean isEmpty() {
            return count == 0;
        }
    }

    private int add(String channel, int change) {
        return table.use(channel, (row, nowMillis) -> row.count += change);
    }

    private void addUntil(String channel, Duration life) {
        table.use(channel, (row, nowMillis) -> {
            row.expiresAtMillis = nowMillis + life.toMillis();
            return row.count++;
        });
    }

    @Test
    void rowIsForgottenWhenItsContentIsGone() {
        add("a", 1);
        add("b", 1);

        add("a", -1);

        assertThat(table.size()).isEqualTo(1);
        assertThat(table.<Integer>useIfKept("a", -1, (row, nowMillis) -> row.count))
                .isEqualTo(-1);
        assertThat(table.<Integer>useIfKept("b", -1, (row, nowMillis) -> row.count))
                .isEqualTo(1);
    }

    @Test
    void expiredContentIsNeverSeen() {
        addUntil("a", Duration.ofSeconds(1));

        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(table.<Integer>useIfKept("a", -1, (row, nowMillis) -> row.count))
                .isZero();
        assertThat(table.size()).isZero();
    }

    @Test
    void sweepFreesWhatHasExpired() {
        addUntil("a", Duration.ofSeconds(1));
        addUntil("b", Duration.ofSeconds(2));
        time.advanceTimeBy(Duration.ofSeconds(1));

        table.sweep();

        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void sweepIsBoundedAndTheNextGoesOnWhereItStopped() {
        int rows = ChannelTable.ROWS_PER_SWEEP * 2 + 1;
        for (int i = 0; i < rows; i++) {
            addUntil("channel-" + i, Duration.ofSeconds(1));
        }
        time.advanceTimeBy(Duration.ofSeconds(1));

        List<Long> left = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            table.sweep();
            left.add(table.size());
        }

        assertThat(left).containsExactly(ChannelTable.ROWS_PER_SWEEP + 1L, 1L, 0L);
    }

    @Test
    void sweepsGoRoundAgain() {
        addUntil("a", Duration.ofSeconds(5));
        table.sweep();
        table.sweep();
        time.advanceTimeBy(Duration.ofSeconds(5));

        table.sweep();

        assertThat(table.size()).isZero();
    }

    /**
     * Threads raise and lower the count of one channel, which keeps passing zero, where its row is forgotten, while
     * another sweeps. A change written into a forgotten row would be missing in the end.
     */
    @Test
    void changeIsNeverWrittenIntoAForgottenRow() throws Exception {
        int threads = 4;
        int changes = 20_000;
        AtomicInteger running = new AtomicInteger(threads);
        CyclicBarrier start = new CyclicBarrier(threads + 1);
        ExecutorService executor = Executors.newFixedThreadPool(threads + 1);
        try {
            List<Future<?>> futures = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int change = thread % 2 == 0 ? 1 : -1;
                futures.add(executor.submit(() -> {
                    start.await();
                    for (int i = 0; i < changes; i++) {
                        add("a", change);
                    }
                    return running.decrementAndGet();
                }));
            }
            futures.add(executor.submit(() -> {
                start.await();
                while (running.get() > 0) {
                    table.sweep();
                }
                return 0;
            }));
            for (Future<?> future : futures) {
                future.get();
            }
        } finally {
            executor.shutdownNow();
        }

        assertThat(table.<Integer>useIfKept("a", 0, (row, nowMillis) -> row.count))
                .isZero();
        assertThat(table.size()).isZero();
    }
}
