package dev.realtime.engine.redis.broker;

import dev.realtime.engine.redis.format.ChannelMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Publications of one channel that arrived while its stream is read, in the order in which they came.
 *
 * <p>Belongs to the event of the follower that is handled.
 */
final class HeldPublications {

    /** Most bytes that one channel holds back. */
    static final int MAX_BYTES = 1 << 20;

    /** Bytes of a message besides its own, roughly. */
    private static final int OVERHEAD_BYTES = 120;

    private final HoldbackBudget budget;

    private final Deque<Held> held = new ArrayDeque<>(0);

    private long bytes;

    /** Number of publications that were held when the read began. */
    private int beforeRead;

    private boolean overflowed;

    private record Held(ChannelMessage.Published message, int bytes) {}

    HeldPublications(HoldbackBudget budget) {
        this.budget = budget;
    }

    /** Notes that a read begins, which knows all that has arrived up to now. */
    void readBegins() {
        beforeRead = held.size();
    }

    /**
     * Adds a publication. Where there is no room for it, all are dropped, and those that come until {@link
     * #takeOverflow}.
     *
     * @param length of the message in bytes
     * @return how many were dropped; 0 if it was added
     */
    int add(ChannelMessage.Published message, int length) {
        int needed = length + OVERHEAD_BYTES;
        if (!overflowed && bytes + needed <= MAX_BYTES && budget.reserve(needed)) {
            bytes += needed;
            held.add(new Held(message, needed));
            return 0;
        }
        int dropped = held.size() + 1;
        clear();
        overflowed = true;
        return dropped;
    }

    /** Returns whether publications were dropped since this was last called. */
    boolean takeOverflow() {
        boolean dropped = overflowed;
        overflowed = false;
        return dropped;
    }

    /** Returns the first; {@code null} if there is none. */
    ChannelMessage.@Nullable Published first() {
        Held first = held.peek();
        return first == null ? null : first.message();
    }

    /** Returns whether the next one that is handled arrived before the read began. */
    boolean nextArrivedBeforeRead() {
        return beforeRead-- > 0;
    }

    void removeFirst() {
        Held first = held.remove();
        bytes -= first.bytes();
        budget.release(first.bytes());
    }

    void clear() {
        budget.release(bytes);
        bytes = 0;
        beforeRead = 0;
        held.clear();
    }
}
