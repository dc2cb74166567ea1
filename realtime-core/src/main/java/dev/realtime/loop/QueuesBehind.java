package dev.realtime.loop;

import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Queues of one loop that hold frames back because their client is behind. While there are any, they are visited every
 * {@value #VISIT_MILLIS} ms, so that what is held leaves although nothing new comes. Touched on the executor only.
 */
final class QueuesBehind {

    private static final long VISIT_MILLIS = 20;

    private final EventExecutor executor;

    private final Runnable visit;

    private final List<OutboundQueue> queues = new ArrayList<>();

    QueuesBehind(EventExecutor executor) {
        this.executor = executor;
        this.visit = Boundary.task(Place.FLUSH, executor, this::visit);
    }

    /** Adds a queue that was not behind. */
    void add(OutboundQueue queue) {
        queues.add(queue);
        if (queues.size() == 1) {
            visitLater();
        }
    }

    private void visitLater() {
        // Without a timer the queues leave with the next frame, and are bounded all the same.
        Boundary.schedule(executor, visit, VISIT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void visit() {
        try {
            for (int i = queues.size() - 1; i >= 0; i--) {
                OutboundQueue queue = queues.get(i);
                if (hasCaughtUp(queue)) {
                    OutboundQueue last = queues.remove(queues.size() - 1);
                    if (i < queues.size()) {
                        queues.set(i, last);
                    }
                }
            }
        } finally {
            if (!queues.isEmpty()) {
                visitLater();
            }
        }
    }

    private static boolean hasCaughtUp(OutboundQueue queue) {
        try {
            return queue.catchUp();
        } catch (Throwable failure) {
            Boundary.end(Place.FLUSH, queue.owner(), failure);
            return true;
        }
    }
}
