package dev.realtime.engine.redis.epoch;

import dev.realtime.engine.redis.broker.RedisBroker;
import dev.realtime.engine.redis.control.NodeRegistry;
import dev.realtime.engine.redis.control.Surveys;
import dev.realtime.engine.redis.generation.Generations;
import dev.realtime.engine.redis.key.Partitions;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.monitor.GarbageLog;
import dev.realtime.engine.redis.monitor.RedisStatistics;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.options.RedisTopology;
import dev.realtime.engine.redis.pubsub.SubscriptionManager;
import dev.realtime.engine.redis.script.RedisCommands;
import dev.realtime.engine.redis.script.RedisScripts;
import dev.realtime.engine.redis.script.Script;
import dev.realtime.engine.redis.stream.StreamScripts;
import dev.realtime.spi.engine.RecordingBrokerListener;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The broker of one node on a {@link ScriptedRedis}, by a clock that the test moves. */
public final class FenceRig {

    /** Partitions of channels. */
    static final int PARTITIONS = 4;

    public static final String FIRST = "aaaaaaaa";

    static final String SECOND = "bbbbbbbb";

    static final String THIRD = "cccccccc";

    public final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();

    public final ScriptedRedis redis = new ScriptedRedis();

    final Generations seen = new Generations(1024, Runnable::run);

    final RecordingBrokerListener listener = new RecordingBrokerListener();

    public final RedisKeys keys;

    public final RedisScripts scripts;

    public final StreamScripts streams;

    public final SubscriptionManager subscriptions;

    public final EpochFence fence;

    public final GarbageLog garbage;

    final RedisBroker broker;

    public final Surveys surveys;

    public FenceRig() {
        Partitions partitions = new Partitions(PARTITIONS);
        RedisStatistics statistics = new RedisStatistics();
        this.garbage = new GarbageLog(statistics);
        Duration timeout = Duration.ofSeconds(2);
        this.subscriptions = (SubscriptionManager) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {SubscriptionManager.class},
                (proxy, method, arguments) -> method.getReturnType() == boolean.class ? (Object) false : Mono.empty());
        this.keys = new RedisKeys("test", 0, partitions);
        this.scripts = new RedisScripts(redis, partitions, timeout, statistics, garbage, scheduler);
        this.streams = new StreamScripts(garbage);
        RedisCommands commands = new RedisCommands(timeout, statistics);
        NodeRegistry registry = new NodeRegistry(
                keys, scripts, garbage, partitions.control(), RedisEngineOptions.of(RedisTopology.CLUSTER));
        this.surveys = new Surveys(keys, scripts, commands, partitions.control(), registry, scheduler);
        surveys.start("node");
        redis.onControlMessage(surveys::onMessage);
        redis.answer(Script.CONTROL_NODES, call -> List.of());
        this.fence = new EpochFence(
                keys,
                scripts,
                commands,
                streams,
                seen,
                surveys,
                PARTITIONS + 1,
                () -> scheduler.now(TimeUnit.NANOSECONDS));
        this.broker = new RedisBroker(
                keys,
                scripts,
                commands,
                streams,
                subscriptions,
                seen,
                garbage,
                fence,
                (script, scriptKeys, arguments) -> Mono.empty());
        broker.start(listener);
    }

    /** Name of an epoch of a generation. */
    public static String epoch(String generation, int number) {
        return generation + "%012d".formatted(number);
    }

    /** Returns the reply of history.lua for a stream without publications. */
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

    public void pass(Duration time) {
        scheduler.advanceTimeBy(time);
    }
}
