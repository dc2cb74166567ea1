package dev.realtime.failure;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The boundary that no failure crosses. Whatever calls code of the application, an engine or a transport, and whatever
 * runs as a task, by a timer or for one of many subscribers, does it through here or catches every {@link Throwable}
 * itself and hands it to {@link #caught} or {@link #end}. A failure is logged once, with its {@link Place} and subject,
 * and ends at most the connection, listener or task it happened in.
 *
 * <p>Errors are no exception: an allocation may fail for lack of direct memory and a class of the application may fail
 * to link while everything else works. Reactor throws such errors out of {@code subscribe} instead of signalling them.
 *
 * <p>Nothing here allocates on the path of a delivery: loops over subscribers catch in place.
 */
public final class Boundary {

    private static final Logger logger = LoggerFactory.getLogger(Boundary.class);

    private Boundary() {}

    /** Logs what was thrown, with its stack trace. Never throws. */
    public static void caught(Place place, Object subject, Throwable failure) {
        try {
            logger.error("{} {} failed, {}.", place.what(), subject, place.consequence(), failure);
        } catch (Throwable unloggable) {
            // Without memory for the log line; the caller still has to clean up.
        }
    }

    /**
     * Logs a failure that was signalled: exceptions in one line, as the result of an engine or the application they
     * are.
     */
    public static void reported(Place place, Object subject, Throwable failure) {
        if (failure instanceof Error) {
            caught(place, subject, failure);
            return;
        }
        try {
            logger.atLevel(place.reportLevel())
                    .log("{} {} failed, {}: {}", place.what(), subject, place.consequence(), failure.toString());
        } catch (Throwable unloggable) {
            // As above.
        }
    }

    /** Ends the owner of what failed. Never throws. */
    public static void end(Place place, FailureOwner owner, Throwable failure) {
        try {
            owner.failed(place, failure);
        } catch (Throwable another) {
            caught(place, owner, another);
        }
    }

    /** Runs one step of several. Never throws. */
    public static void run(Place place, Object subject, Runnable step) {
        try {
            step.run();
        } catch (Throwable failure) {
            caught(place, subject, failure);
        }
    }

    /** Makes a task whose failure ends its owner. */
    public static Runnable ownedTask(Place place, FailureOwner owner, Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Throwable failure) {
                end(place, owner, failure);
            }
        };
    }

    /** Makes a task whose failure is logged and ends nothing else. */
    public static Runnable task(Place place, Object subject, Runnable task) {
        return () -> run(place, subject, task);
    }

    /**
     * Hands over a task made here; returns whether it was accepted. An executor that shut down takes its connections
     * along.
     */
    public static boolean execute(EventExecutor executor, Runnable task) {
        try {
            executor.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Hands over a task made here that runs later; returns {@code null} if the executor has shut down. */
    public static @Nullable Future<?> schedule(EventExecutor executor, Runnable task, long delay, TimeUnit unit) {
        try {
            return executor.schedule(task, delay, unit);
        } catch (RejectedExecutionException e) {
            return null;
        }
    }

    /** Calls an engine without waiting for its result; a failure is logged. Never throws. */
    public static void call(Place place, Object subject, Supplier<? extends Mono<?>> call) {
        call(place, subject, call, failure -> {});
    }

    /**
     * Does the same with something to do at the end. Never throws.
     *
     * @param atEnd called exactly once, with the failure if there was one; the failure is logged already
     */
    public static void call(
            Place place, Object subject, Supplier<? extends Mono<?>> call, Consumer<@Nullable Throwable> atEnd) {
        new Call(place, subject, atEnd).start(call);
    }

    /**
     * Makes a call of which every failure is a signal, even one that is thrown before there is anything to subscribe
     * to.
     *
     * @param atEnd runs after the last signal or when the call is cancelled, whatever fails
     */
    public static <T> Mono<T> signalling(Supplier<Mono<T>> call, Runnable atEnd) {
        return new SignallingMono<>(call, atEnd);
    }
}
