package dev.realtime.connection;

import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.ContextView;

/**
 * Time limit of one call of a callback of the application, after which the call is cancelled and fails with a
 * {@link TimeoutException}. It is in the Reactor context of the call, where a callback that needs another time replaces
 * it.
 *
 * <p>Lock: its monitor, so that a timer that was replaced cannot be the one that stays.
 */
public final class CallbackDeadline {

    private final Scheduler scheduler;

    /** {@code null} before it is subscribed to; guarded by this. */
    private @Nullable MonoSink<?> sink;

    /** Guarded by this. */
    private @Nullable Disposable timer;

    /** Guarded by this. */
    private boolean ended;

    private CallbackDeadline(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /**
     * Limits a call.
     *
     * @param time unless the callback replaces it
     * @param scheduler measures it
     */
    public static <T> Mono<T> limit(Mono<T> call, Duration time, Scheduler scheduler) {
        return Mono.defer(() -> {
            CallbackDeadline deadline = new CallbackDeadline(scheduler);
            // The deadline first, so that a call that replaces it immediately finds it.
            return Mono.firstWithSignal(
                    Mono.<T>create(sink -> deadline.begin(sink, time)),
                    call.contextWrite(context -> context.put(CallbackDeadline.class, deadline)));
        });
    }

    /** Returns the deadline of the call that a context belongs to; {@code null} if it has none. */
    public static @Nullable CallbackDeadline of(ContextView context) {
        return context.getOrDefault(CallbackDeadline.class, null);
    }

    private synchronized void begin(MonoSink<?> sink, Duration time) {
        this.sink = sink;
        sink.onDispose(this::end);
        replace(time);
    }

    /** Replaces the time limit by another, which begins now. */
    public synchronized void replace(Duration time) {
        MonoSink<?> expiring = sink;
        if (ended || expiring == null) {
            return;
        }
        if (timer != null) {
            timer.dispose();
        }
        timer = scheduler.schedule(
                Boundary.task(Place.QUESTION, this, () -> expiring.error(late(time))),
                time.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    private static TimeoutException late(Duration time) {
        return new TimeoutException("it took longer than " + time.toMillis() + " ms");
    }

    @Override
    public String toString() {
        return "a client whose time limit expired";
    }

    private synchronized void end() {
        ended = true;
        if (timer != null) {
            timer.dispose();
        }
    }
}
