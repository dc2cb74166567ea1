package dev.realtime.engine.redis;

import dev.realtime.engine.Broker;
import dev.realtime.engine.ControlBus;
import dev.realtime.engine.Engine;
import dev.realtime.engine.PresenceManager;
import dev.realtime.engine.memory.MemoryEngine;
import io.lettuce.core.AbstractRedisClient;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Holds the place of the engine, which arrives with another change: everything but the start is done in memory. */
public final class RedisEngine implements Engine {

    private final RedisEngineOptions options;

    private final RedisStatistics statistics = new RedisStatistics();

    private final StartCheck check;

    private final MemoryEngine memory;

    private volatile @Nullable String problem = "Redis was not looked at yet.";

    /**
     * @param client made with {@link LettuceOptions}
     * @param addresses that it leads to
     */
    public RedisEngine(
            AbstractRedisClient client, RedisEngineOptions options, RedisAddresses addresses, Scheduler scheduler) {
        this.options = options;
        this.check = new StartCheck(client, options, addresses, scheduler);
        this.memory = new MemoryEngine(options.presenceTtl(), scheduler);
    }

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public Broker broker() {
        return memory.broker();
    }

    @Override
    public PresenceManager presenceManager() {
        return memory.presenceManager();
    }

    @Override
    public ControlBus controlBus() {
        return memory.controlBus();
    }

    @Override
    public Mono<Void> start() {
        Mono<Void> started = check.run(failure -> problem = failure.getMessage())
                .then(memory.start())
                .doOnSuccess(done -> problem = null);
        return options.waitForRedis() ? Mono.fromRunnable(started::subscribe) : started;
    }

    @Override
    public Mono<Void> stop() {
        return memory.stop();
    }

    /** How the way to Redis is at this moment. */
    public RedisStatus status() {
        return new RedisStatus(
                problem == null,
                problem,
                options.topology(),
                false,
                options.prefix(),
                1,
                options.partitions(),
                List.of(),
                0,
                0,
                0,
                null,
                true);
    }

    /** What it counts. */
    public RedisStatistics statistics() {
        return statistics;
    }
}
