package dev.realtime.event;

import dev.realtime.auth.ClientIdentity;
import dev.realtime.connection.LifecycleHook;
import dev.realtime.engine.OccupancyListener;
import dev.realtime.protocol.Disconnect;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;

/** Publishes {@link RealtimeEvent}s by a thread of its own, which lives while there are any. */
public final class ApplicationEvents implements LifecycleHook, OccupancyListener, AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(ApplicationEvents.class);

    private final ApplicationEventPublisher publisher;

    private final ThreadPoolExecutor executor;

    private final LongAdder dropped = new LongAdder();

    /** Whether events were dropped since the queue was last empty; said once, not for each. Any thread. */
    private volatile boolean dropping;

    /** @param queueSize most events that wait */
    public ApplicationEvents(ApplicationEventPublisher publisher, int queueSize) {
        this.publisher = publisher;
        this.executor =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(queueSize), task -> {
                    Thread thread = new Thread(task, "realtime-events");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
    }

    /** Queues an event; by any thread, returns at once. */
    public void publish(RealtimeEvent event) {
        try {
            executor.execute(() -> tell(event));
        } catch (RejectedExecutionException full) {
            dropped.increment();
            if (!dropping && !executor.isShutdown()) {
                dropping = true;
                logger.warn(
                        "More than {} events of the realtime server wait for their listeners, so some are lost. Make the"
                                + " listeners faster, or raise `realtime.events.queue-size`.",
                        executor.getQueue().size());
            }
        }
    }

    private void tell(RealtimeEvent event) {
        if (executor.getQueue().isEmpty()) {
            dropping = false;
        }
        try {
            publisher.publishEvent(event);
        } catch (RuntimeException failure) {
            logger.error("A listener of {} failed", event.getClass().getSimpleName(), failure);
        }
    }

    /** Events lost because too many waited. */
    public long dropped() {
        return dropped.sum();
    }

    /** Events that wait. */
    public int waiting() {
        return executor.getQueue().size();
    }

    @Override
    public void connected(ClientIdentity client) {
        publish(new ClientConnectedEvent(client));
    }

    @Override
    public void disconnected(ClientIdentity client, Disconnect disconnect) {
        publish(new ClientDisconnectedEvent(client, disconnect));
    }

    @Override
    public void onOccupied(String channel) {
        publish(new ChannelOccupiedEvent(channel));
    }

    @Override
    public void onVacated(String channel) {
        publish(new ChannelVacatedEvent(channel));
    }

    /** Publishes what waits for up to a second, then no more. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(1, TimeUnit.SECONDS)) {
                dropped.add(executor.shutdownNow().size());
            }
        } catch (InterruptedException interrupted) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
