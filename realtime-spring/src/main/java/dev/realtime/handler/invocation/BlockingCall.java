package dev.realtime.handler.invocation;

import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Call that may block, on a thread of an executor. Cancelled before it starts, it never runs and has ended; cancelled
 * while it runs, its thread is interrupted, and it has ended only when the thread returns. It also ends if the
 * executor, or a decorator of its tasks, throws instead of running it.
 *
 * <p>Lock: its monitor, so that the interrupt cannot reach a later task of the thread.
 */
final class BlockingCall<T> implements Runnable, Disposable {

    private final Work<T> work;

    private final MonoSink<T> sink;

    private final Runnable ended;

    /** Set when a thread starts the call, which then also ends it; guarded by this. */
    private boolean started;

    /** Thread of the running call; guarded by this. */
    private @Nullable Thread runner;

    /** Guarded by this. */
    private boolean cancelled;

    private BlockingCall(Work<T> work, MonoSink<T> sink, Runnable ended) {
        this.work = work;
        this.sink = sink;
        this.ended = ended;
    }

    /** Task of the thread. */
    @FunctionalInterface
    interface Work<T> {

        /** @param cancelled returns whether the result is no longer needed */
        @Nullable
        T run(BooleanSupplier cancelled) throws Exception;
    }

    /** @param ended run exactly once, when the call has ended in any way */
    static <T> Mono<T> on(Executor executor, Work<T> work, Runnable ended) {
        return Mono.create(sink -> {
            BlockingCall<T> blocking = new BlockingCall<>(ThreadContext.within(sink.contextView(), work), sink, ended);
            sink.onDispose(blocking);
            try {
                executor.execute(blocking);
            } catch (Throwable notRun) {
                blocking.dispose();
                sink.error(notRun);
            }
        });
    }

    @Override
    public void run() {
        if (!start()) {
            return;
        }
        try {
            T value = work.run(this::isCancelled);
            free();
            sink.success(value);
        } catch (Throwable failure) {
            free();
            sink.error(failure);
        } finally {
            ended.run();
        }
    }

    /** Returns whether the call may start. It starts once, even if a decorator runs the task twice. */
    private synchronized boolean start() {
        if (cancelled || started) {
            return false;
        }
        started = true;
        runner = Thread.currentThread();
        return true;
    }

    private synchronized boolean isCancelled() {
        return cancelled;
    }

    private synchronized void free() {
        runner = null;
        // A late interrupt must not reach the next task of the thread.
        Thread.interrupted();
    }

    @Override
    public void dispose() {
        if (cancel()) {
            ended.run();
        }
    }

    /** Returns whether this ended the call. */
    private synchronized boolean cancel() {
        boolean ends = !started && !cancelled;
        cancelled = true;
        if (runner != null) {
            runner.interrupt();
        }
        return ends;
    }
}
