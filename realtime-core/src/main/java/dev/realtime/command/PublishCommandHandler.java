package dev.realtime.command;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Payload;
import dev.realtime.connection.ChannelSubscription;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.ConnectionContext;
import dev.realtime.protocol.Request;
import dev.realtime.protocol.Result;
import dev.realtime.spi.hook.ClientPublication;
import dev.realtime.spi.hook.PublishHook;

/** Handles {@link Request.Publish}. The publication carries the publisher. */
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
        if (!channel.options().publicationDataFormat().admits(data)) {
            connection.fail(id, ClientError.BAD_REQUEST);
            return;
        }
        PublishHook hook = context.hooks().publish();
        if (hook == null) {
            publishIfPermitted(connection, id, channel, data);
            return;
        }
        var answer = context.ask(hook, () -> hook.publish(connection.identity(), channel, data));
        connection.commands().await(answer, (publication, error) -> {
            if (error != null) {
                Refusals.answer(connection, id, "publish", error);
            } else if (connection.isClosed()) {
                return;
            } else if (publication == null) {
                publishIfPermitted(connection, id, channel, data);
            } else {
                publish(connection, id, channel, publication);
            }
        });
    }

    private void publishIfPermitted(ClientConnection connection, long id, Channel channel, Payload data) {
        connection.commands().ask(permissions.publish(connection, channel, data), (permitted, error) -> {
            if (error != null) {
                Refusals.answer(connection, id, "publish", error);
            } else if (permitted == null || !permitted) {
                connection.fail(id, ClientError.PERMISSION_DENIED);
            } else if (!connection.isClosed()) {
                publish(connection, id, channel, ClientPublication.of(data));
            }
        });
    }

    private void publish(ClientConnection connection, long id, Channel channel, ClientPublication publication) {
        ChannelSubscription subscription = connection.subscriptions().get(channel.name());
        ClientInfo publisher = subscription == null ? connection.infoIn(null) : subscription.info();
        connection
                .commands()
                .await(
                        context.operations().publish(channel, publication.data(), publisher, publication.options()),
                        (result, error) -> {
                            if (error == null) {
                                connection.reply(id, PUBLISHED);
                            } else {
                                Refusals.answer(connection, id, "publish", error);
                            }
                        });
    }
}
