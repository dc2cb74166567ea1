package dev.realtime.engine.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Threads on which connections to one server are opened. A client for one server opens connections to the address it was made
 * with only by methods that block; where Sentinel leads, they ask it first. There is at most one thread for each connection
 * that may be needed, and none while none is being opened.
 */
final class Connector {

    private static final long IDLE_SECONDS = 5;

    private final ThreadPoolExecutor threads;

    /** @param connections that may be opened at the same time; more fail at once */
    Connector(int connections) {
        this.threads = new ThreadPoolExecutor(
                0, connections, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                    Thread thread = new Thread(work, "realtime-redis-connect");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Opens a connection elsewhere. */
    <T> CompletionStage<T> open(Supplier<T> opening) {
        try {
            return CompletableFuture.supplyAsync(opening, threads);
        } catch (RejectedExecutionException tooMany) {
            return CompletableFuture.failedFuture(tooMany);
        }
    }

    void close() {
        threads.shutdownNow();
    }
}
