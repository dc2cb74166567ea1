package dev.realtime.httpapi.command;

import static dev.realtime.httpapi.field.ApiField.METHOD;
import static dev.realtime.httpapi.field.ApiField.PARAMS;

import dev.realtime.api.RealtimeException;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.data.Payload;
import dev.realtime.connection.CallbackDeadline;
import dev.realtime.httpapi.field.PayloadField;
import dev.realtime.json.JsonInput;
import dev.realtime.json.JsonOutput;
import dev.realtime.json.MalformedJsonException;
import dev.realtime.protocol.json.JsonPayloads;
import dev.realtime.spi.hook.RpcHandler;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Command that calls an RPC method of the application, the same as for clients, without an identity. */
record RpcCommand(String method, @Nullable Payload params) implements ApiCommand {

    private static final ClientIdentity ANONYMOUS = new ClientIdentity("", "", null);

    static ApiCommand read(JsonInput json) throws MalformedJsonException {
        String method = "";
        Payload params = null;
        while (json.nextField()) {
            if (json.nameIs(METHOD)) {
                method = json.string(METHOD);
            } else if (json.nameIs(PARAMS)) {
                params = JsonPayloads.read(json);
            } else {
                json.skipValue();
            }
        }
        return new RpcCommand(method, params);
    }

    @Override
    public Mono<ApiResult> run(ApiContext context) {
        if (method.isEmpty()) {
            throw new RealtimeException(ClientError.BAD_REQUEST, "The command does not name a method.");
        }
        RpcHandler handler = context.rpcHandler().get();
        if (handler == null) {
            throw new RealtimeException(
                    ClientError.METHOD_NOT_FOUND,
                    "Unknown method '" + method
                            + "': the application has no methods. Mark one with @OnRpc, or define an RpcHandler bean.");
        }
        return CallbackDeadline.limit(
                        handler.call(ANONYMOUS, method, params), context.handlerTimeout(), Schedulers.parallel())
                .map(RpcCommand::result)
                .defaultIfEmpty(ApiResult.EMPTY);
    }

    private static ApiResult result(Payload data) {
        return out -> {
            JsonOutput.open(out);
            PayloadField.DATA.write(out, data);
            JsonOutput.close(out);
        };
    }
}
