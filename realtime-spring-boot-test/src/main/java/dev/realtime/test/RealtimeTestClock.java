package dev.realtime.test;

import dev.realtime.node.NodeTime;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Clock of the node under test. It goes with the clock of the machine until a test advances it, so that tokens,
 * subscriptions, presence, history and pings end without sleeping. After the test it shows the time of the machine
 * again. It is one for all tests that share an application context: a test that advances it must not run at the same
 * time as others of that context.
 */
public final class RealtimeTestClock extends Clock implements AutoCloseable {

    /** Longest time that passes in one piece: less than clients and presence may be silent. */
    private static final Duration STEP = Duration.ofSeconds(1);

    private static final int MAX_STEPS = 10_000;

    private static final int MAX_ROUNDS = 100;

    private final Ticker ticker = new OffsetTicker();

    private final List<TestLoop> loops = new CopyOnWriteArrayList<>();

    /** Offset of the monotonic clock from that of the machine; only grows. */
    private volatile long offsetNanos;

    /** Offset of the wall clock from that of the machine. */
    private volatile Duration offset = Duration.ZERO;

    /** Returns a new event loop that goes by this clock; closed with it. */
    EventExecutor newLoop(String name) {
        TestLoop loop = new TestLoop(name, ticker);
        loops.add(loop);
        return loop;
    }

    /** Returns the time of a new node, with a scheduler of its own. */
    NodeTime newNodeTime() {
        return new NodeTime(this, ticker::nanoTime, newScheduler("realtime-test-node"), () -> 0.5);
    }

    /** Returns a new scheduler that goes by this clock, on an event loop of its own. */
    Scheduler newScheduler(String name) {
        return Schedulers.fromExecutorService(newLoop(name), name);
    }

    /** Returns the monotonic time, in nanoseconds. */
    long nanoTime() {
        return ticker.nanoTime();
    }

    /**
     * Advances the time: timers of the server that are due run, in steps of a second, and clients answer pings
     * meanwhile. Handlers on separate threads may still run when it returns.
     *
     * @param duration not negative; a day takes about a second
     * @throws IllegalArgumentException if the duration is negative
     */
    public void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(
                    "The time cannot be set back by " + duration + ". Advance it by a positive duration.");
        }
        long left = duration.toNanos();
        long step = Math.max(STEP.toNanos(), left / MAX_STEPS);
        settle();
        while (left > 0) {
            long passed = Math.min(left, step);
            pass(passed);
            left -= passed;
            settle();
        }
    }

    private synchronized void pass(long nanos) {
        offset = offset.plusNanos(nanos);
        offsetNanos += nanos;
    }

    /** Runs what is due, and what that gives other loops to do. */
    private void settle() {
        boolean busy = true;
        for (int round = 0; busy && round < MAX_ROUNDS; round++) {
            busy = false;
            for (TestLoop loop : loops) {
                busy |= loop.settle();
            }
        }
    }

    /** Shows the time of the machine again; what has ended stays so. */
    public synchronized void reset() {
        offset = Duration.ZERO;
    }

    @Override
    public Instant instant() {
        return Instant.now().plus(offset);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return zone.equals(ZoneOffset.UTC) ? this : Clock.offset(Clock.system(zone), offset);
    }

    /** Ends the event loops. */
    @Override
    public void close() {
        loops.forEach(loop -> loop.shutdownGracefully(0, 1, TimeUnit.SECONDS));
    }

    private final class OffsetTicker implements Ticker {

        @Override
        public long initialNanoTime() {
            return Ticker.systemTicker().initialNanoTime();
        }

        @Override
        public long nanoTime() {
            return Ticker.systemTicker().nanoTime() + offsetNanos;
        }

        @Override
        public void sleep(long delay, TimeUnit unit) throws InterruptedException {
            Ticker.systemTicker().sleep(delay, unit);
        }
    }
}
