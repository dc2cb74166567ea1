package dev.realtime.connection;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Calls to the callbacks of the application: limited in time, and watched on event loops. */
public final class ApplicationCalls {

    private final Supplier<ClientCallbacks> callbacks;

    private final Duration timeLimit;

    private final Scheduler scheduler;

    private final CallbackWatch watch;

    /**
     * @param callbacks asked for each time, when there is a client
     * @param timeLimit of a call, unless the callback replaces it
     * @param scheduler measures the time limit
     * @param nanoTime a clock that only goes forward
     */
    public ApplicationCalls(
            Supplier<ClientCallbacks> callbacks, Duration timeLimit, Scheduler scheduler, LongSupplier nanoTime) {
        this.callbacks = callbacks;
        this.timeLimit = timeLimit;
        this.scheduler = scheduler;
        this.watch = new CallbackWatch(nanoTime);
    }

    /** Returns the callbacks that there are. */
    public ClientCallbacks callbacks() {
        return callbacks.get();
    }

    /**
     * Calls a callback; what it throws is its result, and no result within the time limit is an error.
     *
     * @param callback for the log
     */
    public <T> Mono<T> call(Object callback, Supplier<Mono<T>> call) {
        return inTime(watched(callback, call));
    }

    /** Calls a callback without a time limit, as a part of what {@link #inTime} limits. */
    public <T> Mono<T> watched(Object callback, Supplier<Mono<T>> call) {
        return watch.watch(callback, call);
    }

    /** Limits calls to the time limit of callbacks, or that of the callback itself, after which they are an error. */
    public <T> Mono<T> inTime(Mono<T> calls) {
        return CallbackDeadline.limit(calls, timeLimit, scheduler);
    }
}
