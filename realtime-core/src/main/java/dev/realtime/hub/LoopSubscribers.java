package dev.realtime.hub;

import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Subscribers of one channel whose connections belong to one executor, and what waits to be delivered to them. Touched
 * on that executor only, but for {@link #offer} and {@link #lost}.
 *
 * <p>The first delivery that waits queues one task; whatever else comes before it runs, from other sockets of the turn
 * or other threads, is delivered by the same task, and publications in a row are joined into one write per subscriber.
 * With {@link Batching} the task waits for more; a batch that is full does not.
 *
 * <p>Failure: what a subscriber throws ends that subscriber. Every delivery taken from the queue is counted and
 * released, whatever happens while it is delivered, so that a task is queued exactly while deliveries wait. A delivery
 * that cannot be kept is lost, and all subscribers are notified after those that were kept.
 */
final class LoopSubscribers {

    /** Joining costs a copy, which pays for small frames only. */
    private static final int MAX_JOINED_FRAME_BYTES = 4_096;

    private static final int MAX_RUN_BYTES = 65_536;

    private final EventExecutor executor;

    private final WaitingBytes.OfExecutor waitingBytes;

    private final Runnable deliverTask = this::deliver;

    /** In order of arrival; each holds a reference of its frames. Added to by any thread. */
    private final Queue<Delivery> waiting = new ConcurrentLinkedQueue<>();

    /**
     * Deliveries that wait or are in progress, and one for the news of a loss; a task is queued while it is not zero.
     */
    private final AtomicInteger undelivered = new AtomicInteger();

    /** Publications that could not be kept, of which the subscribers have not been notified. */
    private final AtomicInteger lost = new AtomicInteger();

    /** Deliveries taken by the task that runs, or missing in the queue. */
    private int taken;

    private final SubscriberGroups groups;

    private final Batching batching;

    /** Number of the batch that is collected, so that the timer of one that was full delivers no other. */
    private volatile int batch;

    LoopSubscribers(EventExecutor executor, WaitingBytes.OfExecutor waitingBytes, Batching batching) {
        this.batching = batching;
        this.executor = executor;
        this.waitingBytes = waitingBytes;
        this.groups = new SubscriberGroups();
    }

    EventExecutor executor() {
        return executor;
    }

    /** Returns the subscribers, by class. Changed on the executor. */
    SubscriberGroups groups() {
        return groups;
    }

    /** Has something delivered after everything offered before; by any thread. Keeps a reference until then. */
    void offer(Delivery.OfPublication delivery) {
        if (!groups.isEmpty() && !keep(delivery)) {
            lost();
        }
    }

    /** The same for a client that entered or left. */
    void offer(Delivery.OfJoinOrLeave delivery) {
        if (!groups.isEmpty()) {
            keep(delivery);
        }
    }

    /**
     * Does the same for a stream that continues in another epoch; what follows would be taken for a loss without it.
     */
    void offer(Delivery.OfEpoch delivery) {
        if (groups.isEmpty()) {
            return;
        }
        waiting.add(delivery);
        added(undelivered.incrementAndGet());
    }

    /** Notifies the subscribers, after what waits, of a publication that could not be kept; by any thread. */
    void lost() {
        if (groups.isEmpty()) {
            return;
        }
        lost.incrementAndGet();
        if (undelivered.compareAndSet(0, 1)) {
            deliverLater();
        }
    }

    private boolean keep(Delivery.Encoded delivery) {
        if (!waitingBytes.add(delivery.heldBytes())) {
            return false;
        }
        delivery.retain();
        try {
            waiting.add(delivery);
        } catch (Throwable failure) {
            Boundary.caught(Place.FAN_OUT, delivery.channel(), failure);
            release(delivery);
            return false;
        }
        added(undelivered.incrementAndGet());
        return true;
    }

    /** Queues the task for the first delivery that waits, or for the batch that is full. */
    private void added(int waiting) {
        if (batching.isOn()) {
            if (batching.isFull(waiting)) {
                deliverLater();
            } else if (waiting == 1) {
                deliverBatch();
            }
        } else if (waiting == 1) {
            deliverLater();
        }
    }

    private void deliverBatch() {
        int collected = batch;
        Runnable task = () -> {
            if (batch == collected) {
                deliver();
            }
        };
        if (Boundary.schedule(executor, task, batching.delayNanos(), TimeUnit.NANOSECONDS) == null) {
            deliverLater();
        }
    }

    private void deliverLater() {
        try {
            executor.execute(deliverTask);
        } catch (RejectedExecutionException e) {
            // The executor shut down, and with it all its connections.
            abandon();
        } catch (Throwable failure) {
            Boundary.caught(Place.FAN_OUT, executor, failure);
            abandon();
        }
    }

    /** Drops all that waits, in place of the task that could not be queued. */
    private void abandon() {
        int count;
        do {
            count = undelivered.get();
            drop(count);
        } while (undelivered.addAndGet(-count) > 0);
    }

    private void deliver() {
        if (batching.isOn()) {
            batch++;
        }
        int count = undelivered.get();
        taken = 0;
        try {
            if (count == 1) {
                deliver(take());
            } else {
                deliverInRuns(count);
            }
        } catch (Throwable failure) {
            Boundary.caught(Place.FAN_OUT, executor, failure);
            drop(count - taken);
        } finally {
            notifyOfLoss();
            // A loss noted since the last look found this task still counted, and queued none.
            int left = undelivered.addAndGet(-count);
            if (left > 0 && batching.isOn() && !batching.isFull(left)) {
                deliverBatch();
            } else if (left > 0 || (lost.get() > 0 && undelivered.compareAndSet(0, 1))) {
                deliverLater();
            }
        }
    }

    private @Nullable Delivery take() {
        taken++;
        return waiting.poll();
    }

    private void deliver(@Nullable Delivery delivery) {
        if (delivery instanceof Delivery.OfPublication publication) {
            deliver(new PublicationRun(publication));
        } else if (delivery instanceof Delivery.OfJoinOrLeave joinOrLeave) {
            deliver(joinOrLeave);
        } else if (delivery instanceof Delivery.OfEpoch continued) {
            deliver(continued);
        }
    }

    private void deliverInRuns(int count) {
        List<Delivery.OfPublication> run = new ArrayList<>(count);
        int runBytes = 0;
        for (int i = 0; i < count; i++) {
            Delivery delivery = take();
            if (delivery instanceof Delivery.OfPublication publication) {
                int bytes = publication.frameBytes();
                if (runBytes + bytes > MAX_RUN_BYTES || bytes > MAX_JOINED_FRAME_BYTES) {
                    deliverAndClear(run);
                    runBytes = 0;
                }
                run.add(publication);
                runBytes += bytes > MAX_JOINED_FRAME_BYTES ? MAX_RUN_BYTES : bytes;
            } else {
                deliverAndClear(run);
                runBytes = 0;
                deliver(delivery);
            }
        }
        deliverAndClear(run);
    }

    private void deliverAndClear(List<Delivery.OfPublication> run) {
        if (!run.isEmpty()) {
            deliver(run.size() == 1 ? new PublicationRun(run.get(0)) : new PublicationRun(run));
            run.clear();
        }
    }

    // Backwards, like the subscribers of a group: a group ends when its last subscriber leaves.

    private void deliver(PublicationRun run) {
        try {
            for (int i = groups.count() - 1; i >= 0; i--) {
                groups.get(i).deliver(run);
            }
        } catch (Throwable failure) {
            Boundary.caught(Place.FAN_OUT, run.get(0).channel(), failure);
            lost.addAndGet(run.size());
        } finally {
            for (int i = 0; i < run.size(); i++) {
                release(run.get(i));
            }
        }
    }

    private void deliver(Delivery.OfJoinOrLeave delivery) {
        try {
            for (int i = groups.count() - 1; i >= 0; i--) {
                groups.get(i).deliver(delivery);
            }
        } finally {
            release(delivery);
        }
    }

    private void deliver(Delivery.OfEpoch continued) {
        for (int i = groups.count() - 1; i >= 0; i--) {
            groups.get(i).continueEpoch(continued.end(), continued.epoch());
        }
    }

    private void notifyOfLoss() {
        int publications = lost.get() == 0 ? 0 : lost.getAndSet(0);
        if (publications == 0) {
            return;
        }
        for (int i = groups.count() - 1; i >= 0; i--) {
            groups.get(i).notifyOfLoss(publications);
        }
    }

    void tell(StreamTop top) {
        if (batching.isOn()) {
            // What is collected is older than the top that was read.
            deliver();
        }
        for (int i = groups.count() - 1; i >= 0; i--) {
            groups.get(i).tell(top);
        }
    }

    void invalidate() {
        for (int i = groups.count() - 1; i >= 0; i--) {
            groups.get(i).invalidate();
        }
    }

    private void drop(int count) {
        for (int i = 0; i < count; i++) {
            Delivery delivery = waiting.poll();
            if (delivery instanceof Delivery.OfPublication publication) {
                lost.incrementAndGet();
                release(publication);
            } else if (delivery instanceof Delivery.OfJoinOrLeave joinOrLeave) {
                release(joinOrLeave);
            } else if (delivery instanceof Delivery.OfEpoch) {
                lost.incrementAndGet();
            }
        }
    }

    private void release(Delivery.Encoded delivery) {
        waitingBytes.remove(delivery.heldBytes());
        delivery.release();
    }
}
