package dev.realtime.engine.redis;

import dev.realtime.spi.engine.RecordingBrokerListener;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The broker of one node on a {@link ScriptedRedis}, by a clock that the test moves. */
final class FenceRig {

    /** Partitions of channels. */
    static final int PARTITIONS = 4;

    static final String FIRST = "aaaaaaaa";

    static final String SECOND = "bbbbbbbb";

    static final String THIRD = "cccccccc";

    final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();

    final ScriptedRedis redis = new ScriptedRedis();

    final Generations seen = new Generations(1024, Runnable::run);

    final RecordingBrokerListener listener = new RecordingBrokerListener();

    final RedisParts parts;

    final RedisBroker broker;

    final Surveys surveys;

    FenceRig() {
        Partitions partitions = new Partitions(PARTITIONS);
        RedisStatistics statistics = new RedisStatistics();
        GarbageLog garbage = new GarbageLog(statistics);
        Duration timeout = Duration.ofSeconds(2);
        SubscriptionManager subscriptions = (SubscriptionManager) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {SubscriptionManager.class},
                (proxy, method, arguments) -> method.getReturnType() == boolean.class ? (Object) false : Mono.empty());
        this.parts = new RedisParts(
                new RedisKeys("test", 0, partitions),
                redis,
                subscriptions,
                new RedisScripts(redis, partitions, timeout, statistics, garbage, scheduler),
                new StreamScripts(garbage),
                new RedisCommands(timeout, statistics),
                seen,
                statistics,
                garbage);
        NodeRegistry registry =
                new NodeRegistry(parts, partitions.control(), RedisEngineOptions.of(RedisTopology.CLUSTER));
        this.surveys = new Surveys(parts, partitions.control(), registry, scheduler);
        surveys.start("node");
        redis.onControlMessage(surveys::onMessage);
        redis.answer(Script.CONTROL_NODES, call -> List.of());
        this.broker = new RedisBroker(
                parts,
                surveys,
                (script, keys, arguments) -> Mono.empty(),
                PARTITIONS + 1,
                () -> scheduler.now(TimeUnit.NANOSECONDS));
        broker.start(listener);
    }

    /** Name of an epoch of a generation. */
    static String epoch(String generation, int number) {
        return generation + "%012d".formatted(number);
    }

    /** What history.lua answers of a stream without publications. */
    static List<Object> history(long offset, String epoch, String past) {
        return List.of(offset, ScriptedRedis.bytes(epoch), ScriptedRedis.bytes(past), List.of());
    }

    /** Has all primaries asked for their histories, once. */
    void round() {
        redis.provokeRound();
        scheduler.advanceTime();
    }

    /** Has the first generation end: a replica was promoted that continues it up to an offset. */
    void failOver(long kept) {
        redis.primary("A", FIRST, 300);
        round();
        redis.primary("A", SECOND, FIRST, kept + 1, 310);
        round();
    }

    void pass(Duration time) {
        scheduler.advanceTimeBy(time);
    }
}
