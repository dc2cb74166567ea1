package dev.realtime.connection;

import dev.realtime.protocol.Disconnect;
import dev.realtime.protocol.Request;
import dev.realtime.protocol.Result;
import dev.realtime.protocol.Unsubscribe;

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
