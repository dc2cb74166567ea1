package dev.realtime.hub;

/**
 * Time and number up to which publications of a channel are collected before they are delivered together.
 *
 * @param delayNanos longest time that a publication waits; 0 for no waiting
 * @param maxSize deliveries that end the waiting; 0 for any number
 */
public record Batching(long delayNanos, int maxSize) {

    /** Publications that are delivered immediately. */
    public static final Batching NONE = new Batching(0, 0);

    boolean isOn() {
        return delayNanos > 0;
    }

    /** Returns whether that many deliveries wait no longer. */
    boolean isFull(int waiting) {
        return maxSize > 0 && waiting >= maxSize;
    }
}
