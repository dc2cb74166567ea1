package dev.realtime.engine.memory;

import dev.realtime.spi.engine.AppendOptions;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The idempotency keys of all channels in the order in which they were remembered, to bound the memory they take
 * together. All live equally long, so the oldest is the next to expire. What belongs to the keys is in the row of
 * their channel.
 *
 * <p>Lock: the monitor of this object, which is taken under the lock of a row; nothing is called under it.
 */
final class IdempotencyKeys {

    private static final Logger logger = LoggerFactory.getLogger(IdempotencyKeys.class);

    /** Objects and table entries of one key, here and in its channel, beside its text. */
    private static final int OVERHEAD_BYTES = 256;

    private final long maxBytes;

    private final Queue<Entry> oldestFirst = new ArrayDeque<>();

    private long bytes;

    /** Whether keys were forgotten before their time, which was logged. */
    private boolean overflowed;

    IdempotencyKeys(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** A key of a channel. */
    record Entry(String channel, String key, long expiresAtMillis) {

        int bytes() {
            return OVERHEAD_BYTES + 2 * key.length();
        }
    }

    /** Notes that a key was remembered. */
    synchronized void added(String channel, String key, long nowMillis) {
        Entry entry = new Entry(channel, key, nowMillis + AppendOptions.IDEMPOTENCY_WINDOW.toMillis());
        oldestFirst.add(entry);
        bytes += entry.bytes();
    }

    /** Forgets the keys that have expired, as their channels do. */
    synchronized void expire(long nowMillis) {
        for (Entry oldest = oldestFirst.peek();
                oldest != null && oldest.expiresAtMillis() <= nowMillis;
                oldest = oldestFirst.peek()) {
            removeOldest();
        }
        if (oldestFirst.isEmpty()) {
            overflowed = false;
        }
    }

    /**
     * Returns the oldest key while all together take too much memory, {@code null} if they do not. It is forgotten
     * here.
     */
    @Nullable
    Entry overdue() {
        Entry oldest;
        boolean first;
        synchronized (this) {
            if (bytes <= maxBytes) {
                return null;
            }
            oldest = removeOldest();
            first = !overflowed;
            overflowed = true;
        }
        if (first) {
            logger.warn(
                    "Idempotency keys take more than {} bytes, so the oldest are removed before {} have passed, and a"
                            + " publish that is repeated late may be delivered twice. Raise the heap (-Xmx), or use the"
                            + " Redis engine.",
                    maxBytes,
                    AppendOptions.IDEMPOTENCY_WINDOW);
        }
        return oldest;
    }

    private @Nullable Entry removeOldest() {
        Entry oldest = oldestFirst.poll();
        if (oldest != null) {
            bytes -= oldest.bytes();
        }
        return oldest;
    }
}
