package dev.realtime.engine.redis;

import io.lettuce.core.AbstractRedisClient;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;

/**
 * A node with a client and threads of its own, which can be taken away from it.
 *
 * @param client with resources of its own, so that its shutdown ends its event loops: otherwise the engine would open
 *     new connections with it
 */
public record MortalEngine(RedisEngine engine, AbstractRedisClient client, Scheduler scheduler) {

    /** Ends it without a word to the others, like a lost process. */
    public void kill() {
        client.shutdown(0, 2, TimeUnit.SECONDS);
        // It can connect no more, so it cannot notify the others; this ends its threads.
        StartedEngine.get(engine.stop().onErrorComplete());
        scheduler.dispose();
    }
}
