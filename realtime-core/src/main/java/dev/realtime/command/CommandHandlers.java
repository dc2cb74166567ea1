package dev.realtime.command;

import dev.realtime.connection.ApplicationCalls;
import dev.realtime.connection.ChannelSubscription;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.ClientOptions;
import dev.realtime.connection.CommandDispatcher;
import dev.realtime.operation.ChannelOperations;
import dev.realtime.protocol.Request;
import dev.realtime.protocol.RequestHandler;
import dev.realtime.statistics.ReachedLimit;
import java.time.Clock;

/** Way from a request to the class that handles it. One object for all connections of a node. */
public final class CommandHandlers implements CommandDispatcher, RequestHandler<ClientConnection> {

    private final ConnectCommandHandler connect;

    private final SubscribeCommandHandler subscribe;

    private final PublishCommandHandler publish;

    private final PresenceCommandHandler presence;

    private final HistoryCommandHandler history;

    private final CallCommandHandler call;

    private final RefreshCommandHandler refresh;

    private final SubRefreshCommandHandler subRefresh;

    private final Renewals renewals;

    private final ErrorReplies errors;

    public CommandHandlers(
            ConnectCommandHandler connect,
            ChannelPermissions permissions,
            SubscribeFlows flows,
            ChannelOperations operations,
            ClientOptions options,
            ApplicationCalls calls,
            Clock clock,
            ErrorReplies errors) {
        this.connect = connect;
        this.subscribe = new SubscribeCommandHandler(permissions, flows, options.channelLimit(), errors);
        this.publish = new PublishCommandHandler(permissions, operations, calls, errors);
        this.presence = new PresenceCommandHandler(permissions, operations, options.queueMaxBytes(), errors);
        this.history = new HistoryCommandHandler(permissions, operations, options.historyMaxPublicationLimit(), errors);
        this.call = new CallCommandHandler(calls, errors);
        this.refresh = new RefreshCommandHandler(calls, clock, errors);
        this.subRefresh = new SubRefreshCommandHandler(calls, clock, errors);
        this.renewals = new Renewals(calls, clock, errors);
        this.errors = errors;
    }

    @Override
    public void handle(ClientConnection connection, long id, Request request) {
        request.dispatch(this, connection, id);
    }

    @Override
    public void overRate(ClientConnection connection, long id, Request request, ReachedLimit limit) {
        errors.overRate(connection, id, request, limit);
    }

    @Override
    public void renew(ClientConnection connection) {
        renewals.renew(connection);
    }

    @Override
    public void renew(ClientConnection connection, ChannelSubscription subscription) {
        renewals.renew(connection, subscription);
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
        subscribe.handle(connection, id, request);
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
        call.handle(connection, id, request);
    }

    @Override
    public void send(ClientConnection connection, long id, Request.Send request) {
        call.handle(connection, request);
    }

    @Override
    public void refresh(ClientConnection connection, long id, Request.Refresh request) {
        refresh.handle(connection, id, request);
    }

    @Override
    public void subRefresh(ClientConnection connection, long id, Request.SubRefresh request) {
        subRefresh.handle(connection, id, request);
    }
}
