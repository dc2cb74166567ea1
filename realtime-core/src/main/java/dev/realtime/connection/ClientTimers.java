package dev.realtime.connection;

import dev.realtime.failure.Place;
import dev.realtime.loop.TimerWheel;
import java.time.Duration;

/**
 * Everything of one connection that happens by time: the stale, ping, pong, expiry and presence deadlines, as one timer
 * in the wheel of its loop. Touched on the executor of the connection only.
 */
final class ClientTimers extends TimerWheel.Timer {

    private final ClientConnection connection;

    private final ConnectionContext context;

    private final TimerWheel wheel;

    private long staleAt = TimerWheel.NEVER;
    private long pingAt = TimerWheel.NEVER;
    private long pongAt = TimerWheel.NEVER;
    private long expireAt = TimerWheel.NEVER;
    private long presenceAt = TimerWheel.NEVER;

    /** Pings without a pong so far; more than one only if the client is kept waiting for long. */
    private int pongsOwed;

    ClientTimers(ClientConnection connection, ConnectionContext context, TimerWheel wheel) {
        this.connection = connection;
        this.context = context;
        this.wheel = wheel;
    }

    /** The client has so long to connect, or to leave after connect was refused. */
    void closeWhenStale() {
        staleAt = in(context.options().staleCloseDelay());
        reschedule();
    }

    /** The connect command arrived: callbacks have time limits of their own, which may be longer. */
    void connectArrived() {
        staleAt = TimerWheel.NEVER;
    }

    /** Starts pings and the checks of subscriptions after the client has connected. */
    void connected(boolean ping) {
        ClientOptions options = context.options();
        if (ping) {
            pingAt = in(jittered(options.pingInterval()));
        }
        presenceAt = in(jittered(options.presenceUpdateInterval()));
        reschedule();
    }

    /** The connection ends at that time. */
    void expireIn(Duration duration) {
        expireAt = in(duration);
        reschedule();
    }

    /** The connection has no end any more. */
    void neverExpire() {
        expireAt = TimerWheel.NEVER;
    }

    /** Returns whether the client owed a pong; it owes one less now. */
    boolean pongArrived() {
        if (pongsOwed == 0) {
            return false;
        }
        pongsOwed--;
        if (pongsOwed == 0) {
            pongAt = TimerWheel.NEVER;
        }
        return true;
    }

    void cancel() {
        wheel.cancel(this);
    }

    @Override
    public long fire(long nowNanos) {
        if (staleAt <= nowNanos) {
            connection.becameStale();
            return TimerWheel.NEVER;
        }
        if (pongAt <= nowNanos) {
            if (!connection.isKeptWaiting()) {
                connection.missedPong();
                return TimerWheel.NEVER;
            }
            // Its pong may have arrived behind the command that waits, so the client is not late.
            pongAt = nowNanos + context.options().pongTimeout().toNanos();
        }
        if (expireAt <= nowNanos) {
            expireAt = TimerWheel.NEVER;
            connection.expired();
        }
        if (pingAt <= nowNanos) {
            pingAt = nowNanos + context.options().pingInterval().toNanos();
            pongsOwed++;
            if (pongAt == TimerWheel.NEVER) {
                pongAt = nowNanos + context.options().pongTimeout().toNanos();
            }
            connection.ping();
        }
        if (presenceAt <= nowNanos) {
            presenceAt = nowNanos + context.options().presenceUpdateInterval().toNanos();
            connection.lookAfterSubscriptions();
        }
        return connection.isClosed() ? TimerWheel.NEVER : next();
    }

    @Override
    public void failed(Place place, Throwable failure) {
        connection.failed(place, failure);
    }

    private void reschedule() {
        wheel.schedule(this, next());
    }

    private long next() {
        return Math.min(Math.min(Math.min(staleAt, pingAt), Math.min(pongAt, expireAt)), presenceAt);
    }

    private long in(Duration duration) {
        return wheel.nowNanos() + duration.toNanos();
    }

    /** Somewhere in the second half, so that clients that came together do not act together. */
    private Duration jittered(Duration interval) {
        return Duration.ofNanos(
                (long) (interval.toNanos() * (0.5 + context.random().getAsDouble() / 2)));
    }
}
