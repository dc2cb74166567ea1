package dev.realtime.engine.memory;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Map whose entries all live equally long since they were put. Because they do, the order of putting is the order of
 * expiring: removing what has expired touches nothing else. Not thread-safe.
 */
final class ExpiringMap<K, V> {

    private record Entry<V>(V value, long expiresAtMillis) {}

    private final LinkedHashMap<K, Entry<V>> entries = new LinkedHashMap<>();

    private final long ttlMillis;

    ExpiringMap(long ttlMillis) {
        this.ttlMillis = ttlMillis;
    }

    /** The value of a key, {@code null} if there is none. Does not check the time. */
    @Nullable
    V get(K key) {
        Entry<V> entry = entries.get(key);
        return entry == null ? null : entry.value();
    }

    /** Puts a value with its whole life before it; returns the one that it replaces. */
    @Nullable
    V put(K key, V value, long nowMillis) {
        Entry<V> replaced = entries.remove(key);
        entries.put(key, new Entry<>(value, nowMillis + ttlMillis));
        return replaced == null ? null : replaced.value();
    }

    /** Removes a key; returns its value, {@code null} if there was none. */
    @Nullable
    V remove(K key) {
        Entry<V> removed = entries.remove(key);
        return removed == null ? null : removed.value();
    }

    /** Removes what has expired and reports each value that is removed. */
    void expire(long nowMillis, Consumer<? super V> expired) {
        Iterator<Entry<V>> oldestFirst = entries.values().iterator();
        while (oldestFirst.hasNext()) {
            Entry<V> entry = oldestFirst.next();
            if (entry.expiresAtMillis() > nowMillis) {
                return;
            }
            oldestFirst.remove();
            expired.accept(entry.value());
        }
    }

    int size() {
        return entries.size();
    }

    void forEach(Consumer<? super V> action) {
        entries.values().forEach(entry -> action.accept(entry.value()));
    }
}
