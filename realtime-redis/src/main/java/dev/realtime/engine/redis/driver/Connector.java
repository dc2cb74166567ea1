package dev.realtime.engine.redis.driver;

import io.lettuce.core.api.StatefulConnection;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Threads on which connections to one server are opened. A client for one server opens connections to the address it
 * was made with only by methods that block; where Sentinel leads, they ask it first. There is at most one thread for
 * each connection that may be needed, and none while none is being opened.
 */
public final class Connector {

    private static final long IDLE_SECONDS = 5;

    private final ThreadPoolExecutor threads;

    /** @param connections that may be opened at the same time; more fail immediately */
    public Connector(int connections) {
        this.threads = new ThreadPoolExecutor(
                0, connections, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                    Thread thread = new Thread(work, "realtime-redis-connect");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Opens a connection on another thread. */
    public <T extends StatefulConnection<?, ?>> CompletionStage<T> open(Supplier<T> opening) {
        try {
            return CompletableFuture.supplyAsync(() -> unlessClosed(opening.get()), threads);
        } catch (RejectedExecutionException tooMany) {
            return CompletableFuture.failedFuture(tooMany);
        }
    }

    private <T extends StatefulConnection<?, ?>> T unlessClosed(T opened) {
        if (threads.isShutdown()) {
            opened.closeAsync();
            throw new CancellationException("The engine was stopped while a connection was opened");
        }
        return opened;
    }

    /**
     * Opens no more. What is being opened is closed as soon as it is open; a thread that was interrupted could not do
     * that.
     */
    public void close() {
        threads.shutdown();
    }
}
