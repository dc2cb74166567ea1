package dev.realtime.command;

import dev.realtime.api.ConnectedClient;
import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.connection.ChannelSubscription;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.ClientConnections;
import dev.realtime.connection.Expiry;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.protocol.Push;
import dev.realtime.protocol.Result;
import dev.realtime.protocol.UnixTime;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.engine.ClientSelector;
import dev.realtime.spi.engine.ControlCommand;
import java.time.Clock;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Actions of the node and the application on connections. Called on any thread; each action is handed to the executor
 * of the connection and waits there for the command in progress, so that a subscription half opened is never acted on.
 */
public final class ClientActions {

    private final ClientConnections clients;

    private final SubscribeFlows flows;

    private final int channelLimit;

    private final Clock clock;

    public ClientActions(ClientConnections clients, SubscribeFlows flows, int channelLimit, Clock clock) {
        this.clients = clients;
        this.flows = flows;
        this.channelLimit = channelLimit;
        this.clock = clock;
    }

    /** Closes the connections selected. */
    public void disconnect(ClientSelector clients, Disconnect disconnect) {
        select(
                clients,
                connection -> onExecutor(
                        connection, () -> connection.close(disconnect, "the application or an operator asked for it")));
    }

    /** Closes a connection, whatever it is doing. */
    public void disconnect(ClientConnection connection, Disconnect disconnect) {
        onExecutor(connection, () -> connection.close(disconnect, "the node asked for it"));
    }

    /** Closes a connection when the command in progress has its reply; one that has not connected yet, immediately. */
    public void disconnectInTurn(ClientConnection connection, Disconnect disconnect) {
        Runnable close = () -> connection.close(disconnect, "the node asked for it");
        onExecutor(connection, () -> {
            if (connection.isConnected()) {
                connection.commands().run(close);
            } else {
                close.run();
            }
        });
    }

    /**
     * Ends a subscription of the connections selected. The push is sent to all of them, as the reference server does.
     */
    public void unsubscribe(ClientSelector clients, String channel, Unsubscribe unsubscribe) {
        select(
                clients,
                connection -> inTurn(connection, () -> {
                    ChannelSubscription subscription =
                            connection.subscriptions().in(channel);
                    if (subscription == null) {
                        connection.writer().push(new Push.Unsubscribed(channel, unsubscribe));
                    } else {
                        connection.subscriptions().unsubscribe(subscription, unsubscribe);
                    }
                }));
    }

    /** Subscribes the connections selected; one over its channel limit is disconnected. */
    public void subscribe(ControlCommand.SubscribeClients command, Channel channel) {
        SubscriptionGrant grant = SubscriptionGrant.PLAIN
                .withInfo(command.channelInfo())
                .withData(command.data())
                .expiringAt(UnixTime.moment(command.expireAtSeconds()), false)
                .withOverrides(command.overrides())
                .withFilter(command.filter());
        select(
                command.clients(),
                connection -> inTurn(connection, () -> {
                    if (connection.isConnected()) {
                        subscribe(connection, command, channel.with(command.overrides()), grant);
                    }
                }));
    }

    private void subscribe(
            ClientConnection connection,
            ControlCommand.SubscribeClients command,
            Channel channel,
            SubscriptionGrant grant) {
        if (connection.subscriptions().in(channel.name()) != null) {
            return;
        }
        if (connection.subscriptions().count() >= channelLimit) {
            connection.close(Disconnect.CHANNEL_LIMIT, "it would be subscribed to more channels than allowed");
            return;
        }
        flows.subscribeByServer(connection, null, channel, grant, new Pushing(connection, command));
    }

    /** Notifies the client with a push. */
    private record Pushing(ClientConnection connection, ControlCommand.SubscribeClients command)
            implements SubscribeFlow.Ending {

        @Override
        public void opened(SubscribeFlow flow) {
            Result.Subscribe result = flow.result();
            StreamPosition top = new StreamPosition(result.offset(), result.epoch());
            StreamPosition position = command.recoverSince() == null ? top : command.recoverSince();
            connection
                    .writer()
                    .push(new Push.Subscribed(
                            flow.channel().name(), result.recoverable(), result.positioned(), position, result.data()));
            flow.start();
        }

        /** The client does not know of it. */
        @Override
        public void failed(ClientError error) {}
    }

    /** Moves the deadline of the connections selected. */
    public void refresh(ControlCommand.RefreshClients command) {
        Expiry expiry = Expiry.at(command.expireAtSeconds());
        select(
                command.clients(),
                connection -> inTurn(connection, () -> {
                    if (command.expired() || expiry.isOver(clock)) {
                        connection.close(Disconnect.EXPIRED, "the application let it expire");
                        return;
                    }
                    if (command.connectionInfo() != null) {
                        connection.replaceInfo(command.connectionInfo());
                    }
                    connection.expireAt(expiry);
                    connection.writer().push(new Push.Refreshed(expiry.isSet(), expiry.ttlSeconds(clock)));
                }));
    }

    /** What is known of a connection, read on its executor. */
    public Mono<ConnectedClient> describe(ClientConnection connection, String nodeId) {
        Sinks.One<ConnectedClient> described = Sinks.one();
        boolean accepted = onExecutor(connection, () -> {
            try {
                described.tryEmitValue(connection.describe(nodeId));
            } finally {
                // Callers must not wait for a connection that cannot be described.
                described.tryEmitEmpty();
            }
        });
        return accepted ? described.asMono() : Mono.empty();
    }

    private void select(ClientSelector clients, Consumer<ClientConnection> action) {
        for (ClientConnection connection : this.clients.ofUser(clients.userId())) {
            boolean chosen = (clients.clientId().isEmpty()
                            || clients.clientId().equals(connection.profile().clientId()))
                    && clients.sessionId().isEmpty()
                    && !clients.exceptClientIds().contains(connection.profile().clientId());
            if (chosen) {
                action.accept(connection);
            }
        }
    }

    private static void inTurn(ClientConnection connection, Runnable action) {
        onExecutor(connection, () -> connection.commands().run(action));
    }

    private static boolean onExecutor(ClientConnection connection, Runnable action) {
        try {
            return Boundary.execute(
                    connection.transport().executor(), Boundary.ownedTask(Place.CONTROL, connection, action));
        } catch (Throwable failure) {
            // The other connections that are acted on must not suffer.
            Boundary.caught(Place.CONTROL, connection, failure);
            return false;
        }
    }
}
