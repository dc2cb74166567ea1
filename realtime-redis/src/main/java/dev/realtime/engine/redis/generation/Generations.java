package dev.realtime.engine.redis.generation;

import dev.realtime.engine.redis.generation.Generation.Predecessor;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The generations of Redis that this node has met, and what it saw in each. Epochs name their generation, so whatever
 * has an epoch finds its place here.
 *
 * <p>Where an ended generation was replaced, nothing of it is acknowledged any more: the note is made first and the
 * end is checked second, while the end is set first and the notes are read second, so that none falls between the
 * two.
 *
 * <p>May be used by any thread. No locks.
 */
public final class Generations {

    /** Generations beyond this number that ended long ago are forgotten with all that was seen in them. */
    private static final int MOST = 256;

    private static final int LEAST_CAPACITY = 1024;

    /** Longest chain of generations that is followed. */
    public static final int MOST_STEPS = 16;

    private final int capacity;

    private final Executor executor;

    private final AtomicInteger tick = new AtomicInteger(1);

    private final AtomicInteger met = new AtomicInteger();

    private final Map<String, Generation> known = new ConcurrentHashMap<>();

    /** Partition to the last end of a generation that concerned it. */
    private final Map<Integer, TakeOver> takenOver = new ConcurrentHashMap<>();

    private final AtomicBoolean shrinking = new AtomicBoolean();

    /** Notes that each generation may keep. */
    private volatile int share;

    /** The one that was used last; most notes are of the same. */
    private volatile Generation last = new Generation(Generation.UNKNOWN, 0, 0);

    private volatile boolean closed;

    private volatile Runnable hurry = () -> {};

    /**
     * The end of a generation, as it concerns one partition.
     *
     * @param tick of the round that noticed it
     * @param generation in which that round found the partition
     */
    private record TakeOver(int tick, String generation) {}

    /**
     * @param capacity notes that all generations in use may keep together
     * @param executor makes room
     */
    public Generations(int capacity, Executor executor) {
        this.capacity = capacity;
        this.share = capacity;
        this.executor = executor;
    }

    /**
     * Has another tick begin soon when a generation is met for the first time, and when notes give way: the fewer of
     * them are of one tick, the more certain is what was forgotten.
     */
    public void onHurry(Runnable hurry) {
        this.hurry = hurry;
    }

    /** The present moment, for notes that are made later. */
    public int tick() {
        return tick.get();
    }

    /** Begins another tick: what was noted before it was noted before the return of this call. */
    public int nextTick() {
        return tick.incrementAndGet();
    }

    /** Notes that a stream was seen up to a place. */
    public void saw(String channel, String epoch, long offset) {
        saw(channel, epoch, offset, tick.get());
    }

    /** The same for something that was seen at an earlier moment. */
    public void saw(String channel, String epoch, long offset, int when) {
        Generation generation = generation(epoch);
        if (generation != null) {
            note(generation, channel, epoch, offset, when);
        }
    }

    /**
     * Notes that Redis acknowledged a publication of this node.
     *
     * @return {@code false} if its generation has ended, so that it may be lost, or if this node is leaving and could
     *     not notice that it is
     */
    public boolean acknowledged(String channel, String epoch, long offset) {
        Generation generation = generation(epoch);
        if (generation == null) {
            return true;
        }
        note(generation, channel, epoch, offset, tick.get());
        return !generation.hasEnded() && !closed;
    }

    /** Has nothing acknowledged any more: this node settles what it saw, and leaves. */
    public void close() {
        closed = true;
    }

    public boolean isClosed() {
        return closed;
    }

    private void note(Generation generation, String channel, String epoch, long offset, int when) {
        if (generation.hasEnded()) {
            // What feeds note at the end: there are no more of them than channels, and none must give way now.
            generation.note(channel, epoch, offset, when, Integer.MAX_VALUE / 2);
            return;
        }
        int most = share;
        generation.note(channel, epoch, offset, when, most);
        if (generation.size() > most + most / 4 && shrinking.compareAndSet(false, true)) {
            try {
                hurry.run();
                executor.execute(() -> shrink(generation));
            } catch (RejectedExecutionException stopped) {
                shrinking.set(false);
            }
        }
    }

    private void shrink(Generation generation) {
        try {
            generation.shrink(share);
        } finally {
            shrinking.set(false);
        }
    }

    /** Of an epoch; {@code null} if it does not name one. */
    private @Nullable Generation generation(String epoch) {
        Generation recent = last;
        if (epoch.startsWith(recent.id()) && !recent.id().equals(Generation.UNKNOWN)) {
            return recent;
        }
        String id = Generation.of(epoch);
        if (id.equals(Generation.UNKNOWN)) {
            return null;
        }
        Generation found = meet(id);
        last = found;
        return found;
    }

    /** The generation with this id, also if nothing was seen of it. */
    public Generation meet(String id) {
        Generation generation = known.get(id);
        if (generation == null) {
            Generation fresh = new Generation(id, tick.get(), met.incrementAndGet());
            generation = known.putIfAbsent(id, fresh);
            if (generation == null) {
                hurry.run();
                return fresh;
            }
        }
        return generation;
    }

    /** Ends a generation, see {@link Generation#end}. */
    public void end(Generation generation) {
        generation.end(met.get(), tick.get());
    }

    /** Notes that a round found a partition in this generation, where one has ended. */
    public void takeOver(int partition, String generation, int tick) {
        takenOver.put(partition, new TakeOver(tick, generation));
    }

    /**
     * Returns whether what a reply names may be lost without having been looked for: a generation that concerned its
     * partition has ended since the command was sent, and the reply is of another generation than the one that had the
     * partition then. To be called after what the reply names was noted.
     *
     * @param id generation of the server that sent the reply
     * @param askedAt tick at which the command was sent
     */
    public boolean isOutdated(int partition, String id, int askedAt) {
        TakeOver last = takenOver.get(partition);
        if (last == null || askedAt > last.tick()) {
            return false;
        }
        Generation generation = known.get(id);
        // One that no primary had answered with by then has come since.
        return generation != null && generation.servedUntil(last.tick()) && !id.equals(last.generation());
    }

    @Nullable
    public Generation get(String id) {
        return known.get(id);
    }

    public Collection<Generation> all() {
        return known.values();
    }

    /** Returns the highest offset of an epoch that this node remembers; 0 if none. */
    public long seen(String channel, String epoch) {
        Generation generation = known.get(Generation.of(epoch));
        return generation == null ? 0 : generation.seen(channel, epoch);
    }

    /** Whether nothing of this epoch is to be passed on any more. */
    public boolean hasEnded(String epoch) {
        Generation generation = known.get(Generation.of(epoch));
        return generation != null && generation.hasEnded();
    }

    /** Returns whether a generation continues another one, directly or by way of others. */
    public boolean isContinued(String id, Generation by) {
        Generation at = by;
        for (int step = 0; at != null && step < MOST_STEPS; step++) {
            Predecessor former = at.predecessor();
            if (former == null) {
                return false;
            }
            if (former.id().equals(id)) {
                return true;
            }
            at = known.get(former.id());
        }
        return false;
    }

    /** Returns whether a generation with this id has ended. */
    public boolean hasGenerationEnded(String id) {
        Generation generation = known.get(id);
        return generation != null && generation.hasEnded();
    }

    /** As many generations are in use, and share the room. */
    public void inUse(int count) {
        share = Math.max(Math.min(capacity, LEAST_CAPACITY), capacity / Math.max(1, count));
        if (known.size() > MOST) {
            known.values().stream()
                    .filter(Generation::hasEnded)
                    .min((one, other) -> Integer.compare(one.firstTick(), other.firstTick()))
                    .ifPresent(oldest -> known.remove(oldest.id()));
        }
    }
}
