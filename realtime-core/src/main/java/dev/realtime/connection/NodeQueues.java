package dev.realtime.connection;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes queued for all clients of a node that do not take them as fast as they come. Each loop reports what its clients hold
 * up; when the sum is over the ceiling, the loop that reports closes its longest queues first.
 */
final class NodeQueues {

    private final long maxBytes;

    private final AtomicLong total = new AtomicLong();

    /** @param maxBytes 0 for no ceiling */
    NodeQueues(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    boolean limited() {
        return maxBytes > 0;
    }

    /** Reports a change of one loop's sum and answers how many bytes the node is over its ceiling, 0 if it is not. */
    long report(long changeBytes) {
        return Math.max(0, total.addAndGet(changeBytes) - maxBytes);
    }
}
