package dev.realtime.spi.auth;

import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.ConnectContext;
import reactor.core.publisher.Mono;

/**
 * Determines the identity of a connecting client. The application's bean of this type replaces the built-in one, which
 * takes the
 * principal of the HTTP request, or an anonymous user if anonymous connections are allowed.
 *
 * <p>Called once per connection, on its event loop: must not block it. A {@code Mono} that is empty, fails or outlives
 * the configured time limit refuses the connection; a {@link ClientRefusedException} says how, anything else is an
 * internal error.
 */
@FunctionalInterface
public interface Authenticator {

    /**
     * Determines the identity of a client.
     *
     * @param context the connect command and the HTTP request behind it
     * @return the identity; empty to refuse the client as one without credentials (disconnect 3501, as Centrifugo does)
     */
    Mono<Authentication> authenticate(ConnectContext context);
}
