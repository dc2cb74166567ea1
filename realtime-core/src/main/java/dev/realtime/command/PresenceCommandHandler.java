package dev.realtime.command;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Payload;
import dev.realtime.connection.ClientConnection;
import dev.realtime.operation.ChannelOperations;
import dev.realtime.protocol.Request;
import dev.realtime.protocol.Result;
import dev.realtime.statistics.ReachedLimit;
import java.util.Collection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Handles {@link Request.Presence} and {@link Request.PresenceStats}, which are permitted alike. */
final class PresenceCommandHandler {

    private final ChannelPermissions permissions;

    private final ChannelOperations operations;

    private final long maxBytes;

    private final ErrorReplies errors;

    PresenceCommandHandler(
            ChannelPermissions permissions, ChannelOperations operations, long maxBytes, ErrorReplies errors) {
        this.permissions = permissions;
        this.operations = operations;
        this.maxBytes = maxBytes;
        this.errors = errors;
    }

    void handle(ClientConnection connection, long id, Request.Presence request) {
        whenPermitted(
                connection,
                id,
                "presence",
                request.channel(),
                channel -> connection.commands().await(operations.presence(channel), (presence, error) -> {
                    if (presence == null) {
                        errors.reply(connection, id, "presence", failure(error));
                    } else if (bytes(presence.values()) > maxBytes) {
                        // It would fill the queue, and end the connection as one that is too slow.
                        errors.overLimit(connection, id, ReachedLimit.QUEUE, channel.name());
                    } else if (!new Result.Presence(presence)
                            .fits(connection.writer().codec())) {
                        connection.close(Disconnect.INAPPROPRIATE_PROTOCOL, "presence holds data that is not JSON");
                    } else {
                        connection.reply(id, new Result.Presence(presence));
                    }
                }));
    }

    void handle(ClientConnection connection, long id, Request.PresenceStats request) {
        whenPermitted(
                connection,
                id,
                "presence_stats",
                request.channel(),
                channel -> connection.commands().await(operations.presenceStats(channel), (stats, error) -> {
                    if (stats == null) {
                        errors.reply(connection, id, "presence_stats", failure(error));
                    } else {
                        connection.reply(id, new Result.PresenceStats(stats.clients(), stats.users()));
                    }
                }));
    }

    private void whenPermitted(
            ClientConnection connection, long id, String command, String name, Consumer<Channel> then) {
        Channel channel = permissions.find(connection, id, name);
        if (channel == null) {
            return;
        }
        if (!channel.options().presence()) {
            connection.fail(id, ClientError.NOT_AVAILABLE);
            return;
        }
        connection
                .commands()
                .ask(permissions.read(ChannelPermissions.Reading.PRESENCE, connection, channel), (permitted, error) -> {
                    if (error != null) {
                        errors.reply(connection, id, command, error);
                    } else if (permitted == null || !permitted) {
                        connection.fail(id, ClientError.PERMISSION_DENIED);
                    } else {
                        then.accept(channel);
                    }
                });
    }

    /** Returns about as many bytes as the reply takes. */
    private static long bytes(Collection<ClientInfo> present) {
        long bytes = 0;
        for (ClientInfo info : present) {
            bytes += 64L + 2 * info.clientId().length() + info.userId().length();
            bytes += length(info.connectionInfo()) + length(info.channelInfo());
        }
        return bytes;
    }

    private static int length(@Nullable Payload payload) {
        return payload == null ? 0 : payload.length();
    }

    private static Throwable failure(@Nullable Throwable error) {
        return error == null ? new IllegalStateException("the engine returned nothing") : error;
    }
}
