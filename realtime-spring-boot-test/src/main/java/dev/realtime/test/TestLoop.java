package dev.realtime.test;

import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.NonBlocking;

/**
 * Event loop whose time is that of a {@link RealtimeTestClock}. Blocking operators of Reactor fail on it, as on any.
 */
final class TestLoop extends SingleThreadEventExecutor {

    private static final long PATIENCE_SECONDS = 30;

    private final @Nullable Ticker ticker;

    TestLoop(String name, Ticker ticker) {
        super(null, threads(name), true);
        this.ticker = ticker;
    }

    private static ThreadFactory threads(String name) {
        return task -> {
            Thread thread = new LoopThread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    protected void run() {
        while (!confirmShutdown()) {
            Runnable task = takeTask();
            if (task != null) {
                runTask(task);
                updateLastExecutionTime();
            }
        }
    }

    @Override
    public Ticker ticker() {
        // The constructor of the superclass asks before there is one.
        return ticker == null ? Ticker.systemTicker() : ticker;
    }

    /** Waits until nothing is due any more; returns whether there was something. */
    boolean settle() {
        boolean busy = false;
        while (!isShuttingDown() && !inEventLoop() && isBusy()) {
            busy = true;
        }
        return busy;
    }

    private boolean isBusy() {
        Future<Boolean> busy = submit(() -> hasTasks() || hasScheduledTasks());
        return busy.awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS) && busy.isSuccess() && busy.getNow();
    }

    private static final class LoopThread extends FastThreadLocalThread implements NonBlocking {

        LoopThread(Runnable task, String name) {
            super(task, name);
        }
    }
}
