package dev.realtime.connection;

import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.protocol.Push;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Subscriptions of one connection by channel, open or being opened. Used on the executor of the connection only. */
public final class ClientSubscriptions {

    private final ChannelMembership membership;

    private final ClientWriter writer;

    private final Map<String, ChannelSubscription> byChannel = new HashMap<>(4);

    ClientSubscriptions(ChannelMembership membership, ClientWriter writer) {
        this.membership = membership;
        this.writer = writer;
    }

    /** Returns the subscription to a channel; {@code null} if there is none. */
    public @Nullable ChannelSubscription in(String channel) {
        return byChannel.get(channel);
    }

    /** Returns how many there are. */
    public int count() {
        return byChannel.size();
    }

    /** Returns the names of their channels. */
    public Set<String> channels() {
        return byChannel.keySet();
    }

    /** Returns the channels that the authentication of the client granted. */
    public Set<String> grantedChannels() {
        Set<String> channels = new HashSet<>();
        byChannel.forEach((name, subscription) -> {
            if (subscription.isFromAuthentication()) {
                channels.add(name);
            }
        });
        return channels;
    }

    Collection<ChannelSubscription> all() {
        return byChannel.values();
    }

    /** Returns those whose permission has an end, in a list of its own: they may end while it is read. */
    List<ChannelSubscription> expiring() {
        List<ChannelSubscription> expiring = List.of();
        for (ChannelSubscription subscription : byChannel.values()) {
            if (subscription.grant().expireAt() != null) {
                expiring = expiring.isEmpty() ? new ArrayList<>() : expiring;
                expiring.add(subscription);
            }
        }
        return expiring;
    }

    /** Returns the position of the client in each channel that it can recover. */
    Map<String, StreamPosition> recoverablePositions() {
        Map<String, StreamPosition> positions = new HashMap<>(4);
        byChannel.forEach((name, subscription) -> {
            StreamPosition position = subscription.recoverablePosition();
            if (position != null) {
                positions.put(name, position);
            }
        });
        return positions;
    }

    /** Adds one that is being opened. */
    public void add(ChannelSubscription subscription) {
        byChannel.put(subscription.channel().name(), subscription);
        subscription.statistics().subscriptionAdded();
    }

    /** Removes one that could not be opened. */
    public void discard(ChannelSubscription subscription) {
        discard(subscription, Unsubscribe.SERVER);
    }

    /** Ends a subscription; notifies the others in the channel, not the client. */
    public void discard(ChannelSubscription subscription, Unsubscribe unsubscribe) {
        if (subscription.ended()) {
            return;
        }
        byChannel.remove(subscription.channel().name());
        Boundary.run(Place.CLEAN_UP, subscription, subscription::end);
        subscription.statistics().subscriptionRemoved();
        membership.leave(subscription, unsubscribe);
    }

    void discardAll() {
        for (ChannelSubscription subscription : List.copyOf(byChannel.values())) {
            discard(subscription, Unsubscribe.DISCONNECT);
        }
    }

    /** Ends a subscription and notifies the client. */
    public void unsubscribe(ChannelSubscription subscription, Unsubscribe unsubscribe) {
        discard(subscription, unsubscribe);
        writer.push(new Push.Unsubscribed(subscription.channel().name(), unsubscribe));
    }
}
