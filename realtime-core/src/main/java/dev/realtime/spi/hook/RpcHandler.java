package dev.realtime.spi.hook;

import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.data.Payload;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Methods of the application that clients call. Rules for threads and time limits as for an authenticator. */
@FunctionalInterface
public interface RpcHandler {

    /**
     * Result of a method; empty for one without data. A {@link dev.realtime.api.client.ClientRefusedException} says how
     * it was refused.
     *
     * @param client identity of the client
     * @param method name of the method
     * @param data data that the client sent
     * @return the result; empty for none
     */
    Mono<Payload> call(ClientIdentity client, String method, @Nullable Payload data);
}
