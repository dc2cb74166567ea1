package dev.realtime.event;

import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.Disconnect;
import dev.realtime.spi.engine.OccupancyListener;
import dev.realtime.spi.hook.LifecycleHook;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Publisher of {@link RealtimeEvent}s on a separate thread, which ends when it is idle. It collects events for some
 * milliseconds: a wake-up for each of ten thousand clients that reconnect together would cost more than the events.
 */
public final class ApplicationEvents implements LifecycleHook, OccupancyListener, AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(ApplicationEvents.class);

    private static final long COLLECTION_MILLIS = 5;

    private static final long IDLE_SECONDS = 10;

    private final ApplicationEventPublisher publisher;

    private final BlockingQueue<RealtimeEvent> waiting;

    private final ScheduledThreadPoolExecutor executor;

    /** Set while a run of the thread is scheduled. */
    private final AtomicBoolean scheduled = new AtomicBoolean();

    private final LongAdder dropped = new LongAdder();

    /** Set when events were dropped since the queue was last empty, which is logged once. Any thread. */
    private volatile boolean dropping;

    /**
     * Creates a publisher.
     *
     * @param publisher publishes each event, and may throw
     * @param queueSize maximum of waiting events, at least 1; further ones are dropped
     * @throws IllegalArgumentException if the size is less than 1
     */
    public ApplicationEvents(ApplicationEventPublisher publisher, int queueSize) {
        this.publisher = publisher;
        this.waiting = new LinkedBlockingQueue<>(queueSize);
        this.executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "realtime-events");
            thread.setDaemon(true);
            return thread;
        });
        executor.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
    }

    /**
     * Queues an event. Any thread may call it; it returns immediately.
     *
     * @param event the event
     */
    public void publish(RealtimeEvent event) {
        if (executor.isShutdown()) {
            dropped.increment();
        } else if (waiting.offer(event)) {
            schedule();
        } else {
            dropped.increment();
            if (!dropping) {
                dropping = true;
                logger.warn(
                        "More than {} events of the realtime server are waiting, so some are dropped. Make the event"
                                + " listeners faster, or increase `realtime.events.queue-size`.",
                        waiting.size());
            }
        }
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            boolean accepted = false;
            try {
                executor.schedule(this::publishWaiting, COLLECTION_MILLIS, TimeUnit.MILLISECONDS);
                accepted = true;
            } catch (RejectedExecutionException closed) {
                accepted = true;
                dropped.add(waiting.size());
                waiting.clear();
            } finally {
                if (!accepted) {
                    scheduled.set(false);
                }
            }
        }
    }

    private void publishWaiting() {
        try {
            for (RealtimeEvent event = waiting.poll(); event != null; event = waiting.poll()) {
                publishNow(event);
            }
        } finally {
            dropping = false;
            scheduled.set(false);
            if (!waiting.isEmpty()) {
                schedule();
            }
        }
    }

    private void publishNow(RealtimeEvent event) {
        try {
            publisher.publishEvent(event);
        } catch (Throwable failure) {
            logger.error("A listener of {} failed", event.getClass().getSimpleName(), failure);
        }
    }

    /**
     * Returns the number of dropped events.
     *
     * @return the number since the start, including those that still waited on close
     */
    public long dropped() {
        return dropped.sum();
    }

    /**
     * Returns the number of waiting events.
     *
     * @return the current number
     */
    public int waiting() {
        return waiting.size();
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

    /** Publishes the waiting events for up to a second, then drops the others. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(1, TimeUnit.SECONDS)) {
                executor.shutdownNow();
                dropped.add(waiting.size());
            }
        } catch (InterruptedException interrupted) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
