package dev.realtime.engine.redis;

import java.time.Duration;

/**
 * When a connection is to be proved, and when its answer is overdue. A connection can look open for a quarter of an hour after
 * its peer is gone, and for ever when the peer is frozen: only an answer proves it. Belongs to one thread.
 */
final class Heartbeat {

    private final long intervalNanos;

    private final long timeoutNanos;

    private boolean waiting;

    private long sentAt;

    private long heardAt;

    private long activity;

    /** The first ping is due at once. */
    Heartbeat(Duration interval, Duration timeout, long now) {
        this.intervalNanos = interval.toNanos();
        this.timeoutNanos = timeout.toNanos();
        this.sentAt = now - intervalNanos;
        this.heardAt = now;
    }

    /** Whether a ping is to be sent now; the caller then sends it. */
    boolean due(long now) {
        if (waiting || now - sentAt < intervalNanos) {
            return false;
        }
        waiting = true;
        sentAt = now;
        heardAt = now;
        return true;
    }

    /** The answer to the last ping arrived. */
    void answered() {
        waiting = false;
    }

    /**
     * Whether the peer was silent for too long.
     *
     * @param received counts what else arrived: behind a long queue of replies an answer comes late, but something comes
     */
    boolean overdue(long now, long received) {
        if (received != activity) {
            activity = received;
            heardAt = now;
        }
        return waiting && now - heardAt >= timeoutNanos;
    }
}
