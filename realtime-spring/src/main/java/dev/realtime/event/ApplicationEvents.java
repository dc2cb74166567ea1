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
 * Publishes {@link RealtimeEvent}s by a thread of its own, which lives while there are any. It gathers those of some
 * milliseconds: to be woken for each of ten thousand clients that come back together would cost more than to report
 * them.
 */
public final class ApplicationEvents implements LifecycleHook, OccupancyListener, AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(ApplicationEvents.class);

    private static final long GATHERING_MILLIS = 5;

    private static final long IDLE_SECONDS = 10;

    private final ApplicationEventPublisher publisher;

    private final BlockingQueue<RealtimeEvent> waiting;

    private final ScheduledThreadPoolExecutor executor;

    /** Whether the thread will read what waits. */
    private final AtomicBoolean scheduled = new AtomicBoolean();

    private final LongAdder dropped = new LongAdder();

    /** Whether events were dropped since the queue was last empty; said once, not for each. Any thread. */
    private volatile boolean dropping;

    /** @param queueSize most events that wait */
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

    /** Queues an event; by any thread, returns immediately. */
    public void publish(RealtimeEvent event) {
        if (executor.isShutdown()) {
            dropped.increment();
        } else if (waiting.offer(event)) {
            tellLater();
        } else {
            dropped.increment();
            if (!dropping) {
                dropping = true;
                logger.warn(
                        "More than {} events of the realtime server wait for their listeners, so some are lost. Make the"
                                + " listeners faster, or raise `realtime.events.queue-size`.",
                        waiting.size());
            }
        }
    }

    private void tellLater() {
        if (scheduled.compareAndSet(false, true)) {
            boolean accepted = false;
            try {
                executor.schedule(this::tellAll, GATHERING_MILLIS, TimeUnit.MILLISECONDS);
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

    private void tellAll() {
        try {
            for (RealtimeEvent event = waiting.poll(); event != null; event = waiting.poll()) {
                tell(event);
            }
        } finally {
            dropping = false;
            scheduled.set(false);
            if (!waiting.isEmpty()) {
                tellLater();
            }
        }
    }

    private void tell(RealtimeEvent event) {
        try {
            publisher.publishEvent(event);
        } catch (Throwable failure) {
            logger.error("A listener of {} failed", event.getClass().getSimpleName(), failure);
        }
    }

    /** Events lost because too many waited. */
    public long dropped() {
        return dropped.sum();
    }

    /** Events that wait. */
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

    /** Publishes what waits for up to a second, then no more. */
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
