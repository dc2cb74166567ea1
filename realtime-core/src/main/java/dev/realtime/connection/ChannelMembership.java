package dev.realtime.connection;

import dev.realtime.api.client.Unsubscribe;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.LimitedLog;
import dev.realtime.failure.Place;
import dev.realtime.hub.ChannelSubscribers;
import dev.realtime.hub.Hub;
import dev.realtime.spi.engine.Broker;
import dev.realtime.spi.engine.PresenceManager;
import dev.realtime.spi.hook.LifecycleHook;
import reactor.core.publisher.Mono;

/**
 * Brings subscriptions into their channels and out again: the hub, presence, join and leave, and the events of the
 * application. One object for all connections of a node; called on the executor of the connection.
 */
public final class ChannelMembership {

    private final Hub hub;

    private final ChannelSubscribers interest;

    private final Broker broker;

    private final PresenceManager presenceManager;

    private final ApplicationCalls calls;

    private final LimitedLog log;

    /** @param log for feeds of the application that fail */
    public ChannelMembership(
            Hub hub,
            ChannelSubscribers interest,
            Broker broker,
            PresenceManager presenceManager,
            ApplicationCalls calls,
            LimitedLog log) {
        this.hub = hub;
        this.interest = interest;
        this.broker = broker;
        this.presenceManager = presenceManager;
        this.calls = calls;
        this.log = log;
    }

    /** Adds a subscription to the hub; completes when publications of the channel reach this node. */
    public Mono<Void> join(ChannelSubscription subscription) {
        String channel = subscription.channel().name();
        hub.subscribe(channel, subscription);
        subscription.inHub = true;
        return interest.confirmed(channel);
    }

    /** Adds the client to the presence of the channel; {@link #presenceEntered} must follow when it completes. */
    public Mono<Void> enterPresence(ChannelSubscription subscription) {
        subscription.presence = ChannelSubscription.Presence.BEING_ADDED;
        return Mono.defer(() -> presenceManager.add(subscription.channel().name(), subscription.info()));
    }

    /** Notes that the client is in presence; removes it if the subscription ended meanwhile. */
    public void presenceEntered(ChannelSubscription subscription) {
        subscription.presence = ChannelSubscription.Presence.PRESENT;
        if (subscription.ended()) {
            leavePresence(subscription);
        }
    }

    /** Starts delivery, after the result was written, and publishes the join. */
    public void opened(ChannelSubscription subscription) {
        if (subscription.ended()) {
            // Writing the result ended it.
            return;
        }
        subscription.announced = true;
        Boundary.run(
                Place.LIFECYCLE_HOOK,
                subscription,
                () -> lifecycle().subscribed(subscription.client().identity(), subscription.channel()));
        subscription.goLive();
        if (!subscription.ended()) {
            subscription.beginFeed(log);
        }
        if (!subscription.ended() && subscription.channel().options().joinLeave()) {
            subscription.joined = true;
            Boundary.call(
                    Place.JOIN,
                    subscription,
                    () -> broker.publishJoin(subscription.channel().name(), subscription.info()));
        }
    }

    /** Takes an ended subscription out of everything, step by step; notifies the others in the channel. */
    void leave(ChannelSubscription subscription, Unsubscribe unsubscribe) {
        String channel = subscription.channel().name();
        if (subscription.inHub) {
            Boundary.run(Place.CLEAN_UP, subscription, () -> hub.unsubscribe(channel, subscription));
        }
        leavePresence(subscription);
        if (subscription.announced) {
            Boundary.run(
                    Place.LIFECYCLE_HOOK,
                    subscription,
                    () -> lifecycle()
                            .unsubscribed(subscription.client().identity(), subscription.channel(), unsubscribe));
        }
        if (subscription.joined) {
            Boundary.call(Place.LEAVE, subscription, () -> broker.publishLeave(channel, subscription.info()));
        }
    }

    /** Removes the client from presence, unless it is just being added: then that ends with removing it. */
    private void leavePresence(ChannelSubscription subscription) {
        if (subscription.presence == ChannelSubscription.Presence.PRESENT) {
            subscription.presence = ChannelSubscription.Presence.ABSENT;
            Boundary.call(
                    Place.PRESENCE_REMOVAL,
                    subscription,
                    () -> presenceManager.remove(
                            subscription.channel().name(), subscription.client().clientId()));
        }
    }

    private LifecycleHook lifecycle() {
        return calls.callbacks().hooks().lifecycle();
    }
}
