package dev.realtime.engine.redis.pubsub;

import dev.realtime.engine.redis.key.PubSubName;
import dev.realtime.engine.redis.monitor.RedisStatistics;
import dev.realtime.engine.redis.pubsub.NameSubscription.State;
import dev.realtime.engine.redis.pubsub.NameSubscription.Waiter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Subscriptions to the names of one partition: which are wanted, and which of them the connection that owns the
 * partition has confirmed.
 *
 * <p><b>State.</b> Only the reconciler changes the owner and takes batches. Event loops report what the server said.
 * Both hold the monitor, and the listener is called under it: so the messages of one partition are delivered in order
 * and never by two threads, even while it moves from one connection to another, each with its own event loop. Messages
 * from any connection but the owner are ignored. That matters after a failover: a replica accepts sharded subscriptions
 * and forwards what its primary publishes, so a name that is still subscribed on the old owner would be delivered
 * twice.
 *
 * <p><b>Order.</b> A server replies in order. So after a name is confirmed, every message for it was sent later:
 *
 * <pre>
 *   owner A         slot moves          owner B
 *   m1  m2      |  m3 is published   |  confirms the name     m4
 *   delivered      not delivered        onResubscribed         delivered
 * </pre>
 *
 * <p><b>Failure.</b> A name that was confirmed before is reported by {@code onResubscribed} before its next message, so
 * that the listener reads what it may have missed. A name that is withdrawn or refused is subscribed again.
 */
public final class PartitionSubscriptions {

    /** Largest number of names in one notification of the listener. */
    static final int MOST_IN_BATCH = 512;

    /**
     * Numbers of names by state.
     *
     * @param wanted by the engine
     * @param confirmed of these, by the present owner
     * @param broken of these, confirmed once and not now
     */
    public record Counts(int wanted, int confirmed, int broken) {}

    private final int partition;

    private final RedisStatistics statistics;

    private final Map<PubSubName, NameSubscription> names = new HashMap<>();

    private final Queue<NameSubscription> toSubscribe = new ArrayDeque<>();

    /** Names with waiters, which are subscribed first. */
    private final Queue<NameSubscription> toSubscribeFirst = new ArrayDeque<>();

    private final Queue<NameSubscription> toUnsubscribe = new ArrayDeque<>();

    /** Confirmed again; the listener is notified when the batch is complete, or before the next message. */
    private final List<NameSubscription> resubscribed = new ArrayList<>();

    private int subscribing;

    // Written under the monitor, read without it.

    private volatile int wanted;

    private volatile int confirmed;

    private volatile int broken;

    private volatile boolean awaited;

    private @Nullable Object owner;

    PartitionSubscriptions(int partition, RedisStatistics statistics) {
        this.partition = partition;
        this.statistics = statistics;
    }

    int partition() {
        return partition;
    }

    /** Wants a name. Returns whether it is confirmed already; otherwise the waiter, if there is one, is notified. */
    synchronized boolean subscribe(
            byte[] name, SubscriptionListener listener, boolean counted, @Nullable Waiter waiter) {
        NameSubscription subscription = names.computeIfAbsent(
                new PubSubName(name), key -> new NameSubscription(key.bytes(), listener, counted));
        subscription.wanted = true;
        if (subscription.state == State.CONFIRMED) {
            subscription.established = true;
            count(subscription);
            return true;
        }
        if (waiter != null) {
            subscription.await(waiter);
            if (subscription.state == State.IDLE) {
                enqueueFirst(subscription);
            }
        }
        enqueue(subscription);
        count(subscription);
        return false;
    }

    /** Cancels the subscription to a name. Returns its waiters. */
    synchronized List<Waiter> unsubscribe(byte[] name) {
        NameSubscription subscription = names.get(new PubSubName(name));
        if (subscription == null) {
            return List.of();
        }
        subscription.drop();
        enqueue(subscription);
        count(subscription);
        return subscription.takeWaiters();
    }

    /**
     * Removes a waiter that gives up: the name is no longer wanted, unless another caller waits for it or relies on it.
     * Returns whether it still waited; if not, it was notified otherwise.
     */
    synchronized boolean giveUp(byte[] name, Waiter waiter) {
        NameSubscription subscription = names.get(new PubSubName(name));
        if (subscription == null || !subscription.forget(waiter)) {
            return false;
        }
        if (!subscription.awaited() && !subscription.established) {
            subscription.drop();
            enqueue(subscription);
            count(subscription);
        }
        return true;
    }

    /** The partition is owned by another connection from now on, or by none. Returns whether that is a change. */
    synchronized boolean assign(@Nullable Object newOwner) {
        if (owner == newOwner) {
            return false;
        }
        owner = newOwner;
        subscribing = 0;
        toSubscribe.clear();
        toSubscribeFirst.clear();
        awaited = false;
        toUnsubscribe.clear();
        resubscribed.clear();
        names.values().removeIf(subscription -> !subscription.wanted);
        for (NameSubscription subscription : names.values()) {
            subscription.state = State.IDLE;
            subscription.batch = null;
            subscription.queued = false;
            subscription.queuedFirst = false;
            subscription.broken = subscription.established;
            enqueue(subscription);
            count(subscription);
        }
        return true;
    }

    /** The next command to send to the owner; {@code null} if there is nothing to do, or no owner. */
    synchronized @Nullable SubscriptionBatch nextBatch() {
        if (owner == null) {
            return null;
        }
        SubscriptionBatch batch = nextAwaited();
        batch = batch != null ? batch : take(toSubscribe, true);
        return batch != null ? batch : take(toUnsubscribe, false);
    }

    /** Returns the next command for names with waiters; {@code null} if there is none, or no owner. */
    synchronized @Nullable SubscriptionBatch nextAwaited() {
        if (owner == null) {
            return null;
        }
        SubscriptionBatch batch = take(toSubscribeFirst, true);
        awaited = !toSubscribeFirst.isEmpty();
        return batch;
    }

    /** Returns whether {@link #nextAwaited} may have something. */
    boolean isAwaited() {
        return awaited;
    }

    private @Nullable SubscriptionBatch take(Queue<NameSubscription> queue, boolean subscribe) {
        List<NameSubscription> taken = new ArrayList<>(Math.min(MOST_IN_BATCH, queue.size()));
        SubscriptionBatch batch = new SubscriptionBatch(this, subscribe, taken);
        while (taken.size() < MOST_IN_BATCH && !queue.isEmpty()) {
            NameSubscription subscription = queue.remove();
            subscription.queued = false;
            subscription.queuedFirst &= queue != toSubscribeFirst;
            State from = subscribe ? State.IDLE : State.CONFIRMED;
            if (subscription.wanted == subscribe && subscription.state == from) {
                subscription.state = subscribe ? State.SUBSCRIBING : State.UNSUBSCRIBING;
                subscription.batch = batch;
                subscribing += subscribe ? 1 : 0;
                taken.add(subscription);
            } else {
                enqueue(subscription);
            }
        }
        return taken.isEmpty() ? null : batch;
    }

    /**
     * Puts it where the next thing to do for it is taken from; forgets it when nothing is left to do. Without an owner
     * nothing is queued: the next owner gets all names that are wanted then, however many were wanted meanwhile.
     */
    private void enqueue(NameSubscription subscription) {
        if (!subscription.wanted && subscription.state == State.IDLE) {
            names.remove(new PubSubName(subscription.name), subscription);
        } else if (owner == null) {
            subscription.queued = false;
        } else if (!subscription.queued && subscription.wanted && subscription.state == State.IDLE) {
            if (subscription.awaited()) {
                enqueueFirst(subscription);
            } else {
                subscription.queued = toSubscribe.add(subscription);
            }
        } else if (!subscription.queued && !subscription.wanted && subscription.state == State.CONFIRMED) {
            subscription.queued = toUnsubscribe.add(subscription);
        }
    }

    private void enqueueFirst(NameSubscription subscription) {
        if (owner != null && !subscription.queuedFirst) {
            awaited = toSubscribeFirst.add(subscription);
            subscription.queued = true;
            subscription.queuedFirst = true;
        }
    }

    /** Returns how many names wait for a command. */
    synchronized int queued() {
        return toSubscribe.size() + toSubscribeFirst.size() + toUnsubscribe.size();
    }

    /** Handles the confirmation of a name by a connection. Returns the waiters of the name. */
    synchronized List<Waiter> confirmed(Object by, byte[] name) {
        NameSubscription subscription = by == owner ? names.get(new PubSubName(name)) : null;
        if (subscription == null || subscription.state != State.SUBSCRIBING) {
            return List.of();
        }
        subscribing--;
        subscription.state = State.CONFIRMED;
        subscription.batch = null;
        if (!subscription.wanted) {
            enqueue(subscription);
            return List.of();
        }
        subscription.established = true;
        count(subscription);
        if (subscription.broken) {
            resubscribed.add(subscription);
        }
        if (subscribing == 0 || resubscribed.size() >= MOST_IN_BATCH) {
            notifyResubscribed();
        }
        return subscription.takeWaiters();
    }

    /**
     * What a connection confirmed cannot be relied upon, as it is in doubt whether it still is the owner: asks again.
     */
    synchronized void doubted(Object by, byte[] name) {
        NameSubscription subscription = by == owner ? names.get(new PubSubName(name)) : null;
        if (subscription != null && subscription.state == State.SUBSCRIBING) {
            subscribing--;
            idle(subscription);
            notifyResubscribedIfComplete();
        }
    }

    /** Handles the end of a subscription on a connection. Returns whether the server ended it without a request. */
    synchronized boolean ended(Object by, byte[] name) {
        NameSubscription subscription = by == owner ? names.get(new PubSubName(name)) : null;
        // While a subscription is in progress this can only be the late reply to an earlier command.
        if (subscription == null || subscription.state == State.IDLE || subscription.state == State.SUBSCRIBING) {
            return false;
        }
        boolean unasked = subscription.state == State.CONFIRMED;
        subscription.broken = subscription.established;
        resubscribed.remove(subscription);
        idle(subscription);
        return unasked;
    }

    /** The server refused a command, or left names of it without answer. */
    synchronized void failed(SubscriptionBatch batch) {
        for (NameSubscription subscription : batch.subscriptions()) {
            if (subscription.batch == batch) {
                subscribing -= subscription.state == State.SUBSCRIBING ? 1 : 0;
                idle(subscription);
            }
        }
        notifyResubscribedIfComplete();
    }

    private void idle(NameSubscription subscription) {
        subscription.state = State.IDLE;
        subscription.batch = null;
        enqueue(subscription);
        count(subscription);
    }

    /** Brings the counters up to date with one name. */
    private void count(NameSubscription subscription) {
        boolean counts = subscription.counted && subscription.wanted;
        boolean isConfirmed = counts && subscription.state == State.CONFIRMED;
        boolean isBroken = counts && subscription.established && !isConfirmed;
        wanted += difference(subscription.countedWanted, counts);
        confirmed += difference(subscription.countedConfirmed, isConfirmed);
        broken += difference(subscription.countedBroken, isBroken);
        subscription.countedWanted = counts;
        subscription.countedConfirmed = isConfirmed;
        subscription.countedBroken = isBroken;
    }

    private static int difference(boolean before, boolean now) {
        return (now ? 1 : 0) - (before ? 1 : 0);
    }

    /** A message arrived on a connection. */
    synchronized void message(Object by, byte[] name, byte[] message) {
        NameSubscription subscription = by == owner ? names.get(new PubSubName(name)) : null;
        if (subscription == null || !subscription.wanted || subscription.state != State.CONFIRMED) {
            return;
        }
        notifyResubscribed();
        subscription.listener.onMessage(partition, subscription.name, message);
    }

    private void notifyResubscribedIfComplete() {
        if (subscribing == 0) {
            notifyResubscribed();
        }
    }

    private void notifyResubscribed() {
        if (resubscribed.isEmpty()) {
            return;
        }
        Map<SubscriptionListener, List<byte[]>> notified = new HashMap<>(2);
        for (NameSubscription subscription : resubscribed) {
            if (subscription.broken) {
                subscription.broken = false;
                notified.computeIfAbsent(subscription.listener, listener -> new ArrayList<>())
                        .add(subscription.name);
                statistics.count(RedisStatistics.Event.RESUBSCRIPTION, subscription.counted ? 1 : 0);
            }
        }
        resubscribed.clear();
        notified.forEach((listener, again) -> listener.onResubscribed(partition, again));
    }

    /** Whether a name is confirmed by the present owner. */
    synchronized boolean isConfirmed(byte[] name) {
        NameSubscription subscription = names.get(new PubSubName(name));
        return subscription != null && subscription.wanted && subscription.state == State.CONFIRMED;
    }

    /** Returns whether the listener is still to be notified that a name was interrupted. */
    synchronized boolean isInterrupted(byte[] name) {
        NameSubscription subscription = names.get(new PubSubName(name));
        return subscription != null && subscription.wanted && subscription.broken;
    }

    /** Returns the counts of about now; takes no lock, as it is called every second. */
    Counts counts() {
        return new Counts(wanted, confirmed, broken);
    }
}
