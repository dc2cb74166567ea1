package dev.realtime.engine.redis;

/** Versions of Redis that matter, as major times 100 plus minor. */
final class RedisVersions {

    /** The oldest that the engine works with. */
    static final int REQUIRED = 602;

    /** The first with sharded pub/sub. */
    static final int SHARDED = 700;

    private RedisVersions() {}
}
