package dev.realtime.spi.auth;

import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.ConnectContext;
import dev.realtime.api.client.Disconnect;
import reactor.core.publisher.Mono;

/**
 * Verifies tokens: of connecting clients, for a connection's longer life, and for subscriptions. Without a bean of this
 * type no client is asked to refresh, and tokens open nothing. Rules for threads and time limits are those of
 * {@link Authenticator}.
 */
public interface TokenAuthenticator {

    /**
     * Identity of a client that connects with a token. Used if there is no {@link Authenticator}, which otherwise
     * decides about tokens too. As it is, every token is refused with disconnect 3500.
     *
     * @param context the connect command, whose token is not empty
     * @return the identity; empty refuses the token
     */
    default Mono<Authentication> connect(ConnectContext context) {
        return Mono.error(ClientRefusedException.with(
                Disconnect.INVALID_TOKEN, "it sent a token and nothing is configured to verify tokens"));
    }

    /**
     * Verifies the token by which a connection is extended.
     *
     * @param client the client, as it was authenticated before
     * @param token the new token
     * @return the new authentication; a {@link ClientRefusedException} says how the connection ends otherwise
     */
    Mono<Authentication> refresh(ClientIdentity client, String token);

    /**
     * Verifies the token of a subscription.
     *
     * @param client the client
     * @param channel name of the channel
     * @param token the token
     * @return the permission that the token gives for the channel; a {@link ClientRefusedException} says how the
     *     command ends otherwise
     */
    Mono<SubscriptionGrant> subscription(ClientIdentity client, String channel, String token);
}
