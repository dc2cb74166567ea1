package dev.realtime.engine.redis.options;

/** Topology of Redis. The configured address determines it. */
public enum RedisTopology {
    /** One server. */
    STANDALONE,
    /** One primary at a time, found and followed through Sentinel. */
    SENTINEL,
    /** Redis Cluster. */
    CLUSTER
}
