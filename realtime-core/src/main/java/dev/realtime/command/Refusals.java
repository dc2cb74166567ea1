package dev.realtime.command;

import dev.realtime.api.RealtimeException;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.ResultTooLongException;
import dev.realtime.connection.ClientConnection;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replies to commands that failed. */
public final class Refusals {

    private static final Logger logger = LoggerFactory.getLogger(Refusals.class);

    private Refusals() {}

    /**
     * Replies to a command that failed: with the error it carries, or with the internal error and a line in the log.
     */
    static void answer(ClientConnection connection, long id, String command, Throwable error) {
        if (error instanceof ClientRefusedException refused && refused.disconnect() != null) {
            connection.close(refused.disconnect(), String.valueOf(refused.getMessage()));
        } else {
            connection.fail(id, errorOf(connection, command, error));
        }
    }

    /** The error a failure means for the client. */
    static ClientError errorOf(ClientConnection connection, String command, Throwable error) {
        if (error instanceof RealtimeException refused) {
            return refused.error();
        }
        if (error instanceof ClientRefusedException refused && refused.error() != null) {
            logger.debug(
                    "Command {} of client {} of user '{}' is rejected with {}: {}",
                    command,
                    connection.clientId(),
                    connection.userId(),
                    refused.error(),
                    refused.getMessage());
            return refused.error();
        }
        if (error instanceof ResultTooLongException) {
            connection
                    .context()
                    .log()
                    .warn(
                            logger,
                            "Command {} of client {} of user '{}' is rejected with {}: {}",
                            command,
                            connection.clientId(),
                            connection.userId(),
                            ClientError.LIMIT_EXCEEDED,
                            error.getMessage());
            return ClientError.LIMIT_EXCEEDED;
        }
        if (error instanceof Error) {
            Boundary.caught(Place.QUESTION, connection, error);
            return ClientError.INTERNAL;
        }
        connection
                .context()
                .log()
                .warn(
                        logger,
                        "Command {} of client {} of user '{}' failed; the client may retry: {}",
                        command,
                        connection.clientId(),
                        connection.userId(),
                        error.toString());
        return ClientError.INTERNAL;
    }
}
