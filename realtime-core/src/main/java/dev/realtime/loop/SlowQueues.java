package dev.realtime.loop;

import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Queues of one loop whose sockets do not take all that is sent to them, and the memory they hold. Touched on the
 * executor of the loop only.
 *
 * <p>Two sums are kept for the node. The bytes queued are known after each flush. They are never less than the memory
 * held, but may be far more, because a publication that waits for many clients is one buffer. So only while the bytes
 * queued on the node are over its ceiling, the loops count the buffers themselves, each once. If these are over the
 * ceiling too, the loop that finds it closes those of its connections that hold most. A buffer shared by several
 * clients counts for each of them in part. What a connection that was closed still holds is given up at the next count.
 * Until then it does not count, so that another loop closes none for the same excess.
 *
 * <p>The queues are weighed every {@value #WEIGHING_MILLIS} ms while there are any, and in the same turn when they have
 * grown a lot since.
 */
final class SlowQueues {

    private static final long WEIGHING_MILLIS = 100;

    private final EventExecutor executor;

    private final NodeQueues node;

    private final List<OutboundQueue> queues = new ArrayList<>();

    private final Runnable weighNow;

    private final Runnable weighPeriodically;

    /** Growth of the queues since they were weighed. */
    private long grown;

    /** Whether a task to weigh them waits for its turn. */
    private boolean weighingNow;

    /** Whether they are weighed periodically. */
    private boolean weighing;

    /** Whether the node takes back the share of this loop when the executor ends. */
    private boolean withdrawing;

    /** Last value reported to the node. */
    private long reportedQueued;

    private long reportedHeld;

    SlowQueues(EventExecutor executor, NodeQueues node) {
        this.executor = executor;
        this.node = node;
        this.weighNow = Boundary.task(Place.QUEUE_CHECK, executor, this::weighNow);
        this.weighPeriodically = Boundary.task(Place.QUEUE_CHECK, executor, this::weighPeriodically);
    }

    /** Weight of a queue. */
    static final class Weight {

        /** Bytes that the socket has not taken. */
        private long queued;

        /** Memory held, shared buffers in part. */
        private long held;

        /** Whether the connection was closed for it. */
        private boolean shed;
    }

    /** Notes that a queue was flushed. */
    void flushed(OutboundQueue queue) {
        if (!node.limited()) {
            return;
        }
        Weight weight = queue.weight();
        long queued = queue.queuedBytes();
        if (weight == null) {
            if (queued == 0) {
                return;
            }
            weight = new Weight();
            queues.add(queue);
            queue.weight(weight);
        }
        grown += queued - weight.queued;
        weight.queued = queued;
        if (grown > node.step() && !weighingNow) {
            weighingNow = Boundary.execute(executor, weighNow);
        }
        if (!weighing) {
            weighLater();
        }
    }

    private void weighLater() {
        weighing = Boundary.schedule(executor, weighPeriodically, WEIGHING_MILLIS, TimeUnit.MILLISECONDS) != null;
        if (!weighing) {
            withdraw();
        } else if (!withdrawing) {
            withdrawing = true;
            executor.terminationFuture().addListener(ended -> {
                if (executor.isTerminated()) {
                    withdraw();
                }
            });
        }
    }

    /** Withdraws what was reported, as the executor ends with its connections. */
    private void withdraw() {
        node.isOver(-reportedQueued);
        node.excess(-reportedHeld);
        reportedQueued = 0;
        reportedHeld = 0;
    }

    private void weighNow() {
        weighingNow = false;
        weigh();
    }

    private void weighPeriodically() {
        weighing = false;
        try {
            weigh();
        } finally {
            if (!queues.isEmpty()) {
                weighLater();
            }
        }
    }

    private void weigh() {
        grown = 0;
        long queued = sumQueued();
        boolean over = node.isOver(queued - reportedQueued);
        reportedQueued = queued;
        long held = over ? sumHeld() : 0;
        long excess = node.excess(held - reportedHeld);
        reportedHeld = held;
        if (over && excess > 0) {
            shed(excess);
        }
    }

    private long sumQueued() {
        long sum = 0;
        for (Iterator<OutboundQueue> all = queues.iterator(); all.hasNext(); ) {
            OutboundQueue queue = all.next();
            long queued = queue.queuedBytes();
            if (queued == 0) {
                queue.weight(null);
                all.remove();
            } else {
                weightOf(queue).queued = queued;
                sum += queued;
            }
        }
        return sum;
    }

    private long sumHeld() {
        Map<ByteBuf, int[]> holders = new IdentityHashMap<>();
        for (OutboundQueue queue : queues) {
            queue.forEachQueued(buffer -> holders.computeIfAbsent(memoryOf(buffer), memory -> new int[1])[0]++);
        }
        long sum = 0;
        for (OutboundQueue queue : queues) {
            Weight weight = weightOf(queue);
            long[] found = {0, 0};
            queue.forEachQueued(buffer -> {
                ByteBuf memory = memoryOf(buffer);
                found[0] += buffer.readableBytes();
                found[1] += memory.capacity() / Math.max(1, holders.getOrDefault(memory, new int[1])[0]);
            });
            // What the transport cannot show is its own.
            weight.held = found[1] + Math.max(0, weight.queued - found[0]);
            sum += weight.held;
        }
        return sum;
    }

    private static ByteBuf memoryOf(ByteBuf buffer) {
        ByteBuf memory = buffer;
        for (ByteBuf wrapped = memory.unwrap(); wrapped != null; wrapped = memory.unwrap()) {
            memory = wrapped;
        }
        return memory;
    }

    private void shed(long excess) {
        List<OutboundQueue> order = new ArrayList<>(queues);
        order.sort(Comparator.comparing((OutboundQueue queue) -> !weightOf(queue).shed)
                .thenComparing(queue -> -weightOf(queue).held)
                .thenComparing(queue -> -weightOf(queue).queued));
        long given = 0;
        for (OutboundQueue queue : order) {
            if (given >= excess) {
                break;
            }
            Weight weight = weightOf(queue);
            given += weight.held;
            Runnable end = weight.shed ? queue::abort : queue::shed;
            weight.shed = true;
            Boundary.run(Place.QUEUE_CHECK, queue.owner(), end);
        }
        reportedHeld -= given;
        node.excess(-given);
    }

    private static Weight weightOf(OutboundQueue queue) {
        Weight weight = queue.weight();
        if (weight == null) {
            throw new IllegalStateException("a queue that is not slow is measured");
        }
        return weight;
    }
}
