package dev.realtime.statistics;

import dev.realtime.api.client.Disconnect;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;

/**
 * Counters of one node since it started. Adding costs no lock and no object; reading sums up. By namespace at most,
 * never by channel or user.
 */
public final class NodeStatistics {

    /**
     * Collects all namespaces beyond the first {@value #MOST_NAMESPACES}: a resolver of the application may know any
     * number, and clients invent their names.
     */
    public static final String OTHER_NAMESPACES = "(other)";

    private static final int MOST_NAMESPACES = 1_000;

    /** All limits in that many namespaces. */
    private static final int MOST_LIMITS = MOST_NAMESPACES * ReachedLimit.values().length;

    private final LongAdder connections = new LongAdder();
    private final LongAdder messagesReceived = new LongAdder();
    private final LongAdder bytesReceived = new LongAdder();
    private final CopyOnWriteArrayList<SentCounter> sent = new CopyOnWriteArrayList<>();
    private final LongAdder errorReplies = new LongAdder();
    private final LongAdder lostAfterCommit = new LongAdder();
    private final CounterTable<Integer, DisconnectCount> disconnects =
            new CounterTable<>(Integer.MAX_VALUE, code -> code, DisconnectCount::new);
    private final CounterTable<LimitKey, LimitCounter> limits = new CounterTable<>(
            MOST_LIMITS,
            key -> new LimitKey(key.limit(), OTHER_NAMESPACES),
            key -> new LimitCounter(key.limit(), key.namespace()));
    private final CounterTable<String, NamespaceStatistics> namespaces =
            new CounterTable<>(MOST_NAMESPACES, name -> OTHER_NAMESPACES, NamespaceStatistics::new);
    private final CopyOnWriteArrayList<LongConsumer> deliveryLagListeners = new CopyOnWriteArrayList<>();

    private record LimitKey(ReachedLimit limit, String namespace) {}

    private record DisconnectCount(int code, LongAdder count) {

        DisconnectCount(int code) {
            this(code, new LongAdder());
        }
    }

    /** Connections open now. */
    public long connections() {
        return connections.sum();
    }

    /** Messages of clients, whole frames. */
    public long messagesReceived() {
        return messagesReceived.sum();
    }

    /** Bytes of messages of clients. */
    public long bytesReceived() {
        return bytesReceived.sum();
    }

    /** Replies and pushes written. */
    public long messagesSent() {
        return sent.stream().mapToLong(SentCounter::messages).sum();
    }

    /** Bytes of replies and pushes written, frame headers included. */
    public long bytesSent() {
        return sent.stream().mapToLong(SentCounter::bytes).sum();
    }

    /** Commands that got an error. */
    public long errorReplies() {
        return errorReplies.sum();
    }

    /** Publications that failed after the transaction they belonged to was committed. */
    public long lostAfterCommit() {
        return lostAfterCommit.sum();
    }

    /**
     * Connections ended with this code; {@link Disconnect#CONNECTION_CLOSED} when the client or the network ended it.
     */
    public long disconnects(int code) {
        DisconnectCount counted = disconnects.find(code);
        return counted == null ? 0 : counted.count().sum();
    }

    /** Counters of a namespace, created when first asked for; empty for channels without one. */
    public NamespaceStatistics namespace(String namespace) {
        return namespaces.get(namespace);
    }

    /** Calls back for every disconnect code seen so far and, once each, for those still to come. */
    public void whenDisconnectCodeAppears(IntConsumer listener) {
        disconnects.whenMade(counted -> listener.accept(counted.code()));
    }

    /** Calls back for every namespace seen so far and, once each, for those still to come. */
    public void whenNamespaceAppears(Consumer<NamespaceStatistics> listener) {
        namespaces.whenMade(listener);
    }

    /**
     * Calls back for every limit and namespace that rejected a client or command so far and, once each, for those still
     * to come.
     */
    public void whenLimitAppears(Consumer<LimitCounter> listener) {
        limits.whenMade(listener);
    }

    /**
     * Calls back with the nanoseconds from the arrival of a publication at this node to the flush that sent it to the
     * last of its subscribers on one executor. Sampled: once per turn of an executor in which publications left, for
     * the one that waited longest. Called on that executor, so it must return immediately.
     */
    public void whenDelivered(LongConsumer lagNanos) {
        deliveryLagListeners.add(lagNanos);
    }

    public void deliveredAfter(long lagNanos) {
        for (LongConsumer listener : deliveryLagListeners) {
            try {
                listener.accept(lagNanos);
            } catch (Throwable failure) {
                Boundary.caught(Place.STATISTICS, "delivery lag", failure);
            }
        }
    }

    /**
     * Counts a client or command that is turned away; any thread.
     *
     * @param namespace empty where the reason has nothing to do with one
     */
    public void refused(ReachedLimit limit, String namespace) {
        limits.get(new LimitKey(limit, namespace)).increment();
    }

    /** A publication failed after its transaction was committed. */
    public void publicationLostAfterCommit() {
        lostAfterCommit.increment();
    }

    public void connectionOpened() {
        connections.increment();
    }

    public void connectionClosed(Disconnect disconnect) {
        connections.decrement();
        disconnects.get(disconnect.code()).count().increment();
    }

    public void received(int bytes) {
        messagesReceived.increment();
        bytesReceived.add(bytes);
    }

    /** Makes a part of the counters of what is sent, for one thread that counts without contention. */
    public SentCounter sentCounter() {
        SentCounter counter = new SentCounter();
        sent.add(counter);
        return counter;
    }

    public void errorReplied() {
        errorReplies.increment();
    }
}
