package dev.realtime.autoconfigure.redis;

import java.util.Optional;

/** Redis of the application itself, used if none is configured for the engine. */
@FunctionalInterface
interface ApplicationRedisTarget {

    /** Returns the target, or empty if the application has no Redis. */
    Optional<RedisTarget> target();
}
