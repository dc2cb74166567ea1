package dev.realtime.handler.invocation;

import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * A call that may block, on a thread of an executor. Given up, it is not begun any more and has ended, or its thread is
 * interrupted and it counts as ended only when the thread is back. So it ends as well if the executor, or a decorator
 * of its tasks, throws instead of running it.
 *
 * <p>Lock: its monitor, so that the interrupt cannot hit what the thread does next.
 */
final class BlockingCall<T> implements Runnable, Disposable {

    private final Work<T> work;

    private final MonoSink<T> sink;

    private final Runnable ended;

    /** Whether a thread has taken it, which ends it then; guarded by this. */
    private boolean begun;

    /** Thread that runs it, while it does; guarded by this. */
    private @Nullable Thread runner;

    /** Guarded by this. */
    private boolean givenUp;

    private BlockingCall(Work<T> work, MonoSink<T> sink, Runnable ended) {
        this.work = work;
        this.sink = sink;
        this.ended = ended;
    }

    /** Work of the thread. */
    @FunctionalInterface
    interface Work<T> {

        /** @param givenUp whether the call was cancelled */
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
            } catch (Throwable notRun) {
                blocking.dispose();
                sink.error(notRun);
            }
        });
    }

    @Override
    public void run() {
        if (!begin()) {
            return;
        }
        try {
            T value = work.run(this::isGivenUp);
            free();
            sink.success(value);
        } catch (Throwable failure) {
            free();
            sink.error(failure);
        } finally {
            ended.run();
        }
    }

    /** Returns whether the call may begin; it begins once, whatever a decorator does. */
    private synchronized boolean begin() {
        if (givenUp || begun) {
            return false;
        }
        begun = true;
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
    public void dispose() {
        if (giveUp()) {
            ended.run();
        }
    }

    /** Returns whether the call has ended by this. */
    private synchronized boolean giveUp() {
        boolean ends = !begun && !givenUp;
        givenUp = true;
        if (runner != null) {
            runner.interrupt();
        }
        return ends;
    }
}
