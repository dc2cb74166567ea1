package dev.realtime.failure;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.MultithreadEventExecutorGroup;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

/**
 * Executors for connections that have no event loop of a server. Unlike Netty's default executors, which end with the
 * first error that a task throws, they continue.
 */
public final class GuardedExecutors extends MultithreadEventExecutorGroup {

    public GuardedExecutors(int threads, ThreadFactory threadFactory) {
        super(threads, threadFactory);
    }

    @Override
    protected EventExecutor newChild(Executor executor, Object... args) {
        return new Guarded(this, executor);
    }

    private static final class Guarded extends SingleThreadEventExecutor {

        Guarded(EventExecutorGroup parent, Executor executor) {
            super(parent, executor, true);
        }

        @Override
        protected void run() {
            do {
                Runnable task = takeTask();
                if (task != null) {
                    Boundary.run(Place.EXECUTOR_TASK, this, task);
                    updateLastExecutionTime();
                }
            } while (!confirmShutdown());
        }
    }
}
