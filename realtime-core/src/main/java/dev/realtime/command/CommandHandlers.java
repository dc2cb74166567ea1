package dev.realtime.command;

import dev.realtime.connection.ChannelSubscription;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.CommandDispatcher;
import dev.realtime.connection.ConnectionContext;
import dev.realtime.protocol.Request;
import dev.realtime.protocol.RequestHandler;

/** Way from a request to the class that handles it. One object for all connections of a node. */
final class CommandHandlers implements CommandDispatcher, RequestHandler<ClientConnection> {

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
        request.dispatch(this, connection, id);
    }

    @Override
    public void connect(ClientConnection connection, long id, Request.Connect request) {
        connect.handle(connection, id, request);
    }

    @Override
    public void subscribe(ClientConnection connection, long id, Request.Subscribe request) {
        subscribe.handle(connection, id, request);
    }

    @Override
    public void unsubscribe(ClientConnection connection, long id, Request.Unsubscribe request) {
        unsubscribe.handle(connection, id, request);
    }

    @Override
    public void publish(ClientConnection connection, long id, Request.Publish request) {
        publish.handle(connection, id, request);
    }

    @Override
    public void presence(ClientConnection connection, long id, Request.Presence request) {
        presence.handle(connection, id, request);
    }

    @Override
    public void presenceStats(ClientConnection connection, long id, Request.PresenceStats request) {
        presence.handle(connection, id, request);
    }

    @Override
    public void history(ClientConnection connection, long id, Request.History request) {
        history.handle(connection, id, request);
    }

    @Override
    public void rpc(ClientConnection connection, long id, Request.Rpc request) {
        rpc.handle(connection, id, request);
    }

    @Override
    public void send(ClientConnection connection, long id, Request.Send request) {
        send.handle(connection, request);
    }

    @Override
    public void refresh(ClientConnection connection, long id, Request.Refresh request) {
        refresh.handle(connection, id, request);
    }

    @Override
    public void subRefresh(ClientConnection connection, long id, Request.SubRefresh request) {
        subRefresh.handle(connection, id, request);
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
