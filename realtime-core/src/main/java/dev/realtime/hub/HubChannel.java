package dev.realtime.hub;

import dev.realtime.transport.WireForm;
import io.netty.util.concurrent.EventExecutor;
import java.util.Arrays;

/**
 * Subscribers of one channel on this node, by the executor that owns them. Coming and going is guarded by the monitor of
 * this object; fan-out reads the volatile fields only.
 */
final class HubChannel {

    private static final LoopSubscribers[] NONE = new LoopSubscribers[0];

    /** One entry per executor that ever had a subscriber here; copied on change. */
    private volatile LoopSubscribers[] loops = NONE;

    /** Bit set of the ordinals of the wire forms in use. */
    private volatile int formsInUse;

    /** Time of the last publication by the node's clock. */
    private volatile long lastPublicationNanos;

    /** Guarded by this. */
    private final int[] subscribersByForm = new int[WireForm.values().length];

    /** Written under the monitor. */
    private volatile int subscribers;

    /** Set when the last one left and the hub forgot this object; guarded by this. */
    private boolean retired;

    HubChannel(long nowNanos) {
        this.lastPublicationNanos = nowNanos;
    }

    /** Adds on the executor of the subscriber; {@code false} if this object was retired meanwhile. */
    boolean add(Subscriber subscriber) {
        LoopSubscribers loop;
        synchronized (this) {
            if (retired) {
                return false;
            }
            loop = loopOf(subscriber.executor());
            count(subscriber.wireForm(), 1);
        }
        loop.add(subscriber);
        return true;
    }

    /** Removes on the executor of the subscriber; {@code true} if it was the last and this object is retired now. */
    boolean remove(Subscriber subscriber) {
        LoopSubscribers loop;
        synchronized (this) {
            loop = loopOf(subscriber.executor());
            count(subscriber.wireForm(), -1);
            retired = subscribers == 0;
        }
        loop.remove(subscriber);
        return retired;
    }

    private void count(WireForm form, int change) {
        int ordinal = form.ordinal();
        subscribersByForm[ordinal] += change;
        formsInUse = subscribersByForm[ordinal] == 0 ? formsInUse & ~(1 << ordinal) : formsInUse | 1 << ordinal;
        subscribers += change;
    }

    private LoopSubscribers loopOf(EventExecutor executor) {
        for (LoopSubscribers loop : loops) {
            if (loop.executor() == executor) {
                return loop;
            }
        }
        LoopSubscribers added = new LoopSubscribers(executor);
        LoopSubscribers[] more = Arrays.copyOf(loops, loops.length + 1);
        more[loops.length] = added;
        loops = more;
        return added;
    }

    LoopSubscribers[] loops() {
        return loops;
    }

    int formsInUse() {
        return formsInUse;
    }

    int subscribers() {
        return subscribers;
    }

    long lastPublicationNanos() {
        return lastPublicationNanos;
    }

    void publishedAt(long nowNanos) {
        lastPublicationNanos = nowNanos;
    }
}
