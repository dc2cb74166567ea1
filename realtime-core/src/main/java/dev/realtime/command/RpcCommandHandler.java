package dev.realtime.command;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.connection.ClientConnection;
import dev.realtime.connection.ConnectionContext;
import dev.realtime.protocol.Request;
import dev.realtime.protocol.Result;
import dev.realtime.spi.hook.RpcHandler;

/** Handles {@link Request.Rpc} with what the application's handler says; without one, calls are not available. */
final class RpcCommandHandler {

    private final ConnectionContext context;

    RpcCommandHandler(ConnectionContext context) {
        this.context = context;
    }

    void handle(ClientConnection connection, long id, Request.Rpc request) {
        RpcHandler handler = context.rpcHandler();
        if (handler == null) {
            connection.fail(id, ClientError.NOT_AVAILABLE);
            return;
        }
        var result = context.ask(handler, () -> handler.call(connection.identity(), request.method(), request.data()));
        connection.commands().await(result, (data, error) -> {
            if (error != null) {
                Refusals.answer(connection, id, "rpc", error);
            } else if (!connection.codec().carries(data)) {
                connection.close(Disconnect.INAPPROPRIATE_PROTOCOL, "a method returned data that is not JSON");
            } else {
                connection.reply(id, new Result.Rpc(data));
            }
        });
    }
}
