package dev.realtime.command;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.data.Payload;
import dev.realtime.spi.hook.RpcHandler;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Built-in method with an empty result, by which clients measure the time to the server and back. */
public final class PingMethod implements RpcHandler {

    private final String name;

    private final @Nullable RpcHandler others;

    /**
     * @param name of the method, which no other has a chance to handle
     * @param others handler of all other methods; {@code null} if there are none
     */
    public PingMethod(String name, @Nullable RpcHandler others) {
        this.name = name;
        this.others = others;
    }

    @Override
    public Mono<Payload> call(ClientIdentity client, String method, @Nullable Payload data) {
        if (method.equals(name)) {
            return Mono.empty();
        }
        return others != null
                ? others.call(client, method, data)
                : Mono.error(ClientRefusedException.with(ClientError.METHOD_NOT_FOUND, "there is no such method"));
    }
}
