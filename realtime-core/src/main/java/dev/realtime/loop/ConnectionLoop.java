package dev.realtime.loop;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.json.WireWriter;
import dev.realtime.spi.engine.PresenceManager;
import dev.realtime.statistics.NodeStatistics;
import dev.realtime.statistics.SentCounter;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * State shared by all connections of one executor: the timing wheel, the list of queues to flush, the buffer in which
 * replies are encoded. Used on the executor only.
 *
 * <p>Flushing: the first write of a turn queues one flush task behind everything that waits for the executor already,
 * so that all that arrives in the turn, from many sockets, the API or the engine, leaves in one flush per socket. When
 * a delivery is the last thing the executor has to do, there is nothing to wait for: it leaves client by client, which
 * spares going through all of them twice.
 *
 * <p>Failure: a flush that fails ends its connection, the others are flushed; the presence refresh and the check of
 * slow queues are repeated whatever becomes of one.
 */
public final class ConnectionLoop {

    /** Longest frame that is read in an array of the loop; most commands are shorter. */
    private static final int MAX_BORROWED_BYTES = 4_096;

    private final EventExecutor executor;

    /** The executor, if it says how many tasks wait. */
    private final @Nullable SingleThreadEventExecutor counting;

    private final PresenceManager presenceManager;

    private final SlowQueues slowQueues;

    private final QueuesBehind queuesBehind;

    private final NodeStatistics statistics;

    private final SentCounter sent;

    private final LongSupplier nanoTime;

    private final DoubleSupplier random;

    private final TimerWheel wheel;

    private final WireWriter writer = new WireWriter();

    private final Runnable flushTask = this::flush;

    private final Runnable countTask = this::countDelivery;

    /** Array in which frames are read; {@code null} while one is. */
    private byte @Nullable [] frameArray = new byte[MAX_BORROWED_BYTES];

    private List<OutboundQueue> dirty = new ArrayList<>();

    private List<OutboundQueue> flushing = new ArrayList<>();

    /** Whether the flush task waits for its turn. */
    private boolean flushQueued;

    /** Whether publications leave with the next flush. */
    private boolean delivering;

    /** When the first of these arrived at the hub. */
    private long arrivedNanos;

    /** Presence entries whose time-to-live starts again after this tick. */
    private Map<String, List<ClientInfo>> present = new HashMap<>();

    /**
     * @param nanoTime the clock of the hub
     * @param random 0 to 1, for jitter
     */
    public ConnectionLoop(
            EventExecutor executor,
            PresenceManager presenceManager,
            NodeQueues nodeQueues,
            NodeStatistics statistics,
            LongSupplier nanoTime,
            DoubleSupplier random) {
        this.executor = executor;
        this.counting = executor instanceof SingleThreadEventExecutor single ? single : null;
        this.statistics = statistics;
        this.sent = statistics.sentCounter();
        this.nanoTime = nanoTime;
        this.random = random;
        this.presenceManager = presenceManager;
        this.slowQueues = new SlowQueues(executor, nodeQueues);
        this.queuesBehind = new QueuesBehind(executor);
        this.wheel = new TimerWheel(executor, this::refreshPresence);
    }

    public TimerWheel wheel() {
        return wheel;
    }

    /** Returns a time in the second half of an interval, so that clients that came together do not act together. */
    public Duration jittered(Duration interval) {
        return Duration.ofNanos((long) (interval.toNanos() * (0.5 + random.getAsDouble() / 2)));
    }

    /** Empty buffer to encode one message in; valid until the next call. */
    public WireWriter writer() {
        return writer.clear();
    }

    /**
     * Lends an array to read a frame in, until {@link #giveBack}.
     *
     * @return {@code null} for a long frame, and while another one is read
     */
    public byte @Nullable [] borrow(int length) {
        byte[] lent = length > MAX_BORROWED_BYTES ? null : frameArray;
        if (lent != null) {
            frameArray = null;
        }
        return lent;
    }

    /** Takes an array back that was lent. */
    public void giveBack(byte[] lent) {
        frameArray = lent;
    }

    /** Counts what a queue took. */
    void sent(int messages, int bytes) {
        sent.sent(messages, bytes);
    }

    /** Has a queue flushed at the end of the turn; called once per turn and queue. */
    void flushLater(OutboundQueue queue) {
        dirty.add(queue);
        queueFlush();
    }

    /** Has a queue asked again soon whether its client has caught up. */
    void visitLater(OutboundQueue queue) {
        queuesBehind.add(queue);
    }

    private void queueFlush() {
        if (!flushQueued) {
            flushQueued = Boundary.execute(executor, flushTask);
        }
    }

    /**
     * Returns whether what is being delivered is the last of this turn. Delivering is a task, and tasks follow all that
     * was read from sockets in the turn.
     */
    boolean nothingFollows() {
        return counting != null && counting.pendingTasks() <= (flushQueued ? 1 : 0);
    }

    /** Flushes a queue now instead of at the end of the turn. */
    void flushNow(OutboundQueue queue) {
        queueFlush();
        flush(queue);
    }

    /** A publication that arrived at the hub then was queued. Only the first of a turn is timed. */
    public void delivered(long arrivedNanos) {
        if (!delivering && flushQueued) {
            delivering = true;
            this.arrivedNanos = arrivedNanos;
        }
    }

    private void flush() {
        flushQueued = false;
        List<OutboundQueue> queues = dirty;
        dirty = flushing;
        flushing = queues;
        for (int i = 0; i < queues.size(); i++) {
            OutboundQueue queue = queues.get(i);
            try {
                flush(queue);
            } catch (Throwable failure) {
                Boundary.end(Place.FLUSH, queue.owner(), failure);
            }
        }
        queues.clear();
        if (delivering) {
            delivering = false;
            Boundary.run(Place.STATISTICS, executor, countTask);
        }
    }

    private void countDelivery() {
        statistics.deliveredAfter(nanoTime.getAsLong() - arrivedNanos);
    }

    private void flush(OutboundQueue queue) {
        queue.flush();
        slowQueues.flushed(queue);
    }

    /** Has a presence entry refreshed together with all others of this tick. */
    public void presentIn(String channel, ClientInfo info) {
        present.computeIfAbsent(channel, name -> new ArrayList<>()).add(info);
    }

    private void refreshPresence() {
        if (present.isEmpty()) {
            return;
        }
        Map<String, List<ClientInfo>> batch = present;
        present = new HashMap<>();
        Boundary.call(Place.PRESENCE_REFRESH, batch.size() + " channels", () -> presenceManager.refresh(batch));
    }
}
