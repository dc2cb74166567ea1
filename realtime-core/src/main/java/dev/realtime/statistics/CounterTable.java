package dev.realtime.statistics;

import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Counters that are made when they are first needed, up to a number of them, and listeners that are notified of each
 * exactly once.
 *
 * <p>Lock: the monitor of this object, to make a counter or to add a listener; listeners are called without it.
 */
final class CounterTable<K, V> {

    private final Map<K, V> counters = new ConcurrentHashMap<>();

    private final int most;

    private final UnaryOperator<K> beyond;

    private final Function<K, V> newCounter;

    /** Guarded by this. */
    private final List<Consumer<V>> listeners = new ArrayList<>();

    /**
     * @param most counters that have a key of their own
     * @param beyond the key that a further one is counted under
     */
    CounterTable(int most, UnaryOperator<K> beyond, Function<K, V> newCounter) {
        this.most = most;
        this.beyond = beyond;
        this.newCounter = newCounter;
    }

    /** Returns the counter of a key, {@code null} if there is none. */
    @Nullable
    V find(K key) {
        return counters.get(key);
    }

    /** Returns the counter of a key, a new one if there is none. */
    V get(K key) {
        V known = counters.get(key);
        return known == null ? make(key) : known;
    }

    private V make(K wanted) {
        V made;
        List<Consumer<V>> notified;
        synchronized (this) {
            K key = counters.size() < most || counters.containsKey(wanted) ? wanted : beyond.apply(wanted);
            V known = counters.get(key);
            if (known != null) {
                return known;
            }
            made = newCounter.apply(key);
            counters.put(key, made);
            notified = List.copyOf(listeners);
        }
        V counter = made;
        notified.forEach(listener -> Boundary.run(Place.STATISTICS, listener, () -> listener.accept(counter)));
        return made;
    }

    /** Calls back for every counter made so far and, once each, for those still to come. */
    void whenMade(Consumer<V> listener) {
        List<V> known;
        synchronized (this) {
            listeners.add(listener);
            known = List.copyOf(counters.values());
        }
        known.forEach(listener);
    }
}
