package dev.realtime.engine.redis;

/**
 * How far this node has seen the streams of channels, by epoch: the offsets of publications that it published, passed on, or
 * read. Asked for when an epoch has ended, to find out whether something was lost that anybody had.
 *
 * <p>Once it is known here where an epoch ended, nothing beyond is acknowledged any more: a server that was cut off may still say
 * that it took a publication, but nobody will ever get it. What arrives beyond goes on to be counted, since it was delivered.
 *
 * <p>Bounded: the least recently used of some entries with like hashes gives way, and is remembered as forgotten, so that the answer
 * is then "unknown" and not "nothing". May be used by any thread; one lock per group of entries.
 */
final class SeenOffsets {

    /** The answer where an entry had to give way. */
    static final long UNKNOWN = -1;

    private static final int WAYS = 4;

    private static final int LOCKS = 64;

    /** Entries, {@value #WAYS} to a group, the most recently used first; 0 where there is none. */
    private final long[] entries;

    /** Highest offset of each entry. */
    private final long[] offsets;

    /** One more than the offset at which the epoch of each entry ended, 0 as long as it is not known to have ended. */
    private final long[] ends;

    /** One bit per hash, set when an entry gave way. Guarded by itself. */
    private final long[] forgotten;

    private final Object[] locks = new Object[LOCKS];

    /** @param capacity number of channels and epochs to remember, a power of two, at least 1024 */
    SeenOffsets(int capacity) {
        entries = new long[capacity];
        offsets = new long[capacity];
        ends = new long[capacity];
        forgotten = new long[capacity / 4];
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new Object();
        }
    }

    /**
     * Notes that a publication was seen.
     *
     * @param channel hash of it
     */
    void saw(long channel, String epoch, long offset) {
        long entry = entry(channel, epoch);
        synchronized (lock(entry)) {
            int at = find(entry);
            offsets[at] = Math.max(offsets[at], offset);
        }
    }

    /**
     * Notes that Redis acknowledged a publication of this node.
     *
     * @return {@code false} if the epoch is known to have ended before it, so that it is lost and was not noted
     */
    boolean acknowledged(long channel, String epoch, long offset) {
        long entry = entry(channel, epoch);
        synchronized (lock(entry)) {
            int at = find(entry);
            if (ends[at] != 0 && offset >= ends[at]) {
                return false;
            }
            offsets[at] = Math.max(offsets[at], offset);
            return true;
        }
    }

    /**
     * Learns where an epoch ended, and says how far it was seen, 0 for not at all, or {@link #UNKNOWN}.
     *
     * @param boundary last offset that was kept of it
     */
    long end(long channel, String epoch, long boundary) {
        long entry = entry(channel, epoch);
        synchronized (lock(entry)) {
            if (!contains(entry) && isForgotten(entry)) {
                return UNKNOWN;
            }
            int at = find(entry);
            ends[at] = boundary + 1;
            return offsets[at];
        }
    }

    /** Epochs are 64 bits in hexadecimal; anything else has a hash. */
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
        long end = 0;
        if (at < from + WAYS) {
            offset = offsets[at];
            end = ends[at];
        } else {
            at = from + WAYS - 1;
            if (offsets[at] != 0) {
                forget(entries[at]);
            }
        }
        for (int to = at; to > from; to--) {
            entries[to] = entries[to - 1];
            offsets[to] = offsets[to - 1];
            ends[to] = ends[to - 1];
        }
        entries[from] = entry;
        offsets[from] = offset;
        ends[from] = end;
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
