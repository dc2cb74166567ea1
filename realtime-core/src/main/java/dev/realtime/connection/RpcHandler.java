package dev.realtime.connection;

import dev.realtime.auth.ClientIdentity;
import dev.realtime.protocol.Payload;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Methods of the application that clients call. Rules for threads and time limits as for an authenticator. */
@FunctionalInterface
public interface RpcHandler {

    /**
     * Result of a method; empty for one without data. A {@link dev.realtime.auth.Refused} error says how it was
     * refused.
     */
    Mono<Payload> call(ClientIdentity client, String method, @Nullable Payload data);
}
