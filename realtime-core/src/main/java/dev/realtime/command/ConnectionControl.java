package dev.realtime.command;

import dev.realtime.api.ConnectedClient;
import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.connection.ChannelSubscription;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.CommandDispatcher;
import dev.realtime.connection.ConnectionContext;
import dev.realtime.connection.SubscriptionTerms;
import dev.realtime.connection.Ttl;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.loop.ConnectionLoop;
import dev.realtime.loop.NodeQueues;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.protocol.Push;
import dev.realtime.protocol.Result;
import dev.realtime.protocol.UnixTime;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.engine.ClientSelector;
import dev.realtime.spi.engine.ControlCommand;
import dev.realtime.spi.transport.Transport;
import io.netty.util.concurrent.EventExecutor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Makes connections and acts on them from outside: on any thread, each action is handed to the executor of the
 * connection and waits there for the command in progress, so that a subscription half opened is never acted on.
 */
public final class ConnectionControl {

    private final ConnectionContext context;

    private final ProtocolLimits limits;

    private final CommandDispatcher dispatcher;

    private final SubscriptionOpener opener;

    private final NodeQueues nodeQueues;

    private final LongSupplier nanoTime;

    /** One per executor that ever owned a connection. */
    private final Map<EventExecutor, ConnectionLoop> loops = new ConcurrentHashMap<>();

    /** @param nanoTime the clock of the hub */
    public ConnectionControl(ConnectionContext context, ProtocolLimits limits, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.context = context;
        this.limits = limits;
        this.opener = new SubscriptionOpener(context);
        this.dispatcher = new CommandHandlers(context, opener);
        this.nodeQueues = new NodeQueues(context.options().limits().nodeQueueMaxBytes());
    }

    /** Takes on a client, on the executor of its transport. */
    public ClientConnection accept(Transport transport) {
        ConnectionLoop loop = loops.computeIfAbsent(transport.executor(), this::loop);
        ClientConnection connection = new ClientConnection(context, dispatcher, limits, transport, loop);
        try {
            connection.open();
        } catch (Throwable failure) {
            Boundary.end(Place.ACCEPT, connection, failure);
        }
        return connection;
    }

    private ConnectionLoop loop(EventExecutor executor) {
        return new ConnectionLoop(executor, context.presenceManager(), nodeQueues, context.statistics(), nanoTime);
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
                            connection.subscriptions().get(channel);
                    if (subscription == null) {
                        connection.push(new Push.Unsubscribed(channel, unsubscribe));
                    } else {
                        connection.unsubscribe(subscription, unsubscribe);
                    }
                }));
    }

    /** Subscribes the connections selected; one over its channel limit is disconnected. */
    public void subscribe(ControlCommand.SubscribeClients command, Channel channel) {
        SubscriptionGrant grant = SubscriptionGrant.PLAIN
                .withInfo(command.channelInfo())
                .withData(command.data())
                .expiringAt(UnixTime.moment(command.expireAtSeconds()), false)
                .withOverrides(command.overrides());
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
        if (connection.subscriptions().containsKey(channel.name())) {
            return;
        }
        if (connection.subscriptions().size() >= context.options().channelLimit()) {
            connection.close(Disconnect.CHANNEL_LIMIT, "it would be subscribed to more channels than allowed");
            return;
        }
        SubscriptionTerms terms = ServerSideSubscriptions.terms(channel, grant, null);
        opener.open(connection, channel, terms, outcome -> {
            if (outcome instanceof SubscriptionOpener.Outcome.Opened opened) {
                Result.Subscribe result = opened.result();
                StreamPosition top = new StreamPosition(result.offset(), result.epoch());
                StreamPosition told = command.recoverSince() == null ? top : command.recoverSince();
                connection.push(new Push.Subscribed(
                        channel.name(), result.recoverable(), result.positioned(), told, grant.data()));
                connection.opened(opened.subscription());
            }
        });
    }

    /** Moves the deadline of the connections selected. */
    public void refresh(ControlCommand.RefreshClients command) {
        long now = context.nowSeconds();
        select(
                command.clients(),
                connection -> inTurn(connection, () -> {
                    long expireAt = command.expireAtSeconds();
                    if (command.expired() || (expireAt > 0 && expireAt <= now)) {
                        connection.close(Disconnect.EXPIRED, "the application let it expire");
                        return;
                    }
                    if (command.connectionInfo() != null) {
                        connection.replaceInfo(command.connectionInfo());
                    }
                    connection.expireAt(expireAt);
                    connection.push(
                            new Push.Refreshed(expireAt > 0, expireAt > 0 ? Ttl.secondsUntil(expireAt, now) : 0));
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
        for (ClientConnection connection : context.clients().ofUser(clients.userId())) {
            boolean chosen = (clients.clientId().isEmpty() || clients.clientId().equals(connection.clientId()))
                    && clients.sessionId().isEmpty()
                    && !clients.exceptClientIds().contains(connection.clientId());
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
