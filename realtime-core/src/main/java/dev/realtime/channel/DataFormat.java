package dev.realtime.channel;

/** What the data of publications in a channel must be. */
public enum DataFormat {
    /** Anything but no bytes at all. */
    ANY,
    /** JSON. */
    JSON,
    /** A JSON object. */
    JSON_OBJECT,
    /** Any bytes, also none. */
    BINARY
}
