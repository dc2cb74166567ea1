package dev.realtime.autoconfigure.token;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that fetch the keys of tokens, since Nimbus blocks while it does. They exist while something is fetched; the
 * queue has room for more than the two tasks that each key set can have.
 */
final class KeyFetchExecutor implements AutoCloseable {

    /** One refresh for tokens and one in the background, for each of the two kinds of tokens. */
    private static final int THREADS = 4;

    private static final int QUEUE = 16;

    private final ThreadPoolExecutor threads;

    KeyFetchExecutor() {
        threads = new ThreadPoolExecutor(
                THREADS, THREADS, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE), named());
        threads.allowCoreThreadTimeOut(true);
    }

    private static ThreadFactory named() {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "realtime-token-keys-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    ExecutorService threads() {
        return threads;
    }

    /** Stops the threads, also those that wait for a server. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
