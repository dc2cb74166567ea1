package dev.realtime.command;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.connection.ApplicationCalls;
import dev.realtime.connection.ClientConnection;
import dev.realtime.protocol.Request;
import dev.realtime.protocol.Result;
import dev.realtime.spi.hook.MessageHandler;
import dev.realtime.spi.hook.RpcHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles {@link Request.Rpc} and {@link Request.Send} with the application's handlers, if there are any. */
final class CallCommandHandler {

    private static final Logger logger = LoggerFactory.getLogger(CallCommandHandler.class);

    private final ApplicationCalls calls;

    private final ErrorReplies errors;

    CallCommandHandler(ApplicationCalls calls, ErrorReplies errors) {
        this.calls = calls;
        this.errors = errors;
    }

    void handle(ClientConnection connection, long id, Request.Rpc request) {
        RpcHandler handler = calls.callbacks().rpcHandler();
        if (handler == null) {
            connection.fail(id, ClientError.NOT_AVAILABLE);
            return;
        }
        var result = calls.call(
                handler, () -> handler.call(connection.profile().identity(), request.method(), request.data()));
        connection.commands().await(result, (data, error) -> {
            if (error != null) {
                errors.reply(connection, id, "rpc", error);
            } else if (!connection.writer().codec().carries(data)) {
                connection.close(Disconnect.INAPPROPRIATE_PROTOCOL, "a method returned data that is not JSON");
            } else {
                connection.reply(id, new Result.Rpc(data));
            }
        });
    }

    /** A message has no reply, so a client that sends one in vain is disconnected. */
    void handle(ClientConnection connection, Request.Send request) {
        MessageHandler handler = calls.callbacks().messageHandler();
        if (handler == null) {
            connection.close(Disconnect.NOT_AVAILABLE, "it sent a message and there is no handler for messages");
            return;
        }
        var handled =
                calls.call(handler, () -> handler.handle(connection.profile().identity(), request.data()));
        connection.commands().await(handled, (nothing, error) -> {
            if (error != null && !ErrorReplies.closes(connection, error)) {
                errors.report(
                        logger,
                        connection,
                        error,
                        "A message of client {} was not handled: {}",
                        connection.profile().clientId(),
                        error.toString());
            }
        });
    }
}
