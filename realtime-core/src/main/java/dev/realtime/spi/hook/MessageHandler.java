package dev.realtime.spi.hook;

import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.data.Payload;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Takes one-way messages of clients. Rules for threads and time limits as for an authenticator. */
@FunctionalInterface
public interface MessageHandler {

    /**
     * Takes a message; the next command of the client waits for the end.
     *
     * @param client identity of the client
     * @param data data that the client sent
     * @return completes when the message has been handled
     */
    Mono<Void> handle(ClientIdentity client, @Nullable Payload data);
}
