package dev.realtime.test.engine;

import dev.realtime.api.client.EngineException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Faults between one node and the engine, set by a test. */
public final class Faults {

    private final Scheduler scheduler;

    private final Set<EngineCall> failing = ConcurrentHashMap.newKeySet();

    private final Map<EngineCall, Duration> delays = new ConcurrentHashMap<>();

    private volatile boolean cutOff;

    /** @param scheduler its time is that of delays */
    public Faults(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Lets calls of a kind fail from now on. */
    public void fail(EngineCall call) {
        failing.add(call);
    }

    /** Lets calls of a kind take that long from now on. */
    public void delay(EngineCall call, Duration delay) {
        delays.put(call, delay);
    }

    /** Lets all calls fail and nothing arrive from now on. */
    public void cutOff() {
        cutOff = true;
    }

    /** Ends all faults. */
    public void heal() {
        failing.clear();
        delays.clear();
        cutOff = false;
    }

    boolean isCutOff() {
        return cutOff;
    }

    boolean fails(EngineCall call) {
        return cutOff || failing.contains(call);
    }

    <T> Mono<T> apply(EngineCall call, Supplier<Mono<T>> work) {
        return Mono.defer(() -> {
            Duration delay = delays.get(call);
            return delay == null
                    ? doOrFail(call, work)
                    : Mono.delay(delay, scheduler).then(Mono.defer(() -> doOrFail(call, work)));
        });
    }

    <T> Flux<T> applyAll(EngineCall call, Supplier<Flux<T>> work) {
        return apply(call, () -> work.get().collectList()).flatMapIterable(all -> all);
    }

    private <T> Mono<T> doOrFail(EngineCall call, Supplier<Mono<T>> work) {
        return fails(call)
                ? Mono.error(new EngineException("The test lets calls of the kind " + call + " fail."))
                : work.get();
    }
}
