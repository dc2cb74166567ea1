package dev.realtime.engine.redis.occupancy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The channels of one partition that this node has subscribers in, and whether Redis knows. May be used by any thread.
 */
final class OccupancyShare {

    final int partition;

    /** The truth; Redis is to have the same. As large as what the node is subscribed to. */
    private final Set<String> occupied = ConcurrentHashMap.newKeySet();

    /** Number of the last change that was sent. */
    private final AtomicLong sent = new AtomicLong();

    /** Number of the latest change that Redis acknowledged. */
    private final AtomicLong acknowledged = new AtomicLong();

    /** Whether Redis may have something else, and all is to be compared. */
    private volatile boolean doubtful;

    /** When the lease is to be renewed, by the clock of the scheduler. */
    private volatile long renewAtMillis;

    OccupancyShare(int partition) {
        this.partition = partition;
    }

    /** Remembers a change of this node. */
    void put(OccupancyChange change) {
        if (change.occupied()) {
            occupied.add(change.channel());
        } else {
            occupied.remove(change.channel());
        }
    }

    boolean has(String channel) {
        return occupied.contains(channel);
    }

    /** As of now or a moment later. */
    Set<String> channels() {
        return occupied;
    }

    /** Number of the last of so many changes, which are about to be sent. */
    long nextNumber(int changes) {
        return sent.addAndGet(changes);
    }

    /** Returns the lowest number of a change that a later reply of Redis must contain. */
    long acknowledged() {
        return acknowledged.get();
    }

    void acknowledge(long number) {
        acknowledged.accumulateAndGet(number, Math::max);
    }

    void doubt() {
        doubtful = true;
    }

    /** Whether there was a doubt, which is cleared by this. */
    boolean clearDoubt() {
        boolean doubted = doubtful;
        doubtful = false;
        return doubted;
    }

    boolean isDue(long nowMillis) {
        return doubtful || nowMillis >= renewAtMillis;
    }

    void renewAt(long millis) {
        renewAtMillis = millis;
    }
}
