package dev.realtime.engine.redis.pubsub;

import dev.realtime.engine.redis.cluster.ClusterView;
import dev.realtime.engine.redis.driver.Backoff;
import dev.realtime.engine.redis.key.Partitions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Assignment of partitions to the connections that own them, through which the commands of each partition are sent.
 * Belongs to the reconciler.
 */
final class PartitionAssignment {

    private static final Duration INITIAL_REFUSAL_DELAY = Duration.ofMillis(50);

    private static final Duration MAX_REFUSAL_DELAY = Duration.ofSeconds(2);

    private final PartitionSubscriptions[] partitions;

    private final Partitions tags;

    private final @Nullable PubSubConnection[] owners;

    /** Per partition the time from which commands may be sent again after one was refused. */
    private final long[] retryAt;

    private final Backoff[] refusals;

    PartitionAssignment(PartitionSubscriptions[] partitions, Partitions tags) {
        this.partitions = partitions;
        this.tags = tags;
        this.owners = new PubSubConnection[partitions.length];
        this.retryAt = new long[partitions.length];
        this.refusals = new Backoff[partitions.length];
        for (int partition = 0; partition < partitions.length; partition++) {
            refusals[partition] = new Backoff(INITIAL_REFUSAL_DELAY, MAX_REFUSAL_DELAY);
        }
    }

    /**
     * Assigns each partition to the connection that owns its slot.
     *
     * @return whether there is one for each
     */
    boolean assign(PubSubPool pool, ClusterView view, long now) {
        boolean complete = true;
        for (int partition = 0; partition < partitions.length; partition++) {
            PubSubConnection owner = pool.connectionFor(view.owner(tags.slot(partition)));
            owners[partition] = owner;
            if (partitions[partition].assign(owner)) {
                retryAt[partition] = now;
            }
            complete &= owner != null;
        }
        return complete;
    }

    /** Leaves all partitions without a connection. */
    void clear() {
        for (PartitionSubscriptions partition : partitions) {
            partition.assign(null);
        }
    }

    /**
     * Sends the commands that are missing: first those that a call waits for, then a batch of each partition in turn,
     * so that no partition has to wait for all names of another.
     */
    void send(long now) {
        boolean more = true;
        while (more) {
            more = sendOneOfEach(now, true) || sendOneOfEach(now, false);
        }
    }

    private boolean sendOneOfEach(long now, boolean awaited) {
        boolean sent = false;
        for (int partition = 0; partition < partitions.length; partition++) {
            PubSubConnection owner = owners[partition];
            if (awaited && !partitions[partition].isAwaited()
                    || owner == null
                    || owner.isDoubted()
                    || !owner.hasRoom()
                    || now - retryAt[partition] < 0) {
                continue;
            }
            SubscriptionBatch batch = awaited ? partitions[partition].nextAwaited() : partitions[partition].nextBatch();
            if (batch != null) {
                owner.send(batch);
                sent = true;
            }
        }
        return sent;
    }

    /** Delays further commands of a partition, as Redis refused one. */
    void refused(int partition, long now) {
        if (now - retryAt[partition] > MAX_REFUSAL_DELAY.toNanos()) {
            refusals[partition].reset();
        }
        retryAt[partition] = now + refusals[partition].next();
    }

    /** Returns a partition that a connection owns, preferably the given one; {@code null} if it owns none. */
    @Nullable
    PartitionSubscriptions ownedBy(@Nullable PubSubConnection connection, @Nullable PartitionSubscriptions preferred) {
        if (preferred != null && owners[preferred.partition()] == connection) {
            return preferred;
        }
        for (int partition = 0; partition < partitions.length; partition++) {
            if (owners[partition] == connection) {
                return partitions[partition];
            }
        }
        return null;
    }
}
