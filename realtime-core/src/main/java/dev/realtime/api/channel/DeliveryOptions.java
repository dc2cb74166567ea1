package dev.realtime.api.channel;

import java.time.Duration;

/**
 * Options of the way from a node to the subscribers of a channel.
 *
 * @param onSlow what becomes of publications for a subscriber that is behind; only for subscriptions whose offsets are
 *     not checked
 * @param conflateKey tag whose value is the key of a publication; empty if all publications of a channel have one key
 * @param batchMaxDelay how long a publication waits for others that are written together with it; zero for no waiting
 * @param batchMaxSize publications that end the waiting; 0 for any number
 */
public record DeliveryOptions(SlowClientPolicy onSlow, String conflateKey, Duration batchMaxDelay, int batchMaxSize) {

    /** Publications leave immediately, and slow clients are disconnected. */
    public static final DeliveryOptions DEFAULTS =
            new DeliveryOptions(SlowClientPolicy.DISCONNECT, "", Duration.ZERO, 0);

    /**
     * Sets what becomes of publications for a subscriber that is behind.
     *
     * @param onSlow the policy
     * @return a copy with the policy
     */
    public DeliveryOptions withOnSlow(SlowClientPolicy onSlow) {
        return new DeliveryOptions(onSlow, conflateKey, batchMaxDelay, batchMaxSize);
    }

    /**
     * Sets the tag by which publications are conflated.
     *
     * @param conflateKey name of the tag; empty if all publications of a channel have one key
     * @return a copy with the tag
     */
    public DeliveryOptions withConflateKey(String conflateKey) {
        return new DeliveryOptions(onSlow, conflateKey, batchMaxDelay, batchMaxSize);
    }

    /**
     * Sets how publications are collected before they are written.
     *
     * @param maxDelay longest time that a publication waits; zero for no waiting
     * @param maxSize publications that end the waiting; 0 for any number
     * @return a copy with the delay and size
     */
    public DeliveryOptions withBatch(Duration maxDelay, int maxSize) {
        return new DeliveryOptions(onSlow, conflateKey, maxDelay, maxSize);
    }
}
