package dev.realtime.connection;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Finds callbacks of the application that keep an event loop waiting, with a database call for instance, and names each
 * in the log once. All connections of the loop wait with it. What is measured is the time from the call until the
 * callback has completed or returned, whichever comes first, on the thread that calls.
 */
public final class CallbackWatch {

    private static final Logger logger = LoggerFactory.getLogger(CallbackWatch.class);

    /**
     * Far above what computing takes, so that loading of classes or a pause of the collector is seldom blamed on a
     * callback.
     */
    private static final long LONGEST_NANOS = 200_000_000;

    private final LongSupplier nanoTime;

    /** Callbacks that were named. */
    private final Set<Class<?>> named = ConcurrentHashMap.newKeySet();

    /** @param nanoTime a clock that only goes forward */
    public CallbackWatch(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Measures a question to a callback each time it is asked on an event loop. */
    public <T> Mono<T> watch(Object callback, Supplier<Mono<T>> question) {
        return new Watched<>(callback, question);
    }

    private static boolean isEventLoop(Thread thread) {
        return thread instanceof FastThreadLocalThread || Schedulers.isNonBlockingThread(thread);
    }

    private void took(Object callback, long nanos) {
        if (nanos > LONGEST_NANOS && named.add(callback.getClass())) {
            logger.warn(
                    "{} kept event loop {} waiting for {} ms, and all its connections. If it blocks, with a database or"
                            + " file for instance, let it return immediately and do that on another thread:"
                            + " Mono.fromCallable(...).subscribeOn(Schedulers.boundedElastic()), or a handler method"
                            + " that may block. It is not named again.",
                    callback.getClass().getName(),
                    Thread.currentThread().getName(),
                    nanos / 1_000_000);
        }
    }

    private final class Watched<T> extends Mono<T> {

        private final Object callback;

        private final Supplier<Mono<T>> question;

        Watched(Object callback, Supplier<Mono<T>> question) {
            this.callback = callback;
            this.question = question;
        }

        @Override
        public void subscribe(CoreSubscriber<? super T> subscriber) {
            if (!isEventLoop(Thread.currentThread())) {
                Mono.defer(question).subscribe(subscriber);
                return;
            }
            Turn turn = new Turn(callback);
            try {
                Mono.defer(question).doOnTerminate(turn::end).subscribe(subscriber);
            } finally {
                turn.end();
            }
        }
    }

    /** The time a callback takes of the thread that calls it. */
    private final class Turn {

        private final Thread thread = Thread.currentThread();

        private final long began = nanoTime.getAsLong();

        private final Object callback;

        private boolean ended;

        Turn(Object callback) {
            this.callback = callback;
        }

        void end() {
            if (Thread.currentThread() == thread && !ended) {
                ended = true;
                took(callback, nanoTime.getAsLong() - began);
            }
        }
    }
}
