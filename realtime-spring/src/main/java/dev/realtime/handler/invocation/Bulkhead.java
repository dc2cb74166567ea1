package dev.realtime.handler.invocation;

import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Signal;

/**
 * Bounds the calls of one handler method that run at one time, and those that wait for it. A slow method fills its own
 * bulkhead and no other's. A call given up while it waits leaves the queue; one given up while it runs keeps its place
 * until it has really ended, since a blocking one continues. A call that throws while it begins, an {@code Error} too,
 * has ended: nothing leaves {@link #drain}, which would never run again.
 *
 * <p>Lock: its monitor; calls are begun and answered outside of it.
 */
final class Bulkhead {

    private final int concurrency;

    private final int queueSize;

    /** Calls that run; guarded by this. */
    private int running;

    /** Calls that wait, oldest first; guarded by this. */
    private final Set<Call<?>> waiting = new LinkedHashSet<>();

    /** How often {@link #drain} was asked for since it last began. */
    private final AtomicInteger drains = new AtomicInteger();

    Bulkhead(int concurrency, int queueSize) {
        this.concurrency = concurrency;
        this.queueSize = queueSize;
    }

    /**
     * Runs a call as soon as there is room. Fails with {@link RejectedExecutionException} when as many wait as may.
     *
     * @param call given what it must run once it has really ended
     */
    <T> Mono<T> run(Function<Runnable, Mono<T>> call) {
        return Mono.create(sink -> admit(new Call<>(call, sink)));
    }

    synchronized int running() {
        return running;
    }

    synchronized int waiting() {
        return waiting.size();
    }

    private void admit(Call<?> call) {
        boolean admitted;
        synchronized (this) {
            // What waits and what runs together: calls that may begin immediately wait for a moment, too.
            admitted = running + waiting.size() < concurrency + queueSize;
            if (admitted) {
                waiting.add(call);
            }
        }
        if (admitted) {
            call.sink.onDispose(() -> giveUp(call));
            drain();
        } else {
            call.sink.error(new RejectedExecutionException(
                    "as many calls of it run and wait as realtime.handlers.concurrency and .queue-size, or its"
                            + " @HandlerLimits, allow"));
        }
    }

    private void giveUp(Call<?> call) {
        synchronized (this) {
            waiting.remove(call);
        }
        call.subscription.dispose();
    }

    /** Begins what may; by one thread at a time and in a loop, since a call may end before its beginning returns. */
    private void drain() {
        if (drains.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        while (missed != 0) {
            for (Call<?> next = take(); next != null; next = take()) {
                next.begin();
            }
            missed = drains.addAndGet(-missed);
        }
    }

    private synchronized @Nullable Call<?> take() {
        if (running >= concurrency || waiting.isEmpty()) {
            return null;
        }
        Call<?> oldest = waiting.iterator().next();
        waiting.remove(oldest);
        running++;
        return oldest;
    }

    private void ended() {
        synchronized (this) {
            running--;
        }
        drain();
    }

    private final class Call<T> {

        private final Function<Runnable, Mono<T>> work;

        private final MonoSink<T> sink;

        private final Disposable.Swap subscription = Disposables.swap();

        private final AtomicBoolean ended = new AtomicBoolean();

        Call(Function<Runnable, Mono<T>> work, MonoSink<T> sink) {
            this.work = work;
            this.sink = sink;
        }

        /** Never throws. */
        void begin() {
            try {
                subscription.update(work.apply(this::end)
                        .contextWrite(sink.contextView())
                        .materialize()
                        .subscribe(this::answer));
            } catch (Throwable failure) {
                end();
                Boundary.run(Place.QUESTION, "a client", () -> sink.error(HandlerFailure.signallable(failure)));
            }
        }

        /** Once: a sink that completes after the value drops a value that was not requested yet. */
        private void answer(Signal<T> signal) {
            if (signal.getThrowable() != null) {
                sink.error(signal.getThrowable());
            } else {
                sink.success(signal.get());
            }
        }

        private void end() {
            if (ended.compareAndSet(false, true)) {
                Bulkhead.this.ended();
            }
        }
    }
}
