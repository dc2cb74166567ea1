package dev.realtime.command;

import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.ConnectionContext;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.protocol.Request;
import dev.realtime.spi.hook.MessageHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands {@link Request.Send} to the application's handler; without one the sender is disconnected, as there is no
 * reply.
 */
final class SendCommandHandler {

    private static final Logger logger = LoggerFactory.getLogger(SendCommandHandler.class);

    private final ConnectionContext context;

    SendCommandHandler(ConnectionContext context) {
        this.context = context;
    }

    void handle(ClientConnection connection, Request.Send request) {
        MessageHandler handler = context.messageHandler();
        if (handler == null) {
            connection.close(Disconnect.NOT_AVAILABLE, "it sent a message and there is no handler for messages");
            return;
        }
        var handled = context.ask(handler, () -> handler.handle(connection.identity(), request.data()));
        connection.commands().await(handled, (nothing, error) -> {
            if (error instanceof ClientRefusedException refused && refused.disconnect() != null) {
                connection.close(refused.disconnect(), String.valueOf(refused.getMessage()));
            } else if (error instanceof Error) {
                Boundary.caught(Place.QUESTION, connection, error);
            } else if (error != null) {
                context.log()
                        .warn(
                                logger,
                                "A message of client {} was not handled: {}",
                                connection.clientId(),
                                error.toString());
            }
        });
    }
}
