package dev.realtime.engine.redis.pubsub;

import reactor.core.publisher.Mono;

/**
 * Keeps this node subscribed to a set of pub/sub names, through lost connections, moved slots and new primaries. The
 * set that is wanted is its own; what a connection has confirmed is compared with it after every disturbance.
 */
public interface SubscriptionManager {

    /**
     * Wants a name. Completes when the present owner of the partition confirmed it: all that is published from then on
     * reaches the listener, or {@link SubscriptionListener#onResubscribed} reports that it may not have. Fails with an
     * {@code EngineException} if it is not confirmed in time; the name is not wanted then.
     *
     * @param name carries the tag of the partition
     * @param listener of what arrives under the name
     */
    Mono<Void> subscribe(int partition, byte[] name, SubscriptionListener listener);

    /** Wants it no more; what arrives for it is dropped from now on. */
    Mono<Void> unsubscribe(int partition, byte[] name);

    /**
     * Returns whether a name that was confirmed has been interrupted and {@link SubscriptionListener#onResubscribed} is
     * still to be called for it.
     */
    boolean isInterrupted(int partition, byte[] name);
}
