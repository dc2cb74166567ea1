package dev.realtime.engine.redis;

import io.lettuce.core.AbstractRedisClient;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;

/** A node with a client and a thread of its own, which can be taken away from it. */
record MortalEngine(RedisEngine engine, AbstractRedisClient client, Scheduler scheduler) {

    /** Ends it without a word to the others, like a lost process. */
    void kill() {
        scheduler.dispose();
        client.shutdown(0, 2, TimeUnit.SECONDS);
    }
}
