package dev.realtime.spi.transport;

import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/** Executor that runs its tasks when the test says so, on the thread of the test, and whose time passes by command. */
public final class ManualExecutor extends AbstractScheduledEventExecutor {

    private final Thread thread = Thread.currentThread();

    private final MockTicker ticker = Ticker.newMockTicker();

    private final Queue<Runnable> tasks = new ArrayDeque<>();

    private Runnable beforeExecute = () -> {};

    private Runnable beforeTicker = () -> {};

    /** Runs this when a task is handed over; it may throw. */
    public void beforeExecute(Runnable action) {
        beforeExecute = action;
    }

    /** Runs this when the time is read; it may throw. */
    public void beforeTicker(Runnable action) {
        beforeTicker = action;
    }

    /** Runs everything that waits, and what that brings. */
    public void runAll() {
        for (Runnable task = next0(); task != null; task = next0()) {
            task.run();
        }
    }

    /** Lets time pass, running each task at the moment it is due. */
    public void advance(Duration duration) {
        long left = duration.toNanos();
        runAll();
        while (left > 0) {
            long untilNext = nextScheduledTaskNano();
            long step = untilNext < 0 ? left : Math.min(left, Math.max(1, untilNext));
            ticker.advance(step, TimeUnit.NANOSECONDS);
            left -= step;
            runAll();
        }
    }

    /** Lets time pass while the thread is kept by something else, then runs what became due. */
    public void stall(Duration duration) {
        ticker.advance(duration.toNanos(), TimeUnit.NANOSECONDS);
        runAll();
    }

    /** Returns whether tasks wait for their time. */
    public boolean hasTimers() {
        return nextScheduledTaskNano() >= 0;
    }

    private Runnable next0() {
        fetchFromScheduledTaskQueue(tasks);
        return tasks.poll();
    }

    @Override
    public void execute(Runnable command) {
        beforeExecute.run();
        tasks.add(command);
    }

    @Override
    public MockTicker ticker() {
        beforeTicker.run();
        return ticker;
    }

    @Override
    public boolean inEventLoop(Thread thread) {
        return thread == this.thread;
    }

    @Override
    public boolean isShuttingDown() {
        return false;
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }

    @Override
    @Deprecated
    public void shutdown() {
        throw new UnsupportedOperationException("a manual executor ends with its test");
    }

    @Override
    public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        return terminationFuture();
    }

    @Override
    public Future<?> terminationFuture() {
        return GlobalEventExecutor.INSTANCE.newSucceededFuture(null);
    }
}
