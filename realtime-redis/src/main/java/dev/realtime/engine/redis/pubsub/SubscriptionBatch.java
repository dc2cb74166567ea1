package dev.realtime.engine.redis.pubsub;

import java.util.List;

/**
 * Names of one partition that go out in one command.
 *
 * @param partition they belong to
 * @param subscribe whether to subscribe rather than to unsubscribe
 * @param subscriptions at least one
 */
record SubscriptionBatch(PartitionSubscriptions partition, boolean subscribe, List<NameSubscription> subscriptions) {

    byte[][] names() {
        byte[][] names = new byte[subscriptions.size()][];
        for (int index = 0; index < names.length; index++) {
            names[index] = subscriptions.get(index).name;
        }
        return names;
    }

    /** Two batches are never the same one. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
