package dev.realtime.autoconfigure;

/** What happens when Redis cannot be reached while the application starts. */
enum RedisStartup {
    /** The application stops after 10 seconds, and says why. */
    REQUIRE,
    /** The application starts and is DOWN in health until Redis is there. */
    WAIT
}
