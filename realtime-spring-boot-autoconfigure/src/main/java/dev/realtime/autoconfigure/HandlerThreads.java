package dev.realtime.autoconfigure;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Threads for handler methods that may block: made when needed and gone after an idle minute. How many there are at one time is
 * bounded by what calls them.
 */
final class HandlerThreads implements Executor, AutoCloseable {

    private static final String NAME = "realtime-handler-";

    private final Executor executor;

    private HandlerThreads(Executor executor) {
        this.executor = executor;
    }

    static HandlerThreads of(boolean virtual) {
        return new HandlerThreads(virtual ? new VirtualThreadTaskExecutor(NAME) : platform());
    }

    private static Executor platform() {
        CustomizableThreadFactory factory = new CustomizableThreadFactory(NAME);
        factory.setDaemon(true);
        return Executors.newCachedThreadPool(factory);
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    /** Interrupts what still runs. */
    @Override
    public void close() {
        if (executor instanceof ExecutorService threads) {
            threads.shutdownNow();
        }
    }
}
