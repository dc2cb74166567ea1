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
     * Who a client is that connects with a token. Asked where there is no {@link Authenticator}, which otherwise
     * decides about tokens too. As it is, every token is refused with disconnect 3500.
     */
    default Mono<Authentication> connect(ConnectContext context) {
        return Mono.error(ClientRefusedException.with(
                Disconnect.INVALID_TOKEN, "it gave a token and nothing is configured to verify tokens"));
    }

    /** New authentication for a connection; a {@link ClientRefusedException} says how it ends otherwise. */
    Mono<Authentication> refresh(ClientIdentity client, String token);

    /** Permission a subscription token gives for a channel. */
    Mono<SubscriptionGrant> subscription(ClientIdentity client, String channel, String token);
}
