package dev.realtime.engine.redis.driver;

/** Versions of Redis that matter, as major times 100 plus minor. */
public final class RedisVersions {

    /** The oldest that the engine works with. */
    public static final int REQUIRED = 602;

    /** The first with sharded pub/sub. */
    public static final int SHARDED = 700;

    private RedisVersions() {}
}
