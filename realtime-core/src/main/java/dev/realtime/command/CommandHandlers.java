package dev.realtime.command;

import dev.realtime.connection.ChannelSubscription;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.CommandDispatcher;
import dev.realtime.connection.ConnectionContext;
import dev.realtime.protocol.Request;

/** The one switch from a request to the class that handles it. One object for all connections of a node. */
final class CommandHandlers implements CommandDispatcher {

    private final ConnectCommandHandler connect;

    private final SubscribeCommandHandler subscribe;

    private final UnsubscribeCommandHandler unsubscribe;

    private final PublishCommandHandler publish;

    private final PresenceCommandHandler presence;

    private final HistoryCommandHandler history;

    private final RpcCommandHandler rpc;

    private final SendCommandHandler send;

    private final RefreshCommandHandler refresh;

    private final SubRefreshCommandHandler subRefresh;

    CommandHandlers(ConnectionContext context, SubscriptionOpener opener) {
        ChannelPermissions permissions = new ChannelPermissions(context);
        this.connect = new ConnectCommandHandler(context, permissions, opener);
        this.subscribe = new SubscribeCommandHandler(context, permissions, opener);
        this.unsubscribe = new UnsubscribeCommandHandler();
        this.publish = new PublishCommandHandler(context, permissions);
        this.presence = new PresenceCommandHandler(context, permissions);
        this.history = new HistoryCommandHandler(context, permissions);
        this.rpc = new RpcCommandHandler(context);
        this.send = new SendCommandHandler(context);
        this.refresh = new RefreshCommandHandler(context);
        this.subRefresh = new SubRefreshCommandHandler(context);
    }

    @Override
    public void handle(ClientConnection connection, long id, Request request) {
        if (request instanceof Request.Publish it) {
            publish.handle(connection, id, it);
        } else if (request instanceof Request.Subscribe it) {
            subscribe.handle(connection, id, it);
        } else if (request instanceof Request.Connect it) {
            connect.handle(connection, id, it);
        } else if (request instanceof Request.Unsubscribe it) {
            unsubscribe.handle(connection, id, it);
        } else if (request instanceof Request.Rpc it) {
            rpc.handle(connection, id, it);
        } else if (request instanceof Request.Send it) {
            send.handle(connection, it);
        } else if (request instanceof Request.Presence it) {
            presence.handle(connection, id, it);
        } else if (request instanceof Request.PresenceStats it) {
            presence.handle(connection, id, it);
        } else if (request instanceof Request.History it) {
            history.handle(connection, id, it);
        } else if (request instanceof Request.Refresh it) {
            refresh.handle(connection, id, it);
        } else if (request instanceof Request.SubRefresh it) {
            subRefresh.handle(connection, id, it);
        }
    }

    @Override
    public void renew(ClientConnection connection) {
        Renewals.renew(connection);
    }

    @Override
    public void renew(ClientConnection connection, ChannelSubscription subscription) {
        Renewals.renew(connection, subscription);
    }
}
