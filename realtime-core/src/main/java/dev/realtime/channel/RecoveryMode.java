package dev.realtime.channel;

/** What recovering in a channel means. */
public enum RecoveryMode {
    /** Every publication missed, or none and the client is told. */
    STREAM,
    /** Only the latest publication, whatever was missed. */
    CACHE
}
