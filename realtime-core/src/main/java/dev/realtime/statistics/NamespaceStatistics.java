package dev.realtime.statistics;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counters of the channels of one namespace on one node. */
public final class NamespaceStatistics {

    private final String namespace;
    private final LongAdder subscriptions = new LongAdder();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder filtered = new LongAdder();
    private final LongAdder conflated = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder recovered = new LongAdder();
    private final LongAdder notRecovered = new LongAdder();
    private final LongAdder insufficientState = new LongAdder();
    private final Map<RecoveryFailure, LongAdder> recoveryFailures = new EnumMap<>(RecoveryFailure.class);

    NamespaceStatistics(String namespace) {
        this.namespace = namespace;
        for (RecoveryFailure failure : RecoveryFailure.values()) {
            recoveryFailures.put(failure, new LongAdder());
        }
    }

    /** Name of the namespace, empty for channels without one. */
    public String namespace() {
        return namespace;
    }

    /** Subscriptions open now. */
    public long subscriptions() {
        return subscriptions.sum();
    }

    /** Publications written to subscribers. */
    public long delivered() {
        return delivered.sum();
    }

    /** Publications that were not written to subscribers because their filter did not match. */
    public long filtered() {
        return filtered.sum();
    }

    /** Publications that were not written to subscribers that were behind, because a newer one of their key was. */
    public long conflated() {
        return conflated.sum();
    }

    /** Publications that were not written to subscribers that were behind, because their queue was full. */
    public long dropped() {
        return dropped.sum();
    }

    /**
     * Publications that arrived at this node and were not delivered to a subscriber, because its executor did not keep
     * up or memory was missing. Positioned subscribers are notified of the gap.
     */
    public long lost() {
        return lost.sum();
    }

    /** Recoveries that found everything. */
    public long recovered() {
        return recovered.sum();
    }

    /** Recoveries that failed, of which the client was notified. */
    public long notRecovered() {
        return notRecovered.sum();
    }

    /** Recoveries that could not for this reason. */
    public long notRecovered(RecoveryFailure failure) {
        LongAdder count = recoveryFailures.get(failure);
        return count == null ? 0 : count.sum();
    }

    /** Gaps found in live streams, so that the client had to subscribe again. */
    public long insufficientState() {
        return insufficientState.sum();
    }

    public void subscriptionAdded() {
        subscriptions.increment();
    }

    public void subscriptionRemoved() {
        subscriptions.decrement();
    }

    public void deliveredOne() {
        delivered.increment();
    }

    public void delivered(int count) {
        if (count > 0) {
            delivered.add(count);
        }
    }

    public void filtered(int count) {
        if (count > 0) {
            filtered.add(count);
        }
    }

    public void conflatedOne() {
        conflated.increment();
    }

    public void droppedOne() {
        dropped.increment();
    }

    public void lost(int count) {
        lost.add(count);
    }

    public void recoverySucceeded() {
        recovered.increment();
    }

    public void recoveryFailed(RecoveryFailure failure) {
        notRecovered.increment();
        LongAdder count = recoveryFailures.get(failure);
        if (count != null) {
            count.increment();
        }
    }

    public void gapFound() {
        insufficientState.increment();
    }
}
