package dev.realtime.command;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.ConnectionContext;
import dev.realtime.protocol.Request;
import dev.realtime.protocol.Result;

/** Handles {@link Request.History}. */
final class HistoryCommandHandler {

    private final ConnectionContext context;

    private final ChannelPermissions permissions;

    HistoryCommandHandler(ConnectionContext context, ChannelPermissions permissions) {
        this.context = context;
        this.permissions = permissions;
    }

    void handle(ClientConnection connection, long id, Request.History request) {
        Channel channel = RequestedChannel.find(connection, id, request.channel());
        if (channel == null) {
            return;
        }
        if (!channel.options().history().enabled()) {
            connection.fail(id, ClientError.NOT_AVAILABLE);
            return;
        }
        connection.commands().ask(permissions.history(connection, channel), (permitted, error) -> {
            if (error != null) {
                Refusals.answer(connection, id, "history", error);
            } else if (permitted == null || !permitted) {
                connection.fail(id, ClientError.PERMISSION_DENIED);
            } else {
                read(connection, id, channel, request);
            }
        });
    }

    private void read(ClientConnection connection, long id, Channel channel, Request.History request) {
        int most = context.options().historyMaxPublicationLimit();
        int limit = request.limit() < 0 ? most : Math.min(request.limit(), most);
        HistoryQuery query = new HistoryQuery(limit, request.since(), request.reverse());
        connection.commands().await(context.operations().history(channel, query), (history, error) -> {
            if (history == null) {
                Refusals.answer(
                        connection,
                        id,
                        "history",
                        error == null ? new IllegalStateException("the engine returned nothing") : error);
            } else if (!connection.codec().carriesAll(history.publications())) {
                connection.close(Disconnect.INAPPROPRIATE_PROTOCOL, "history holds data that is not JSON");
            } else {
                connection.reply(id, new Result.History(history.publications(), history.position()));
            }
        });
    }
}
