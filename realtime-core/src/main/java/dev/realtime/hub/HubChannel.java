package dev.realtime.hub;

import dev.realtime.spi.transport.WireForm;
import io.netty.util.concurrent.EventExecutor;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Subscribers of one channel on this node, by the executor that owns them. Coming and going is guarded by the monitor
 * of this object; fan-out reads the volatile fields only.
 */
final class HubChannel {

    private static final int EQUAL_WHOLES = DeltaFrames.formsOfEqualWholes();

    private static final LoopSubscribers[] NONE = new LoopSubscribers[0];

    /** One entry per executor that ever had a subscriber here; copied on change. */
    private volatile LoopSubscribers[] loops = NONE;

    /** Bit set of the ordinals of the wire forms in use. */
    private volatile int formsInUse;

    /** The same of subscribers without deltas, and of those whose whole publications are the same. */
    private volatile int plainForms;

    /** Publications as differences; {@code null} without subscribers with deltas. Written under the monitor. */
    private volatile @Nullable DeltaChain deltaChain;

    /** Time of the last publication by the node's clock. */
    private volatile long lastPublicationNanos;

    /** Time at which the channel was last taken for a comparison, by the node's clock. */
    private volatile long lastTakenNanos;

    /** Time at which the last subscriber came, by the node's clock. */
    private volatile long lastSubscriberNanos;

    /** Guarded by this. */
    private final int[] subscribersByForm = new int[WireForm.values().length];

    /** Those of subscribers with compact pushes; {@code null} before the first. Written under the monitor. */
    private volatile @Nullable Compaction compaction;

    /** Written under the monitor. */
    private volatile int subscribers;

    /** Those among them that watch offsets; written under the monitor. */
    private volatile int positionedSubscribers;

    /** Set when the last one left and the hub forgot this object; guarded by this. */
    private boolean retired;

    private final WaitingBytes waitingBytes;

    private final DeltaChain.Budget deltaBudget;

    HubChannel(long nowNanos, WaitingBytes waitingBytes, DeltaChain.Budget deltaBudget) {
        this.lastPublicationNanos = nowNanos;
        this.lastTakenNanos = nowNanos;
        this.waitingBytes = waitingBytes;
        this.deltaBudget = deltaBudget;
    }

    /**
     * Adds on the executor of the subscriber; {@code false} if this object was retired meanwhile.
     *
     * @param ids last number given to a channel of the node
     */
    boolean add(Subscriber subscriber, long nowNanos, AtomicLong ids) {
        ClassSubscribers group;
        synchronized (this) {
            if (retired) {
                return false;
            }
            // What may fail comes before the count, so that a subscriber is in all of it or in nothing.
            group = loopOf(subscriber).groups().makeRoom(subscriber);
            if (subscriber.deliveryClass().compact()) {
                subscriber.channelId(compaction(ids).id);
            }
            count(subscriber, 1);
            lastSubscriberNanos = nowNanos;
        }
        group.groups().add(group, subscriber);
        return true;
    }

    /** Removes on the executor of the subscriber; {@code true} if it was the last and this object is retired now. */
    boolean remove(ClassSubscribers group, Subscriber subscriber) {
        boolean last;
        synchronized (this) {
            count(subscriber, -1);
            last = subscribers == 0;
            retired = last;
        }
        group.groups().remove(group, subscriber);
        return last;
    }

    private void count(Subscriber subscriber, int change) {
        DeliveryClass deliveryClass = subscriber.deliveryClass();
        Compaction compact = compaction;
        if (deliveryClass.compact() && compact != null) {
            compact.count(deliveryClass.form(), change);
        } else {
            count(deliveryClass, change);
        }
        subscribers += change;
        positionedSubscribers += subscriber.positioned() ? change : 0;
    }

    private void count(DeliveryClass deliveryClass, int change) {
        int ordinal = deliveryClass.form().ordinal();
        subscribersByForm[ordinal] += change;
        int withDeltas = countDeltas(ordinal, deliveryClass.deltas() ? change : 0);
        boolean plain = subscribersByForm[ordinal] > withDeltas || (EQUAL_WHOLES & 1 << ordinal) != 0;
        formsInUse = with(formsInUse, ordinal, subscribersByForm[ordinal] > 0);
        plainForms = with(plainForms, ordinal, subscribersByForm[ordinal] > 0 && plain);
    }

    /** Counts subscribers with deltas of a wire form; returns how many there are. */
    private int countDeltas(int ordinal, int change) {
        DeltaChain chain = deltaChain;
        if (chain == null) {
            if (change == 0) {
                return 0;
            }
            chain = new DeltaChain(deltaBudget);
        }
        int count = chain.count(ordinal, change);
        if (chain.forms() == 0) {
            chain.close();
            deltaChain = null;
        } else {
            deltaChain = chain;
        }
        return count;
    }

    private static int with(int forms, int ordinal, boolean used) {
        return used ? forms | 1 << ordinal : forms & ~(1 << ordinal);
    }

    private LoopSubscribers loopOf(Subscriber subscriber) {
        EventExecutor executor = subscriber.executor();
        for (LoopSubscribers loop : loops) {
            if (loop.executor() == executor) {
                return loop;
            }
        }
        LoopSubscribers added = new LoopSubscribers(executor, waitingBytes.of(executor), subscriber.batching());
        LoopSubscribers[] more = Arrays.copyOf(loops, loops.length + 1);
        more[loops.length] = added;
        loops = more;
        return added;
    }

    LoopSubscribers[] loops() {
        return loops;
    }

    private Compaction compaction(AtomicLong ids) {
        Compaction known = compaction;
        if (known == null) {
            // A number is never given again: a client may hold it as long as it is subscribed.
            known = new Compaction(ids.incrementAndGet());
            compaction = known;
        }
        return known;
    }

    /** Returns a bit set of the ordinals of the wire forms in use, but for compact pushes. */
    int formsInUse() {
        return formsInUse;
    }

    /** Returns the number of the channel; 0 if no subscriber has asked for it. */
    long id() {
        Compaction compact = compaction;
        return compact == null ? 0 : compact.id;
    }

    /** Returns a bit set of the ordinals of the wire forms in use for compact pushes. */
    int compactFormsInUse() {
        Compaction compact = compaction;
        return compact == null ? 0 : compact.forms;
    }

    int plainForms() {
        return plainForms;
    }

    @Nullable
    DeltaChain deltaChain() {
        return deltaChain;
    }

    int subscribers() {
        return subscribers;
    }

    int positionedSubscribers() {
        return positionedSubscribers;
    }

    boolean publishedBefore(long nanos) {
        return lastPublicationNanos - nanos < 0;
    }

    boolean takenBefore(long nanos) {
        return lastTakenNanos - nanos <= 0;
    }

    void takenAt(long nowNanos) {
        lastTakenNanos = nowNanos;
    }

    boolean subscribedBefore(long nanos) {
        return lastSubscriberNanos - nanos < 0;
    }

    void publishedAt(long nowNanos) {
        lastPublicationNanos = nowNanos;
    }

    /** Number that takes the place of the name, and the wire forms of those that get it. */
    private static final class Compaction {

        private final long id;

        /** Guarded by the monitor of the channel. */
        private final int[] subscribersByForm = new int[WireForm.values().length];

        /** Bit set of the ordinals of the wire forms in use; written under the monitor. */
        private volatile int forms;

        Compaction(long id) {
            this.id = id;
        }

        void count(WireForm form, int change) {
            subscribersByForm[form.ordinal()] += change;
            forms = with(forms, form.ordinal(), subscribersByForm[form.ordinal()] > 0);
        }
    }
}
