package dev.realtime.autoconfigure.redis;

import java.util.Optional;

/** The Redis that the application has for itself, used where none is configured for the engine. */
@FunctionalInterface
interface ApplicationRedis {

    /** Empty if it has none. */
    Optional<RedisTarget> target();
}
