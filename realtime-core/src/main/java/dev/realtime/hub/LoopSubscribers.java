package dev.realtime.hub;

import dev.realtime.protocol.StreamPosition;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Subscribers of one channel whose connections belong to one executor, and what waits to be delivered to them. Touched on that
 * executor only, but for {@link #offer}.
 *
 * <p>The first delivery that waits queues one task; whatever else comes before it runs, from other sockets of the turn or other
 * threads, is delivered by the same task, and publications in a row are joined into one write per subscriber.
 */
final class LoopSubscribers {

    /** Joining costs a copy, which pays for small frames only. */
    private static final int MAX_JOINED_FRAME_BYTES = 4_096;

    private static final int MAX_RUN_BYTES = 65_536;

    private final EventExecutor executor;

    /** In order of arrival; each holds a reference of its frames. Added to by any thread. */
    private final Queue<Delivery> waiting = new ConcurrentLinkedQueue<>();

    /** Deliveries that wait or are under way; a task is queued while it is not zero. */
    private final AtomicInteger undelivered = new AtomicInteger();

    private Subscriber[] subscribers = new Subscriber[2];

    private int size;

    LoopSubscribers(EventExecutor executor) {
        this.executor = executor;
    }

    EventExecutor executor() {
        return executor;
    }

    void add(Subscriber subscriber) {
        if (size == subscribers.length) {
            subscribers = Arrays.copyOf(subscribers, size * 2);
        }
        subscribers[size++] = subscriber;
    }

    void remove(Subscriber subscriber) {
        for (int i = size - 1; i >= 0; i--) {
            if (subscribers[i] == subscriber) {
                subscribers[i] = subscribers[--size];
                subscribers[size] = null;
                return;
            }
        }
    }

    /** Has something delivered after everything offered before; by any thread. Keeps a reference until then. */
    void offer(Delivery.OfPublication delivery) {
        delivery.encoded().retain();
        enqueue(delivery);
    }

    /** The same for a client that entered or left. */
    void offer(Delivery.OfJoinOrLeave delivery) {
        delivery.encoded().retain();
        enqueue(delivery);
    }

    private void enqueue(Delivery delivery) {
        waiting.add(delivery);
        if (undelivered.getAndIncrement() == 0) {
            deliverLater();
        }
    }

    private void deliverLater() {
        try {
            executor.execute(this::deliver);
        } catch (RejectedExecutionException e) {
            // The executor shut down, and with it all its connections.
            for (Delivery delivery = waiting.poll(); delivery != null; delivery = waiting.poll()) {
                release(delivery);
            }
        }
    }

    private void deliver() {
        int count = undelivered.get();
        List<Delivery.OfPublication> run = new ArrayList<>(count);
        int runBytes = 0;
        for (int i = 0; i < count; i++) {
            Delivery delivery = waiting.remove();
            if (delivery instanceof Delivery.OfPublication publication) {
                int bytes = publication.encoded().frameBytes();
                if (runBytes + bytes > MAX_RUN_BYTES || bytes > MAX_JOINED_FRAME_BYTES) {
                    deliver(run);
                    runBytes = 0;
                }
                run.add(publication);
                runBytes += bytes > MAX_JOINED_FRAME_BYTES ? MAX_RUN_BYTES : bytes;
            } else if (delivery instanceof Delivery.OfJoinOrLeave joinOrLeave) {
                deliver(run);
                runBytes = 0;
                deliver(joinOrLeave);
            }
        }
        deliver(run);
        if (undelivered.addAndGet(-count) > 0) {
            deliverLater();
        }
    }

    // Backwards, since a subscriber may leave while it is being served: the one that takes its place was served
    // already.

    private void deliver(List<Delivery.OfPublication> run) {
        if (run.size() == 1) {
            Delivery.OfPublication delivery = run.get(0);
            for (int i = size - 1; i >= 0; i--) {
                subscribers[i].onPublication(delivery);
            }
        } else if (run.size() > 1) {
            PublicationRun joined = new PublicationRun(run);
            for (int i = size - 1; i >= 0; i--) {
                subscribers[i].onPublications(joined);
            }
            joined.release();
        }
        run.forEach(LoopSubscribers::release);
        run.clear();
    }

    private void deliver(Delivery.OfJoinOrLeave delivery) {
        for (int i = size - 1; i >= 0; i--) {
            subscribers[i].onJoinOrLeave(delivery);
        }
        release(delivery);
    }

    private static void release(Delivery delivery) {
        if (delivery instanceof Delivery.OfPublication publication) {
            publication.encoded().release();
        } else if (delivery instanceof Delivery.OfJoinOrLeave joinOrLeave) {
            joinOrLeave.encoded().release();
        }
    }

    void continueEpoch(StreamPosition end, String epoch) {
        for (int i = size - 1; i >= 0; i--) {
            subscribers[i].onEpochContinued(end, epoch);
        }
    }

    void tell(StreamTop top) {
        for (int i = size - 1; i >= 0; i--) {
            subscribers[i].onStreamTop(top);
        }
    }
}
