package dev.realtime.template;

import dev.realtime.api.RealtimeException;
import dev.realtime.api.client.ClientError;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Wait for reactive calls on threads that may block; refused on others. A call starts on the waiting thread, to which
 * its transaction is bound.
 */
final class BlockingCalls {

    private final Duration timeout;

    BlockingCalls(Duration timeout) {
        this.timeout = timeout;
    }

    /**
     * Waits for the end of a call.
     *
     * @param name of the method that was called, for messages
     * @return the value of the call; {@code null} if it completed without one
     */
    <T> @Nullable T await(String name, Mono<T> call) {
        refuseOnEventLoops(name);
        CompletableFuture<T> result = call.toFuture();
        try {
            return result.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            throw withCaller(failed.getCause());
        } catch (TimeoutException late) {
            result.cancel(true);
            throw new RealtimeException(
                    ClientError.INTERNAL,
                    ("`RealtimeTemplate.%s` did not complete within %d ms; it may still take effect. Check the health"
                                    + " of the engine, or increase `realtime.template.timeout`.")
                            .formatted(name, timeout.toMillis()));
        } catch (InterruptedException interrupted) {
            result.cancel(true);
            Thread.currentThread().interrupt();
            throw new RealtimeException(
                    ClientError.INTERNAL,
                    "The thread was interrupted while it waited for `RealtimeTemplate.%s`, which may still take effect."
                            .formatted(name));
        }
    }

    private static void refuseOnEventLoops(String name) {
        Thread thread = Thread.currentThread();
        if (thread instanceof FastThreadLocalThread || Schedulers.isNonBlockingThread(thread)) {
            throw new IllegalStateException(
                    ("`RealtimeTemplate.%s` was called on the thread `%s`, which must not block: every client it serves"
                                    + " would wait. Use the reactive beans there, such as `RealtimePublisher`, or call"
                                    + " it on a thread that may block.")
                            .formatted(name, thread.getName()));
        }
    }

    /** Adds the stack of the caller to a failure, whose own stack is that of another thread. */
    private static RuntimeException withCaller(@Nullable Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        RuntimeException unchecked =
                failure instanceof RuntimeException already ? already : new IllegalStateException(failure);
        if (unchecked.getSuppressed().length == 0) {
            unchecked.addSuppressed(new IllegalStateException("The call that failed was made here"));
        }
        return unchecked;
    }
}
