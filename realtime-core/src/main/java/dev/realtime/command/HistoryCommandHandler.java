package dev.realtime.command;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.TagsFilter;
import dev.realtime.connection.ChannelSubscription;
import dev.realtime.connection.ClientConnection;
import dev.realtime.operation.ChannelOperations;
import dev.realtime.protocol.Request;
import dev.realtime.protocol.Result;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Handles {@link Request.History}. */
final class HistoryCommandHandler {

    private final ChannelPermissions permissions;

    private final ChannelOperations operations;

    private final int maxPublications;

    private final ErrorReplies errors;

    HistoryCommandHandler(
            ChannelPermissions permissions, ChannelOperations operations, int maxPublications, ErrorReplies errors) {
        this.permissions = permissions;
        this.operations = operations;
        this.maxPublications = maxPublications;
        this.errors = errors;
    }

    void handle(ClientConnection connection, long id, Request.History request) {
        Channel channel = permissions.find(connection, id, request.channel());
        if (channel == null) {
            return;
        }
        if (!channel.options().history().enabled()) {
            connection.fail(id, ClientError.NOT_AVAILABLE);
            return;
        }
        // Taken before anything is asked: the subscription may end meanwhile, and its filter must not end with it.
        TagsFilter filter = filterOf(connection, channel);
        connection
                .commands()
                .ask(permissions.read(ChannelPermissions.Reading.HISTORY, connection, channel), (permitted, error) -> {
                    if (error != null) {
                        errors.reply(connection, id, "history", error);
                    } else if (permitted == null || !permitted) {
                        connection.fail(id, ClientError.PERMISSION_DENIED);
                    } else {
                        read(connection, id, channel, request, filter);
                    }
                });
    }

    private void read(
            ClientConnection connection,
            long id,
            Channel channel,
            Request.History request,
            @Nullable TagsFilter filter) {
        int limit = request.limit() < 0 ? maxPublications : Math.min(request.limit(), maxPublications);
        HistoryQuery query = new HistoryQuery(limit, request.since(), request.reverse());
        connection.commands().await(operations.history(channel, query), (history, error) -> {
            if (history == null) {
                errors.reply(
                        connection,
                        id,
                        "history",
                        error == null ? new IllegalStateException("the engine returned nothing") : error);
            } else {
                reply(connection, id, passing(history.publications(), filter), history);
            }
        });
    }

    private static List<Publication> passing(List<Publication> publications, @Nullable TagsFilter filter) {
        if (filter == null) {
            return publications;
        }
        return publications.stream()
                .filter(publication -> filter.matches(publication.tags()))
                .toList();
    }

    private static void reply(
            ClientConnection connection, long id, List<Publication> publications, HistoryResult history) {
        if (connection.writer().codec().carriesAll(publications)) {
            connection.reply(id, new Result.History(publications, history.position()));
        } else {
            connection.close(Disconnect.INAPPROPRIATE_PROTOCOL, "history holds data that is not JSON");
        }
    }

    /** Returns what the subscription of the client lets it read; {@code null} for everything. */
    private static @Nullable TagsFilter filterOf(ClientConnection connection, Channel channel) {
        ChannelSubscription subscription = connection.subscriptions().in(channel.name());
        return subscription == null ? null : subscription.requiredFilter();
    }
}
