package dev.realtime.engine.redis.options;

/** Target of explicit reads of history and presence. Recovery, positions and all writes always use the primary. */
public enum RedisReadFrom {
    /** Every read goes to the primary: what was acknowledged before is in it. */
    PRIMARY,
    /**
     * Explicit reads go to a replica, which may be a moment behind, and to the primary where no replica can serve them.
     * Needs Redis 7.0.
     */
    REPLICA_PREFERRED
}
