package dev.realtime.webflux;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ping frames of WebSocket in place of the protocol's own pings, for tools that cannot answer those. Confined to the
 * executor of its connection.
 */
final class NativePing {

    private final EventExecutor executor;

    private final long intervalNanos;

    private final long timeoutNanos;

    private final Runnable ping;

    private final Runnable noPong;

    /** Fires the next ping or ends the wait for a pong; null before the start and after the end. */
    private @Nullable Future<?> timer;

    private boolean awaitingPong;

    /**
     * @param ping sends a ping
     * @param noPong called when a ping stays unanswered; pings go on until {@link #cancel()}
     */
    NativePing(EventExecutor executor, Duration interval, Duration timeout, Runnable ping, Runnable noPong) {
        this.executor = executor;
        this.intervalNanos = interval.toNanos();
        this.timeoutNanos = timeout.toNanos();
        this.ping = ping;
        this.noPong = noPong;
    }

    void start() {
        timer = executor.schedule(this::ping, intervalNanos, TimeUnit.NANOSECONDS);
    }

    void onPong() {
        awaitingPong = false;
    }

    void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void ping() {
        awaitingPong = true;
        timer = executor.schedule(this::checkPong, timeoutNanos, TimeUnit.NANOSECONDS);
        ping.run();
    }

    private void checkPong() {
        timer = executor.schedule(this::ping, intervalNanos - timeoutNanos, TimeUnit.NANOSECONDS);
        if (awaitingPong) {
            noPong.run();
        }
    }
}
