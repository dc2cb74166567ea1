package dev.realtime.spi.hook;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.data.Payload;
import reactor.core.publisher.Mono;

/**
 * Sees what clients publish before anyone else: may permit, change or refuse it. Called on the connection's event loop:
 * must not block it. A failure or a missed time limit denies; a
 * {@link dev.realtime.api.client.ClientRefusedException} says how.
 */
@FunctionalInterface
public interface PublishHook {

    /**
     * What is to be published, which permits it whatever the namespace says; empty leaves the decision to authorizers
     * and namespace and the data as it is.
     *
     * @param client identity of the client
     * @param channel channel of the publication
     * @param data already of the format the namespace asks for
     * @return the publication to publish; a {@link ClientRefusedException} error denies
     */
    Mono<ClientPublication> publish(ClientIdentity client, Channel channel, Payload data);
}
