package dev.realtime.engine.redis.options;

/** Mode of publish and subscribe commands. */
public enum PubSubMode {
    /** {@link #SHARDED} in a cluster of Redis 7.0 or newer, {@link #PLAIN} everywhere else. */
    AUTO,
    /** {@code SPUBLISH} and {@code SSUBSCRIBE}: a publication stays on the node that owns the slot. Needs Redis 7.0. */
    SHARDED,
    /** {@code PUBLISH} and {@code SUBSCRIBE}: in a cluster every node carries every publication. */
    PLAIN
}
