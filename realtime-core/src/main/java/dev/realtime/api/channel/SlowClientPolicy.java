package dev.realtime.api.channel;

/** Choice of what happens to publications for a client that does not take them as fast as they come. */
public enum SlowClientPolicy {
    /** They are queued, and the client is disconnected with 3008 when its queue is full. */
    DISCONNECT,
    /** While the client is behind, the newest of each key is kept, and older ones of the key are left out. */
    CONFLATE,
    /** They are queued, and the oldest are left out when the queue is full. */
    DROP_OLDEST
}
