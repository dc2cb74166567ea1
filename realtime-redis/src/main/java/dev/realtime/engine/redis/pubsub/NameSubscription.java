package dev.realtime.engine.redis.pubsub;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** State of one name. All fields are guarded by the monitor of its {@link PartitionSubscriptions}. */
final class NameSubscription {

    /** State with the present owner of the partition. At most one command for a name is in progress. */
    enum State {
        IDLE,
        SUBSCRIBING,
        CONFIRMED,
        UNSUBSCRIBING
    }

    /** Callback for the outcome of a {@code subscribe}; called outside of any lock. */
    interface Waiter {

        void confirmed();

        void failed(String why);
    }

    final byte[] name;

    final SubscriptionListener listener;

    /** Whether it belongs to the engine's user; a probe does not, and is not counted. */
    final boolean counted;

    State state = State.IDLE;

    boolean wanted = true;

    /** Whether it was ever confirmed while wanted: a caller relies on it. */
    boolean established;

    /**
     * Whether it was established and is not confirmed now, or was not for a moment: the listener has to be notified.
     */
    boolean broken;

    /** Whether it waits in a queue for a command. */
    boolean queued;

    /** Whether it is queued among those with waiters. */
    boolean queuedFirst;

    /** State under which it was last counted. */
    boolean countedWanted;

    boolean countedConfirmed;

    boolean countedBroken;

    /** The command in progress. */
    @Nullable
    SubscriptionBatch batch;

    private final List<Waiter> waiters = new ArrayList<>(1);

    NameSubscription(byte[] name, SubscriptionListener listener, boolean counted) {
        this.name = name;
        this.listener = listener;
        this.counted = counted;
    }

    void await(Waiter waiter) {
        waiters.add(waiter);
    }

    /** Returns whether it did wait. */
    boolean forget(Waiter waiter) {
        return waiters.remove(waiter);
    }

    boolean awaited() {
        return !waiters.isEmpty();
    }

    List<Waiter> takeWaiters() {
        if (waiters.isEmpty()) {
            return List.of();
        }
        List<Waiter> taken = List.copyOf(waiters);
        waiters.clear();
        return taken;
    }

    /** Marks it as unused. */
    void drop() {
        wanted = false;
        established = false;
        broken = false;
    }
}
