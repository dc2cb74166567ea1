package dev.realtime.command;

import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.connection.ChannelSubscription;
import dev.realtime.connection.ClientConnection;
import dev.realtime.protocol.Request;
import dev.realtime.protocol.Result;

/** Handles {@link Request.Unsubscribe}: always with success, also when there was no subscription. */
final class UnsubscribeCommandHandler {

    void handle(ClientConnection connection, long id, Request.Unsubscribe request) {
        if (request.channel().isEmpty()) {
            connection.close(Disconnect.BAD_REQUEST, "an unsubscribe named no channel");
            return;
        }
        ChannelSubscription subscription = connection.subscriptions().get(request.channel());
        if (subscription != null) {
            connection.discard(subscription, Unsubscribe.CLIENT);
        }
        connection.reply(id, new Result.Unsubscribe());
    }
}
