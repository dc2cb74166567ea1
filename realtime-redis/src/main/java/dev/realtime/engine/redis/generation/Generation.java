package dev.realtime.engine.redis.generation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One generation of Redis, which is the history between two changes of {@code master_replid}, and how far this node saw
 * the streams in it: what it published with an acknowledgement, passed on, or read.
 *
 * <p>Time is counted in ticks. Before the server is asked for its replication offset a new tick begins, so all that was
 * noted in earlier ticks is within the offset that the server returns: a checkpoint. When another server continues the
 * history up to some offset, one comparison with the checkpoints shows which notes it has for certain. The rest is the
 * tail, and has to be checked channel by channel.
 *
 * <pre>
 *   notes         a1 b1      a2 c1      d1 a3
 *   checkpoints         1:100      2:180      3:260     everything noted before tick 2 is within offset 180
 *   successor     continues up to 200                   has a1 b1 a2 c1; tail: d1 a3
 * </pre>
 *
 * <p>Bounded: the notes that were raised longest ago give way, and the latest tick among them is remembered: if that is
 * within the tail, this node does not know any more what it saw.
 *
 * <p>May be used by any thread. Locks: the monitors of this object, of one entry; no callback runs under them.
 */
public final class Generation {

    /** Digits at the beginning of an epoch that name its generation, see open-stream.lua. */
    public static final int ID_LENGTH = 8;

    /** Generation of epochs that were begun where {@code INFO} is forbidden. */
    public static final String UNKNOWN = "00000000";

    private static final int EPOCH_LENGTH = 20;

    private static final int MOST_CHECKPOINTS = 600;

    /** Something that was seen. */
    public record Seen(String channel, String epoch, long offset) {}

    private record Checkpoint(int tick, long offset) {}

    private record Key(String channel, String epoch) {}

    /** Offset up to which one epoch was seen. */
    private static final class Entry {

        private long offset;

        /** When it was raised last. */
        private int tick;

        private boolean evicted;

        Entry(long offset, int tick) {
            this.offset = offset;
            this.tick = tick;
        }

        /** Returns {@code false} if it gave way meanwhile. */
        synchronized boolean raise(long seen, int now) {
            if (!evicted && seen > offset) {
                offset = seen;
                tick = Math.max(tick, now);
            }
            return !evicted;
        }

        synchronized long offset() {
            return offset;
        }

        synchronized int tick() {
            return tick;
        }

        synchronized int evict() {
            evicted = true;
            return tick;
        }
    }

    private final String id;

    /** When this node first met it. */
    private final int firstTick;

    /** Number of generations that this node had met before. */
    private final int order;

    private final Map<Key, Entry> entries = new ConcurrentHashMap<>();

    private final AtomicInteger size = new AtomicInteger();

    /** Ascending in both. Guarded by this. */
    private final Deque<Checkpoint> checkpoints = new ArrayDeque<>();

    /** Latest tick of an entry that gave way; 0 if none did. Guarded by this. */
    private int forgotten;

    private volatile boolean ended;

    /** Number of generations that this node had met when it ended. */
    private volatile int endedAfter = Integer.MAX_VALUE;

    /** It was in use again after it had ended. */
    private volatile boolean revived;

    /** Tick in which a primary first answered with it. */
    private volatile int servedAt = Integer.MAX_VALUE;

    /** Tick in which it ended. */
    private volatile int endedAt = Integer.MAX_VALUE;

    /** State reported by the server of this generation; {@code null} before. */
    private volatile @Nullable ReplicationState confirmed;

    /** Predecessor of this generation, as far as known. */
    private volatile @Nullable Predecessor predecessor;

    /** The primary whose data it began with lives beside it. */
    private volatile boolean branch;

    /**
     * The generation that another one continues.
     *
     * @param end first offset of it that is not continued
     */
    public record Predecessor(String id, long end) {}

    Generation(String id, int firstTick, int order) {
        this.order = order;
        this.id = id;
        this.firstTick = firstTick;
    }

    /** Returns the generation that an epoch belongs to; {@link #UNKNOWN} if that cannot be known. */
    public static String of(String epoch) {
        return epoch.length() == EPOCH_LENGTH ? epoch.substring(0, ID_LENGTH) : UNKNOWN;
    }

    public String id() {
        return id;
    }

    public int firstTick() {
        return firstTick;
    }

    /** Returns whether this node met it before another one. */
    public boolean isOlderThan(Generation other) {
        return order < other.order;
    }

    /** Returns whether this node met it before the end of another one. */
    public boolean wasMetBeforeEndOf(Generation other) {
        return this != other && order <= other.endedAfter;
    }

    /** Returns whether no primary has answered with it, so that it is not known what it continued. */
    public boolean isUnconfirmed() {
        return confirmed == null && predecessor == null;
    }

    /** Notes how far an epoch was seen. */
    void note(String channel, String epoch, long offset, int tick, int capacity) {
        Key key = new Key(channel, epoch);
        while (true) {
            Entry known = entries.get(key);
            if (known == null) {
                if (size.get() >= 2 * capacity) {
                    forget(tick);
                    return;
                }
                if (entries.putIfAbsent(key, new Entry(offset, tick)) == null) {
                    size.incrementAndGet();
                    return;
                }
            } else if (known.raise(offset, tick)) {
                return;
            }
            Thread.onSpinWait();
        }
    }

    /** Returns the highest offset that was noted; 0 if none is remembered. */
    long seen(String channel, String epoch) {
        Entry known = entries.get(new Key(channel, epoch));
        return known == null ? 0 : known.offset();
    }

    public int size() {
        return size.get();
    }

    /** Lets those give way that were raised longest ago, until as many are left. */
    void shrink(int most) {
        int surplus = size.get() - most;
        if (surplus <= 0) {
            return;
        }
        List<Map.Entry<Key, Entry>> oldest = new ArrayList<>(entries.entrySet());
        // A tick may change while they are sorted.
        Map<Key, Integer> ticks = new ConcurrentHashMap<>();
        oldest.forEach(entry -> ticks.put(entry.getKey(), entry.getValue().tick()));
        oldest.sort(Comparator.comparing(entry -> ticks.get(entry.getKey())));
        oldest.subList(0, Math.min(surplus, oldest.size())).forEach(entry -> evict(entry.getKey(), entry.getValue()));
    }

    private void evict(Key key, Entry entry) {
        int tick = entry.evict();
        forget(tick);
        if (entries.remove(key, entry)) {
            size.decrementAndGet();
        }
    }

    private synchronized void forget(int tick) {
        forgotten = Math.max(forgotten, tick);
    }

    /** Returns whether something that was noted from this tick on is not remembered. */
    public synchronized boolean hasForgotten(int fromTick) {
        return forgotten >= Math.max(1, fromTick);
    }

    /** Returns what was noted in this tick and later. */
    public List<Seen> tail(int fromTick) {
        List<Seen> tail = new ArrayList<>();
        forEach(fromTick, (seen, tick) -> tail.add(seen));
        return tail;
    }

    /** Hands over what was noted in this tick and later, each with its tick. */
    public void forEach(int fromTick, ObjIntConsumer<Seen> action) {
        entries.forEach((key, entry) -> {
            int tick = entry.tick();
            if (tick >= fromTick) {
                action.accept(new Seen(key.channel(), key.epoch(), entry.offset()), tick);
            }
        });
    }

    /** Forgets all that was noted before a tick. */
    public void trim(int fromTick) {
        entries.forEach((key, entry) -> {
            if (entry.tick() < fromTick) {
                evict(key, entry);
            }
        });
    }

    /** Notes that all that was noted before this tick is within this offset of the history. */
    public synchronized void checkpoint(int tick, long offset) {
        Checkpoint last = checkpoints.peekLast();
        if (last != null && (tick <= last.tick() || offset < last.offset())) {
            return;
        }
        checkpoints.addLast(new Checkpoint(tick, offset));
        if (checkpoints.size() > MOST_CHECKPOINTS) {
            checkpoints.removeFirst();
        }
    }

    /**
     * Returns the tick before which everything noted is within the history up to this offset, which it does not
     * include; 0 if none is known.
     */
    public synchronized int covered(long end) {
        int covered = 0;
        for (Checkpoint checkpoint : checkpoints) {
            if (checkpoint.offset() < end) {
                covered = checkpoint.tick();
            }
        }
        return covered;
    }

    /**
     * Ends it: nothing of it counts any more, as another generation took its place.
     *
     * @param met number of generations that this node has met so far
     * @param tick in which that was noticed
     */
    void end(int met, int tick) {
        endedAfter = met;
        endedAt = tick;
        ended = true;
    }

    /** Marks it as in use after all. */
    public void revive() {
        revived = true;
        ended = false;
    }

    /**
     * Returns whether it was in use again after it had ended, so that a successor of it may have ended without an heir.
     */
    public boolean isRevived() {
        return revived;
    }

    public boolean hasEnded() {
        return ended;
    }

    /** Returns whether a primary had answered with it in this tick or before. */
    boolean servedUntil(int tick) {
        return servedAt <= tick;
    }

    /** Returns whether a primary had answered with it before the round that noticed the end of another one. */
    public boolean servedBeforeEndOf(Generation other) {
        return this != other && servedAt < other.endedAt;
    }

    /** Confirms that a primary answered with it. */
    public void confirm(ReplicationState state, int tick) {
        servedAt = Math.min(servedAt, tick);
        confirmed = state;
    }

    @Nullable
    public ReplicationState confirmed() {
        return confirmed;
    }

    public void continues(Predecessor former) {
        predecessor = former;
    }

    /**
     * Marks it as one that began with the data of another primary, which lives on: a replica that was taken out and
     * became a primary of its own. It did not replace another generation.
     */
    public void branchOff() {
        branch = true;
        predecessor = null;
    }

    public boolean isBranch() {
        return branch;
    }

    @Nullable
    public Predecessor predecessor() {
        return predecessor;
    }
}
