package dev.realtime.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class ChannelTableTests {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

    private final ChannelTable<Counter> table = new ChannelTable<>(Counter::new, () -> time.now(TimeUnit.NANOSECONDS));

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

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }

    /** One thread waits for the lock of a row while the other, which holds it, removes the last content. */
    @Test
    void changeIsNotWrittenIntoARowForgottenWhileWaitingForItsLock() throws Exception {
        add("a", 1);
        CountDownLatch holding = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Thread remover = new Thread(() -> table.use("a", (row, nowMillis) -> {
            holding.countDown();
            awaitUninterrupted(release);
            return row.count = 0;
        }));
        Thread writer = new Thread(() -> add("a", 5));

        remover.start();
        holding.await();
        writer.start();
        await().until(() -> writer.getState() == Thread.State.BLOCKED);
        release.countDown();
        remover.join();
        writer.join();

        assertThat(table.<Integer>useIfKept("a", 0, (row, nowMillis) -> row.count))
                .isEqualTo(5);
    }
}
