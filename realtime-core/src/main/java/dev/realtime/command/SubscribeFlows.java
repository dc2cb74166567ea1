package dev.realtime.command;

import dev.realtime.api.channel.Channel;
import dev.realtime.connection.ChannelMembership;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.ClientOptions;
import dev.realtime.protocol.Request;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.engine.Broker;
import dev.realtime.statistics.NodeStatistics;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Makes the {@link SubscribeFlow} of each subscription, for commands of clients, connects and the application alike.
 * One object for all connections of a node, so that equal reads of a moment are one: see {@link SharedHistoryReads}.
 */
public final class SubscribeFlows {

    final ChannelPermissions permissions;

    final ChannelMembership membership;

    final SharedHistoryReads historyReads;

    final EmptyCaches emptyCaches;

    final SharedFilters filters = new SharedFilters();

    final ClientOptions options;

    final NodeStatistics statistics;

    final Clock clock;

    final ErrorReplies errors;

    public SubscribeFlows(
            ChannelPermissions permissions,
            ChannelMembership membership,
            Broker broker,
            EmptyCaches emptyCaches,
            ClientOptions options,
            NodeStatistics statistics,
            Clock clock,
            ErrorReplies errors) {
        this.permissions = permissions;
        this.membership = membership;
        this.historyReads = new SharedHistoryReads(broker);
        this.emptyCaches = emptyCaches;
        this.options = options;
        this.statistics = statistics;
        this.clock = clock;
        this.errors = errors;
    }

    /** Subscribes a client that asked for it, if it is permitted. */
    void subscribe(
            ClientConnection connection, Request.Subscribe request, Channel channel, SubscribeFlow.Ending ending) {
        new SubscribeFlow(this, connection, false, request, channel, SubscriptionGrant.PLAIN, ending).permit();
    }

    /**
     * Subscribes a client by the server.
     *
     * @param channel with what the grant overrides
     * @param asked what the client asks to recover; {@code null} for nothing
     */
    void subscribeByServer(
            ClientConnection connection,
            Request.@Nullable Subscribe asked,
            Channel channel,
            SubscriptionGrant grant,
            SubscribeFlow.Ending ending) {
        Request.Subscribe request = asked == null ? Request.Subscribe.to(channel.name()) : asked;
        new SubscribeFlow(this, connection, true, request, channel, grant, ending).prepare();
    }
}
