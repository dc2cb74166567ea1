package dev.realtime.node;

import dev.realtime.api.client.EngineException;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.hub.ChannelSubscribers;
import dev.realtime.spi.engine.Broker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Keeps the engine subscribed to exactly the channels that have subscribers on this node. The truth is the hub:
 * whenever an engine call ends, what is subscribed is compared with it, so that a last subscriber leaving while a first
 * one comes cannot end with a subscriber and no subscription.
 *
 * <p>Lock: the monitor of one channel's entry; engine and waiters are called outside of it.
 */
final class BrokerSubscriptions implements ChannelSubscribers {

    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    private final Broker broker;

    private final Predicate<String> hasSubscribers;

    private final Consumer<String> onChange;

    /**
     * @param hasSubscribers asks the hub
     * @param onChange called with each channel that may have got its first or lost its last subscriber
     */
    BrokerSubscriptions(Broker broker, Predicate<String> hasSubscribers, Consumer<String> onChange) {
        this.broker = broker;
        this.hasSubscribers = hasSubscribers;
        this.onChange = onChange;
    }

    private enum State {
        SUBSCRIBING,
        SUBSCRIBED,
        UNSUBSCRIBING,
        /** Forgotten; a thread that still holds this entry must look for another. */
        GONE
    }

    private static final class Entry {

        /** Guarded by the entry. */
        private State state = State.SUBSCRIBING;

        /** Callers that wait for the next confirmed subscription; guarded by the entry. */
        private List<Sinks.Empty<Void>> waiters = new ArrayList<>(1);

        private List<Sinks.Empty<Void>> takeWaiters() {
            List<Sinks.Empty<Void>> taken = waiters;
            waiters = new ArrayList<>(1);
            return taken;
        }
    }

    @Override
    public Mono<Void> confirmed(String channel) {
        while (true) {
            boolean[] created = {false};
            Entry entry = entries.computeIfAbsent(channel, name -> {
                created[0] = true;
                return new Entry();
            });
            Sinks.Empty<Void> waiter;
            synchronized (entry) {
                if (entry.state == State.SUBSCRIBED) {
                    return Mono.empty();
                }
                if (entry.state == State.GONE) {
                    continue;
                }
                waiter = Sinks.empty();
                entry.waiters.add(waiter);
            }
            if (created[0]) {
                subscribe(channel, entry);
            }
            return waiter.asMono();
        }
    }

    @Override
    public void onLastSubscriberGone(String channel) {
        changed(channel);
        Entry entry = entries.get(channel);
        if (entry == null) {
            return;
        }
        synchronized (entry) {
            if (entry.state != State.SUBSCRIBED || hasSubscribers(channel)) {
                return;
            }
            entry.state = State.UNSUBSCRIBING;
        }
        unsubscribe(channel, entry);
    }

    private void changed(String channel) {
        Boundary.run(Place.OCCUPANCY, channel, () -> onChange.accept(channel));
    }

    private void subscribe(String channel, Entry entry) {
        Boundary.call(Place.ENGINE_SUBSCRIBE, channel, () -> broker.subscribe(channel), failure -> {
            if (failure == null) {
                subscribed(channel, entry);
            } else {
                failed(channel, entry, failure);
            }
        });
    }

    private void subscribed(String channel, Entry entry) {
        List<Sinks.Empty<Void>> waiters;
        boolean wanted;
        synchronized (entry) {
            wanted = hasSubscribers(channel);
            entry.state = wanted ? State.SUBSCRIBED : State.UNSUBSCRIBING;
            waiters = entry.takeWaiters();
        }
        if (wanted) {
            changed(channel);
        } else {
            unsubscribe(channel, entry);
        }
        waiters.forEach(waiter -> Boundary.run(Place.ENGINE_SUBSCRIBED, channel, waiter::tryEmitEmpty));
    }

    private void failed(String channel, Entry entry, Throwable error) {
        List<Sinks.Empty<Void>> waiters;
        synchronized (entry) {
            entry.state = State.GONE;
            waiters = entry.takeWaiters();
        }
        entries.remove(channel, entry);
        // The failure is in the log already, and not once more for each that waits.
        Throwable told = error instanceof EngineException
                ? error
                : new EngineException("The engine failed to subscribe to channel '" + channel + "'", error);
        waiters.forEach(waiter -> Boundary.run(Place.ENGINE_SUBSCRIBED, channel, () -> waiter.tryEmitError(told)));
    }

    private void unsubscribe(String channel, Entry entry) {
        Boundary.call(
                Place.ENGINE_UNSUBSCRIBE,
                channel,
                () -> broker.unsubscribe(channel),
                failure -> unsubscribed(channel, entry));
    }

    private void unsubscribed(String channel, Entry entry) {
        boolean wanted;
        synchronized (entry) {
            wanted = !entry.waiters.isEmpty() || hasSubscribers(channel);
            entry.state = wanted ? State.SUBSCRIBING : State.GONE;
        }
        if (wanted) {
            subscribe(channel, entry);
        } else {
            entries.remove(channel, entry);
        }
    }

    private boolean hasSubscribers(String channel) {
        return hasSubscribers.test(channel);
    }
}
