package dev.realtime.spi.engine;

import dev.realtime.api.channel.SubscribeOverrides;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.api.data.TagsFilter;
import org.jspecify.annotations.Nullable;

/** Command to a node, concerning connections of a user or subscribers of a channel. */
public sealed interface ControlCommand {

    /** Close the connections selected. */
    record DisconnectClients(ClientSelector clients, Disconnect disconnect) implements ControlCommand {}

    /** End their subscription to a channel. */
    record UnsubscribeClients(ClientSelector clients, String channel, Unsubscribe unsubscribe)
            implements ControlCommand {}

    /**
     * Subscribe them to a channel.
     *
     * @param channelInfo what others in the channel see of them
     * @param data goes to the client with the subscribe push
     * @param recoverSince position to recover from
     * @param expireAtSeconds Unix time the subscription ends at; 0 for never
     * @param filter what publications must match; {@code null} for all
     */
    record SubscribeClients(
            ClientSelector clients,
            String channel,
            @Nullable Payload channelInfo,
            @Nullable Payload data,
            @Nullable StreamPosition recoverSince,
            long expireAtSeconds,
            SubscribeOverrides overrides,
            @Nullable TagsFilter filter)
            implements ControlCommand {}

    /**
     * Have all subscribers of a channel subscribe again and load its state.
     *
     * @param channel name of the channel
     */
    record InvalidateChannel(String channel) implements ControlCommand {}

    /**
     * Move the deadline of the connections.
     *
     * @param expired close them now as expired
     * @param expireAtSeconds Unix time; 0 takes the deadline away
     * @param connectionInfo replaces what others see of the connection; {@code null} leaves it
     */
    record RefreshClients(
            ClientSelector clients,
            boolean expired,
            long expireAtSeconds,
            @Nullable Payload connectionInfo) implements ControlCommand {}
}
