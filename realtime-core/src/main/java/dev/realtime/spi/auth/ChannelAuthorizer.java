package dev.realtime.spi.auth;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.data.Payload;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Opens channels that the options of their namespace leave closed. Each method may grant; empty leaves the decision to
 * the namespace. Called on the connection's event loop: must not block it. A {@link ClientRefusedException} denies and
 * says how. Any other failure, or a missed time limit, is no decision: the client gets error 100, which is temporary,
 * and tries again. Questions of a client that left are cancelled. Methods left as they are grant nothing.
 */
public interface ChannelAuthorizer {

    /**
     * Returns whether a client may subscribe. Not asked for user-limited channels, nor for private ones without a
     * token.
     *
     * @param client identity of the client
     * @param channel channel with its options
     * @param data data that the client sent
     * @return the permission; a {@link ClientRefusedException} error denies, empty leaves the decision to the namespace
     */
    default Mono<SubscriptionGrant> authorizeSubscribe(ClientIdentity client, Channel channel, @Nullable Payload data) {
        return Mono.empty();
    }

    /**
     * Returns whether a client may publish: true grants, false denies, empty leaves it to the namespace.
     *
     * @param client identity of the client
     * @param channel channel with its options
     * @param data data that the client sent
     * @return whether it may; empty leaves the decision to the namespace
     */
    default Mono<Boolean> authorizePublish(ClientIdentity client, Channel channel, Payload data) {
        return Mono.empty();
    }

    /**
     * Returns whether a client may read presence: true grants, false denies, empty leaves it to the namespace.
     *
     * @param client identity of the client
     * @param channel channel with its options
     * @return whether it may; empty leaves the decision to the namespace
     */
    default Mono<Boolean> authorizePresence(ClientIdentity client, Channel channel) {
        return Mono.empty();
    }

    /**
     * Returns whether a client may read history: true grants, false denies, empty leaves it to the namespace.
     *
     * @param client identity of the client
     * @param channel channel with its options
     * @return whether it may; empty leaves the decision to the namespace
     */
    default Mono<Boolean> authorizeHistory(ClientIdentity client, Channel channel) {
        return Mono.empty();
    }
}
