package dev.realtime.engine.redis;

/**
 * How far this node has seen the streams of channels, by epoch: the offsets of publications that it published, passed on, or
 * read. Asked for when an epoch has ended, to find out whether something was lost that anybody had.
 *
 * <p>An answer is final. Whoever has said how far it saw an epoch must not see more of it afterwards: the epoch is sealed by the
 * answer, and what a server that was cut off still acknowledges in it does not count.
 *
 * <p>Bounded: the least recently used of some entries with like hashes gives way, and is remembered as forgotten, so that the answer
 * is then "unknown" and not "nothing". May be used by any thread; one lock per group of entries.
 */
final class SeenOffsets {

    /** The answer where an entry had to give way. */
    static final long UNKNOWN = -1;

    private static final int WAYS = 4;

    private static final int LOCKS = 64;

    /** Bit of an offset that says that its epoch is sealed. */
    private static final long SEALED = 1L << 62;

    /** Entries, {@value #WAYS} to a group, the most recently used first; 0 where there is none. */
    private final long[] entries;

    /** Offset of each entry, with {@link #SEALED}. */
    private final long[] offsets;

    /** One bit per hash, set when an entry gave way. Guarded by itself. */
    private final long[] forgotten;

    private final Object[] locks = new Object[LOCKS];

    /** @param capacity number of channels and epochs to remember, a power of two, at least 1024 */
    SeenOffsets(int capacity) {
        entries = new long[capacity];
        offsets = new long[capacity];
        forgotten = new long[capacity / 4];
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new Object();
        }
    }

    /**
     * Notes that a publication was seen.
     *
     * @param channel hash of it
     * @return {@code false} if this node has already said that it saw less of this epoch, so that it must not count
     */
    boolean saw(long channel, String epoch, long offset) {
        long entry = entry(channel, epoch);
        synchronized (lock(entry)) {
            int at = find(entry);
            boolean sealed = (offsets[at] & SEALED) != 0;
            long seen = offsets[at] & ~SEALED;
            if (sealed) {
                return offset <= seen;
            }
            offsets[at] = Math.max(seen, offset);
            return true;
        }
    }

    /** Notes what was passed on already, so that it counts whatever was said before. */
    void passedOn(long channel, String epoch, long offset) {
        long entry = entry(channel, epoch);
        synchronized (lock(entry)) {
            int at = find(entry);
            long seen = Math.max(offsets[at] & ~SEALED, offset);
            offsets[at] = seen | offsets[at] & SEALED;
        }
    }

    /** Says how far an epoch was seen, 0 for not at all, or {@link #UNKNOWN}; it counts as no further seen from now on. */
    long seal(long channel, String epoch) {
        long entry = entry(channel, epoch);
        synchronized (lock(entry)) {
            boolean known = contains(entry);
            if (!known && isForgotten(entry)) {
                return UNKNOWN;
            }
            int at = find(entry);
            long seen = offsets[at] & ~SEALED;
            offsets[at] = seen | SEALED;
            return seen;
        }
    }

    /** The same, but where nothing was seen nothing is remembered, and the answer is 0. */
    long sealIfSeen(long channel, String epoch) {
        long entry = entry(channel, epoch);
        synchronized (lock(entry)) {
            return contains(entry) ? seal(channel, epoch) : 0;
        }
    }

    private static long entry(long channel, String epoch) {
        long bits = 0;
        for (int i = 0; i < epoch.length(); i++) {
            bits = 31 * bits + epoch.charAt(i);
        }
        long entry = mix(channel ^ mix(bits));
        return entry == 0 ? 1 : entry;
    }

    /** The finalizer of SplitMix64: every bit depends on every other. */
    private static long mix(long value) {
        long mixed = value * 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    private Object lock(long entry) {
        return locks[group(entry) / WAYS % LOCKS];
    }

    /** Where the group of an entry begins. */
    private int group(long entry) {
        return (int) (entry & (entries.length - 1)) / WAYS * WAYS;
    }

    private boolean contains(long entry) {
        int from = group(entry);
        for (int at = from; at < from + WAYS; at++) {
            if (entries[at] == entry) {
                return true;
            }
        }
        return false;
    }

    /** Brings an entry to the front of its group, a new one if there is none. */
    private int find(long entry) {
        int from = group(entry);
        int at = from;
        while (at < from + WAYS && entries[at] != entry) {
            at++;
        }
        long offset = 0;
        if (at < from + WAYS) {
            offset = offsets[at];
        } else {
            at = from + WAYS - 1;
            if (entries[at] != 0) {
                forget(entries[at]);
            }
        }
        for (int to = at; to > from; to--) {
            entries[to] = entries[to - 1];
            offsets[to] = offsets[to - 1];
        }
        entries[from] = entry;
        offsets[from] = offset;
        return from;
    }

    private void forget(long entry) {
        synchronized (forgotten) {
            forgotten[word(entry)] |= 1L << (entry >>> 8);
        }
    }

    private boolean isForgotten(long entry) {
        synchronized (forgotten) {
            return (forgotten[word(entry)] & 1L << (entry >>> 8)) != 0;
        }
    }

    /** Of other bits than the group and the bit within the word. */
    private int word(long entry) {
        return (int) (entry >>> 32 & (forgotten.length - 1));
    }
}
