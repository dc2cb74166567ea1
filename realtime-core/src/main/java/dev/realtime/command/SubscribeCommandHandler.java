package dev.realtime.command;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.connection.ChannelSubscription;
import dev.realtime.connection.ClientConnection;
import dev.realtime.protocol.Request;
import dev.realtime.protocol.Result;
import dev.realtime.statistics.ReachedLimit;

/** Handles {@link Request.Subscribe}, by a {@link SubscribeFlow}, and {@link Request.Unsubscribe}. */
final class SubscribeCommandHandler {

    private static final Result.Unsubscribe UNSUBSCRIBED = new Result.Unsubscribe();

    private final ChannelPermissions permissions;

    private final SubscribeFlows flows;

    private final int channelLimit;

    private final ErrorReplies errors;

    SubscribeCommandHandler(
            ChannelPermissions permissions, SubscribeFlows flows, int channelLimit, ErrorReplies errors) {
        this.permissions = permissions;
        this.flows = flows;
        this.channelLimit = channelLimit;
        this.errors = errors;
    }

    void handle(ClientConnection connection, long id, Request.Subscribe request) {
        String name = request.channel();
        if (name.isEmpty()) {
            connection.close(Disconnect.BAD_REQUEST, "a subscribe named no channel");
        } else if (!request.delta().isEmpty() && !request.delta().equals("fossil")) {
            connection.close(Disconnect.BAD_REQUEST, "a subscribe asked for an unknown delta type");
        } else if (!permissions.admitsLength(name)) {
            connection.fail(id, ClientError.BAD_REQUEST);
        } else if (connection.subscriptions().in(name) != null) {
            connection.fail(id, ClientError.ALREADY_SUBSCRIBED);
        } else if (connection.subscriptions().count() >= channelLimit) {
            errors.overLimit(connection, id, ReachedLimit.CHANNEL_LIMIT, name);
        } else {
            Channel channel = permissions.find(connection, id, name);
            if (channel != null) {
                flows.subscribe(connection, request, channel, new Replying(connection, id));
            }
        }
    }

    /** Succeeds also when there is no subscription. */
    void handle(ClientConnection connection, long id, Request.Unsubscribe request) {
        if (request.channel().isEmpty()) {
            connection.close(Disconnect.BAD_REQUEST, "an unsubscribe named no channel");
            return;
        }
        ChannelSubscription subscription = connection.subscriptions().in(request.channel());
        if (subscription != null) {
            connection.subscriptions().discard(subscription, Unsubscribe.CLIENT);
        }
        connection.reply(id, UNSUBSCRIBED);
    }

    /** Replies to the command. */
    private record Replying(ClientConnection connection, long id) implements SubscribeFlow.Ending {

        @Override
        public void opened(SubscribeFlow flow) {
            Result.Subscribe result = flow.result();
            if (!result.fits(connection.writer().codec())) {
                connection.close(Disconnect.INAPPROPRIATE_PROTOCOL, "history holds data that is not JSON");
                return;
            }
            connection.reply(id, result);
            flow.start();
        }

        @Override
        public void failed(ClientError error) {
            connection.fail(id, error);
        }
    }
}
