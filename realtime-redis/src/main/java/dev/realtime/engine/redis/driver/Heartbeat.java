package dev.realtime.engine.redis.driver;

import io.lettuce.core.RedisCommandTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Schedule of the pings that verify a connection, and the deadline of their replies. A connection can look open for a
 * quarter of an
 * hour after its peer is gone, and for ever when the peer is frozen: only an answer proves it.
 *
 * <p>Silence counts only while this process was awake to hear: after a long pause of the garbage collector, or on a
 * machine that has no time for it, the answer may have been there for long. So each check counts for a moment at most.
 *
 * <p>Belongs to one thread, but for {@link #answered()}.
 */
public final class Heartbeat {

    private static final long MOST_PER_CHECK_NANOS = Duration.ofMillis(250).toNanos();

    private static final long SLOW_NANOS = Duration.ofMillis(300).toNanos();

    private final long intervalNanos;

    private final long timeoutNanos;

    private volatile boolean waiting;

    /** Whether the driver gave up the last ping, so that its answer will not be noticed. */
    private volatile boolean givenUp;

    private long sentAt;

    private long checkedAt;

    private long silentNanos;

    private long activity;

    /** The first ping is due immediately. */
    public Heartbeat(Duration interval, Duration timeout, long now) {
        this.intervalNanos = interval.toNanos();
        this.timeoutNanos = timeout.toNanos();
        this.sentAt = now - intervalNanos;
        this.checkedAt = now;
    }

    /**
     * Whether the peer has been silent for long enough to ask others about it: one that is frozen may have lost its
     * place to a replica long before it counts as dead here. As of the last call of {@link #overdue}.
     */
    public boolean isSlow() {
        return waiting && silentNanos >= Math.min(SLOW_NANOS, timeoutNanos);
    }

    /** Whether a ping is to be sent now; the caller then sends it. */
    public boolean due(long now) {
        if (waiting || now - sentAt < intervalNanos) {
            return false;
        }
        waiting = true;
        givenUp = false;
        sentAt = now;
        checkedAt = now;
        silentNanos = 0;
        return true;
    }

    /** The answer to the last ping arrived. May be called by any thread. */
    public void answered() {
        waiting = false;
    }

    /**
     * Notes the end of the last ping. An error reply is an answer, too; a ping that was lost with its connection says
     * nothing. One that took too long is followed by another as soon as something arrives.
     */
    public void ended(@Nullable Throwable failure) {
        if (failure == null || !(RedisErrorKind.unwrap(failure) instanceof RedisCommandTimeoutException)) {
            answered();
        } else {
            givenUp = true;
        }
    }

    /**
     * Whether the peer was silent for too long. To be asked every moment.
     *
     * @param received counts what else arrived: behind a long queue of replies an answer comes late, but something
     *     comes
     */
    public boolean overdue(long now, long received) {
        if (givenUp && received != activity) {
            answered();
        }
        silentNanos = received == activity ? silentNanos + Math.min(now - checkedAt, MOST_PER_CHECK_NANOS) : 0;
        checkedAt = now;
        activity = received;
        return waiting && silentNanos >= timeoutNanos;
    }
}
