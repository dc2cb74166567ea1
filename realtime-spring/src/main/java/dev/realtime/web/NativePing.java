package dev.realtime.web;

import dev.realtime.failure.Boundary;
import dev.realtime.failure.FailureOwner;
import dev.realtime.failure.Place;
import dev.realtime.spi.transport.Direction;
import dev.realtime.spi.transport.TransportDescription;
import dev.realtime.spi.transport.WireForm;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ping frames of WebSocket instead of the protocol's own pings, for clients that cannot reply to those. Confined to the
 * executor of its connection.
 */
public final class NativePing {

    private final EventExecutor executor;

    private final long intervalNanos;

    private final long timeoutNanos;

    private final Runnable ping;

    private final Runnable noPong;

    private final FailureOwner owner;

    /** Timer of the next ping or of the pong; null before the start and after the end. */
    private @Nullable Future<?> timer;

    private boolean awaitingPong;

    /**
     * Returns whether a socket is pinged natively: where the protocol does not ping, and to notice lost unidirectional
     * clients, which never reply to the pings of the protocol.
     */
    public static boolean isNeeded(WireForm wireForm, TransportDescription description, WebSocketOptions options) {
        boolean without = !description.capabilities().ping() || wireForm.direction() == Direction.UNIDIRECTIONAL;
        return without && !options.pingInterval().isZero();
    }

    /**
     * @param ping sends a ping
     * @param noPong called when a ping got no pong; pings continue until {@link #cancel()}
     * @param owner ends when one of these fails
     */
    public NativePing(
            EventExecutor executor,
            Duration interval,
            Duration timeout,
            Runnable ping,
            Runnable noPong,
            FailureOwner owner) {
        this.executor = executor;
        this.intervalNanos = interval.toNanos();
        this.timeoutNanos = timeout.toNanos();
        this.ping = ping;
        this.noPong = noPong;
        this.owner = owner;
    }

    /** Schedules the first ping. */
    public void start() {
        timer = schedule(this::ping, intervalNanos);
    }

    /** Notes that the client has replied. */
    public void onPong() {
        awaitingPong = false;
    }

    /** Ends the pings. */
    public void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private @Nullable Future<?> schedule(Runnable task, long delayNanos) {
        return Boundary.schedule(
                executor, Boundary.ownedTask(Place.TIMER, owner, task), delayNanos, TimeUnit.NANOSECONDS);
    }

    private void ping() {
        awaitingPong = true;
        timer = schedule(this::checkPong, timeoutNanos);
        ping.run();
    }

    private void checkPong() {
        timer = schedule(this::ping, intervalNanos - timeoutNanos);
        if (awaitingPong) {
            noPong.run();
        }
    }
}
