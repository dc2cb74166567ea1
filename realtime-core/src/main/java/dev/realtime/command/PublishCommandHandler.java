package dev.realtime.command;

import dev.realtime.api.PublishOptions;
import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.PublishResult;
import dev.realtime.connection.ApplicationCalls;
import dev.realtime.connection.ChannelSubscription;
import dev.realtime.connection.ClientConnection;
import dev.realtime.operation.ChannelOperations;
import dev.realtime.protocol.Request;
import dev.realtime.protocol.Result;
import dev.realtime.spi.hook.PublishHook;
import reactor.core.publisher.Mono;

/** Handles {@link Request.Publish}. The publication carries the publisher. */
final class PublishCommandHandler {

    private static final Result.Publish PUBLISHED = new Result.Publish();

    private final ChannelPermissions permissions;

    private final ChannelOperations operations;

    private final ApplicationCalls calls;

    private final ErrorReplies errors;

    PublishCommandHandler(
            ChannelPermissions permissions, ChannelOperations operations, ApplicationCalls calls, ErrorReplies errors) {
        this.permissions = permissions;
        this.operations = operations;
        this.calls = calls;
        this.errors = errors;
    }

    void handle(ClientConnection connection, long id, Request.Publish request) {
        Channel channel = permissions.find(connection, id, request.channel());
        if (channel == null) {
            return;
        }
        Payload data = request.data() == null ? Payload.empty() : request.data();
        if (!channel.options().publicationDataFormat().admits(data)) {
            connection.fail(id, ClientError.BAD_REQUEST);
            return;
        }
        PublishHook hook = calls.callbacks().hooks().publish();
        if (hook == null) {
            publishIfPermitted(connection, id, channel, data);
            return;
        }
        var answer = calls.call(hook, () -> hook.publish(connection.profile().identity(), channel, data));
        connection.commands().await(answer, (publication, error) -> {
            if (error != null) {
                errors.reply(connection, id, "publish", error);
            } else if (connection.isClosed()) {
                return;
            } else if (publication == null) {
                publishIfPermitted(connection, id, channel, data);
            } else {
                // The hook may have replaced the data, so it is checked again.
                reply(
                        connection,
                        id,
                        operations.publish(
                                channel, publication.data(), publisher(connection, channel), publication.options()));
            }
        });
    }

    private void publishIfPermitted(ClientConnection connection, long id, Channel channel, Payload data) {
        connection.commands().ask(permissions.publish(connection, channel, data), (permitted, error) -> {
            if (error != null) {
                errors.reply(connection, id, "publish", error);
            } else if (permitted == null || !permitted) {
                connection.fail(id, ClientError.PERMISSION_DENIED);
            } else if (!connection.isClosed()) {
                ClientInfo publisher = publisher(connection, channel);
                reply(connection, id, operations.append(channel, data, publisher, PublishOptions.DEFAULTS));
            }
        });
    }

    /** Returns the publisher as others in the channel see it. */
    private static ClientInfo publisher(ClientConnection connection, Channel channel) {
        ChannelSubscription subscription = connection.subscriptions().in(channel.name());
        return subscription == null ? connection.profile().infoIn(null) : subscription.info();
    }

    private void reply(ClientConnection connection, long id, Mono<PublishResult> published) {
        connection.commands().await(published, (result, error) -> {
            if (error == null) {
                connection.reply(id, PUBLISHED);
            } else {
                errors.reply(connection, id, "publish", error);
            }
        });
    }
}
