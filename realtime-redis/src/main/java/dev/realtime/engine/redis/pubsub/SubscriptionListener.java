package dev.realtime.engine.redis.pubsub;

import java.util.Collection;

/**
 * Receiver of the messages for subscribed names. Called on event loops of the driver or on the reconciler, for one
 * partition never by two threads at a time; must return immediately. It is called under the lock of the partition: it
 * must not wait for a lock under which another thread calls the {@link SubscriptionManager}.
 *
 * <p>Around a failover a message may be older than one that was delivered before: what the old primary accepted is
 * forwarded to the new one by the cluster bus, and a frozen server processes its socket buffers when it continues.
 */
public interface SubscriptionListener {

    /** A message arrived, in the order in which the server sent it. */
    void onMessage(int partition, byte[] name, byte[] message);

    /**
     * These names were without a confirmed subscription for some time and have one again, or what arrived for them was
     * dropped: messages may have been missed. What is called {@link #onMessage} with after this was sent after the new
     * confirmation.
     */
    void onResubscribed(int partition, Collection<byte[]> names);
}
