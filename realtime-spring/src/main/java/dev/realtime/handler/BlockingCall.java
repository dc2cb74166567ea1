package dev.realtime.handler;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * A call that may block, on a thread of an executor. Given up, it is not begun any more, or its thread is interrupted;
 * it counts as ended only when the thread is back.
 *
 * <p>Lock: its monitor, so that the interrupt cannot hit what the thread does next.
 */
final class BlockingCall<T> implements Runnable, Disposable {

    private final Work<T> work;

    private final MonoSink<T> sink;

    private final Runnable ended;

    /** Thread that runs it, while it does; guarded by this. */
    private @Nullable Thread runner;

    /** Guarded by this. */
    private boolean givenUp;

    private BlockingCall(Work<T> work, MonoSink<T> sink, Runnable ended) {
        this.work = work;
        this.sink = sink;
        this.ended = ended;
    }

    /** What the thread does. */
    @FunctionalInterface
    interface Work<T> {

        /** @param givenUp whether nobody waits for the result any more */
        @Nullable
        T run(BooleanSupplier givenUp) throws Exception;
    }

    /** @param ended run once the call is over, however it ended */
    static <T> Mono<T> on(Executor executor, Work<T> work, Runnable ended) {
        return Mono.create(sink -> {
            BlockingCall<T> blocking = new BlockingCall<>(ThreadContext.within(sink.contextView(), work), sink, ended);
            sink.onDispose(blocking);
            try {
                executor.execute(blocking);
            } catch (RejectedExecutionException shutDown) {
                ended.run();
                sink.error(shutDown);
            }
        });
    }

    @Override
    public void run() {
        if (begin()) {
            try {
                T value = work.run(this::isGivenUp);
                free();
                sink.success(value);
            } catch (Throwable failure) {
                free();
                sink.error(failure);
            }
        }
        ended.run();
    }

    private synchronized boolean begin() {
        if (givenUp) {
            return false;
        }
        runner = Thread.currentThread();
        return true;
    }

    private synchronized boolean isGivenUp() {
        return givenUp;
    }

    private synchronized void free() {
        runner = null;
        // One that came too late must not hit what the thread does next.
        Thread.interrupted();
    }

    @Override
    public synchronized void dispose() {
        givenUp = true;
        if (runner != null) {
            runner.interrupt();
        }
    }
}
