package dev.realtime.loop;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Data queued for all clients of a node that do not take it as fast as it comes, as bytes and as the memory that
 * holds them. Each loop reports its own: see {@link SlowQueues}.
 */
public final class NodeQueues {

    private static final long SMALLEST_STEP = 65_536;

    private final long maxBytes;

    private final AtomicLong queued = new AtomicLong();

    private final AtomicLong held = new AtomicLong();

    /** @param maxBytes 0 for no ceiling */
    public NodeQueues(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    boolean limited() {
        return maxBytes > 0;
    }

    /** Returns the growth of the queues of a loop after which it has to weigh them without waiting. */
    long step() {
        return Math.max(SMALLEST_STEP, maxBytes / 32);
    }

    /** Reports a change of one loop's bytes; returns whether all together are over the ceiling. */
    boolean isOver(long queuedChange) {
        return queued.addAndGet(queuedChange) > maxBytes;
    }

    /**
     * Reports a change of the memory one loop holds; returns how much all together are over the ceiling, 0 if they are
     * not.
     */
    long excess(long heldChange) {
        return Math.max(0, held.addAndGet(heldChange) - maxBytes);
    }
}
