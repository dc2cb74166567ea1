package dev.realtime.connection;

import dev.realtime.api.PublishSettings;
import dev.realtime.channel.Channel;
import dev.realtime.channel.Namespaces;
import dev.realtime.protocol.ClientError;
import dev.realtime.protocol.ClientInfo;
import dev.realtime.protocol.Payload;
import dev.realtime.protocol.Request;
import dev.realtime.protocol.Result;

/** Answers {@link Request.Publish}. The publication carries who published it. */
final class PublishCommandHandler {

    private static final Result.Publish PUBLISHED = new Result.Publish();

    private final ConnectionContext context;

    private final ChannelPermissions permissions;

    PublishCommandHandler(ConnectionContext context, ChannelPermissions permissions) {
        this.context = context;
        this.permissions = permissions;
    }

    void handle(ClientConnection connection, long id, Request.Publish request) {
        Channel channel = RequestedChannel.find(connection, id, request.channel());
        if (channel == null) {
            return;
        }
        Payload data = request.data() == null ? Payload.empty() : request.data();
        if (!Namespaces.admitsData(channel.options(), data)) {
            connection.fail(id, ClientError.BAD_REQUEST);
            return;
        }
        connection.commands().await(permissions.publish(connection, channel, data), (permitted, error) -> {
            if (error != null) {
                Refusals.answer(connection, id, "publish", error);
            } else if (permitted == null || !permitted) {
                connection.fail(id, ClientError.PERMISSION_DENIED);
            } else if (!connection.isClosed()) {
                publish(connection, id, channel, data);
            }
        });
    }

    private void publish(ClientConnection connection, long id, Channel channel, Payload data) {
        ChannelSubscription subscription = connection.subscriptions().get(channel.name());
        ClientInfo publisher = subscription == null ? connection.infoIn(null) : subscription.info();
        connection
                .commands()
                .await(
                        context.operations().publish(channel, data, publisher, PublishSettings.DEFAULTS),
                        (result, error) -> {
                            if (error == null) {
                                connection.reply(id, PUBLISHED);
                            } else {
                                Refusals.answer(connection, id, "publish", error);
                            }
                        });
    }
}
