package dev.realtime.api.channel;

/** Meaning of recovery in a channel. */
public enum RecoveryMode {
    /** Every publication missed, or none, and the client is notified. */
    STREAM,
    /** Only the latest publication, whatever was missed. */
    CACHE
}
