package dev.realtime.loop;

import dev.realtime.spi.engine.PresenceManager;
import dev.realtime.statistics.NodeStatistics;
import io.netty.util.concurrent.EventExecutor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** The loops of a node: one for each executor that ever owned a connection. Called by any thread. */
public final class ConnectionLoops {

    private final PresenceManager presenceManager;

    private final NodeQueues nodeQueues;

    private final NodeStatistics statistics;

    private final LongSupplier nanoTime;

    private final DoubleSupplier random;

    private final Map<EventExecutor, ConnectionLoop> loops = new ConcurrentHashMap<>();

    /**
     * @param nodeQueueMaxBytes most that may be queued for all clients of the node together; 0 for no ceiling
     * @param nanoTime the clock of the hub
     * @param random 0 to 1, for jitter
     */
    public ConnectionLoops(
            PresenceManager presenceManager,
            long nodeQueueMaxBytes,
            NodeStatistics statistics,
            LongSupplier nanoTime,
            DoubleSupplier random) {
        this.presenceManager = presenceManager;
        this.nodeQueues = new NodeQueues(nodeQueueMaxBytes);
        this.statistics = statistics;
        this.nanoTime = nanoTime;
        this.random = random;
    }

    /** Returns the loop of an executor. */
    public ConnectionLoop of(EventExecutor executor) {
        return loops.computeIfAbsent(
                executor,
                first -> new ConnectionLoop(first, presenceManager, nodeQueues, statistics, nanoTime, random));
    }
}
