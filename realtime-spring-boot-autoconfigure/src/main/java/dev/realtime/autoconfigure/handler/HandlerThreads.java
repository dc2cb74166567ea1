package dev.realtime.autoconfigure.handler;

import java.time.Duration;
import org.springframework.boot.task.SimpleAsyncTaskExecutorBuilder;
import org.springframework.boot.task.ThreadPoolTaskExecutorBuilder;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * Threads for handler methods that may block, created by the builders of Spring Boot with the application's task
 * decorators and customizers. Platform threads are created on demand and end after an idle minute; the bulkheads of the
 * methods bound their number. Calls run until the last client has been disconnected, and are interrupted then.
 */
final class HandlerThreads {

    private static final String PREFIX = "realtime-handler-";

    private HandlerThreads() {}

    static SimpleAsyncTaskExecutor virtual(SimpleAsyncTaskExecutorBuilder builder) {
        return builder.virtualThreads(true)
                .threadNamePrefix(PREFIX)
                .concurrencyLimit(SimpleAsyncTaskExecutor.UNBOUNDED_CONCURRENCY)
                .cancelRemainingTasksOnClose(true)
                .taskTerminationTimeout(Duration.ofSeconds(1))
                .build();
    }

    static ThreadPoolTaskExecutor platform(ThreadPoolTaskExecutorBuilder builder) {
        ThreadPoolTaskExecutor executor = builder.threadNamePrefix(PREFIX)
                .corePoolSize(0)
                .maxPoolSize(Integer.MAX_VALUE)
                .queueCapacity(0)
                .keepAlive(Duration.ofMinutes(1))
                .awaitTermination(false)
                .acceptTasksAfterContextClose(true)
                .build();
        executor.setDaemon(true);
        // Stopped last: handlers are still called while clients are disconnected.
        executor.setPhase(Integer.MIN_VALUE);
        return executor;
    }
}
