package dev.realtime.engine.redis.options;

/** What kind of Redis is talked to. Decided once, by which address was given. */
public enum RedisTopology {
    /** One server. */
    STANDALONE,
    /** One primary at a time, found and followed through Sentinel. */
    SENTINEL,
    /** Redis Cluster. */
    CLUSTER
}
