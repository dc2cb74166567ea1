package dev.realtime.auth;

import reactor.core.publisher.Mono;

/**
 * Verifies tokens that come after connecting: for a connection's longer life and for subscriptions. Without a bean of this
 * type no client is asked to refresh, and subscription tokens open nothing. Rules for threads and time limits are those
 * of {@link Authenticator}.
 */
public interface TokenRefresher {

    /** New authentication for a connection; a {@link Refused} error says how it ends otherwise. */
    Mono<Authentication> refresh(ClientIdentity client, String token);

    /** Permission a subscription token gives for a channel. */
    Mono<SubscriptionGrant> subscription(ClientIdentity client, String channel, String token);
}
