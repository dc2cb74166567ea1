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
 * Limit of the concurrent and the waiting calls of one handler method. A slow method fills its own bulkhead and no
 * other's. A call that is cancelled while it waits leaves the queue; one that is cancelled while it runs keeps its slot
 * until it has ended, since blocking code continues. A call that throws while it starts has ended, whatever it throws:
 * no exception leaves {@link #drain}, which would never run again.
 *
 * <p>Lock: its monitor; calls start and complete outside of it.
 */
final class Bulkhead {

    private final int concurrency;

    private final int queueSize;

    /** Number of running calls; guarded by this. */
    private int running;

    /** Waiting calls, oldest first; guarded by this. */
    private final Set<Call<?>> waiting = new LinkedHashSet<>();

    /** Number of requests for {@link #drain} since its last round started. */
    private final AtomicInteger drains = new AtomicInteger();

    Bulkhead(int concurrency, int queueSize) {
        this.concurrency = concurrency;
        this.queueSize = queueSize;
    }

    /**
     * Runs a call as soon as a slot is free. Fails with {@link RejectedExecutionException} when the queue is full.
     *
     * @param call receives the action that it must run when it has ended
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
            // Waiting and running calls count together: a call with a free slot is also queued for a moment.
            admitted = running + waiting.size() < concurrency + queueSize;
            if (admitted) {
                waiting.add(call);
            }
        }
        if (admitted) {
            call.sink.onDispose(() -> cancel(call));
            drain();
        } else {
            call.sink.error(new RejectedExecutionException(
                    "its calls have reached realtime.handlers.concurrency and .queue-size, or its @HandlerLimits"));
        }
    }

    private void cancel(Call<?> call) {
        synchronized (this) {
            waiting.remove(call);
        }
        call.subscription.dispose();
    }

    /** Starts waiting calls, by one thread at a time and in a loop, since a call may end while it starts. */
    private void drain() {
        if (drains.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        while (missed != 0) {
            for (Call<?> next = take(); next != null; next = take()) {
                next.start();
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
        void start() {
            try {
                subscription.update(work.apply(this::end)
                        .contextWrite(sink.contextView())
                        .materialize()
                        .subscribe(this::complete));
            } catch (Throwable failure) {
                end();
                Boundary.run(Place.QUESTION, "a client", () -> sink.error(HandlerFailure.signallable(failure)));
            }
        }

        /** Signals once: a completion after the value would discard a value that is not requested yet. */
        private void complete(Signal<T> signal) {
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
