package dev.realtime.connection;

import dev.realtime.failure.FailureOwner;
import dev.realtime.failure.Place;
import dev.realtime.loop.ConnectionLoop;
import dev.realtime.loop.TimerWheel;
import java.time.Duration;

/**
 * Everything of one connection that happens by time: the stale, ping, pong, expiry and presence deadlines, as one timer
 * in the wheel of its loop. Touched on the executor of the connection only.
 */
final class ClientTimers extends TimerWheel.Timer {

    /** Actions of the connection when a deadline has come. */
    interface Deadlines extends FailureOwner {

        boolean isClosed();

        /** Returns whether what the client sends is not read, because a command waits. */
        boolean isKeptWaiting();

        void becameStale();

        void missedPong();

        void expired();

        void ping();

        void checkSubscriptions();
    }

    private final Deadlines deadlines;

    private final ClientOptions options;

    private final ConnectionLoop loop;

    private final TimerWheel wheel;

    private long staleAt = TimerWheel.NEVER;
    private long pingAt = TimerWheel.NEVER;
    private long pongAt = TimerWheel.NEVER;
    private long expireAt = TimerWheel.NEVER;
    private long presenceAt = TimerWheel.NEVER;

    /** Whether the client replies to pings. */
    private boolean pongs;

    /** Pings without a pong so far; more than one only if the client is kept waiting for long. */
    private int pongsOwed;

    ClientTimers(Deadlines deadlines, ClientOptions options, ConnectionLoop loop) {
        this.deadlines = deadlines;
        this.options = options;
        this.loop = loop;
        this.wheel = loop.wheel();
    }

    /** Starts the deadline to connect, or to leave after connect was refused. */
    void closeWhenStale() {
        staleAt = in(options.staleCloseDelay());
        reschedule();
    }

    /** The connect command arrived: callbacks have time limits of their own, which may be longer. */
    void connectArrived() {
        staleAt = TimerWheel.NEVER;
    }

    /**
     * The client connected: it is pinged, and its subscriptions are checked, from now on.
     *
     * @param pongs whether the client replies to pings
     */
    void connected(boolean ping, boolean pongs) {
        this.pongs = pongs;
        if (ping) {
            pingAt = in(loop.jittered(options.pingInterval()));
        }
        presenceAt = in(loop.jittered(options.presenceUpdateInterval()));
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
            deadlines.becameStale();
            return TimerWheel.NEVER;
        }
        if (pongAt <= nowNanos) {
            if (!deadlines.isKeptWaiting()) {
                deadlines.missedPong();
                return TimerWheel.NEVER;
            }
            // Its pong may have arrived behind the command that waits, so the client is not late.
            pongAt = nowNanos + options.pongTimeout().toNanos();
        }
        if (expireAt <= nowNanos) {
            expireAt = TimerWheel.NEVER;
            deadlines.expired();
        }
        if (pingAt <= nowNanos) {
            pingAt = nowNanos + options.pingInterval().toNanos();
            oweOnePong(nowNanos);
            deadlines.ping();
        }
        if (presenceAt <= nowNanos) {
            presenceAt = nowNanos + options.presenceUpdateInterval().toNanos();
            deadlines.checkSubscriptions();
        }
        return deadlines.isClosed() ? TimerWheel.NEVER : next();
    }

    private void oweOnePong(long nowNanos) {
        if (pongs) {
            pongsOwed++;
            pongAt = pongAt == TimerWheel.NEVER
                    ? nowNanos + options.pongTimeout().toNanos()
                    : pongAt;
        }
    }

    @Override
    public void failed(Place place, Throwable failure) {
        deadlines.failed(place, failure);
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
}
