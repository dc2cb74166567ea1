package dev.realtime.engine.redis;

import java.util.Collection;

/**
 * Receives what arrives for subscribed names. Called on event loops of the driver, for one partition never by two threads at
 * a time; must return at once.
 */
interface SubscriptionListener {

    /** A message arrived, in the order in which the server sent it. */
    void onMessage(int partition, byte[] name, byte[] message);

    /**
     * These names were without a confirmed subscription for some time and have one again, or what arrived for them was dropped:
     * messages may have been missed. What is called {@link #onMessage} with after this was sent after the new confirmation.
     */
    void onResubscribed(int partition, Collection<byte[]> names);
}
