package dev.realtime.autoconfigure.token;

import java.security.Principal;
import org.springframework.security.oauth2.jwt.Jwt;
import reactor.core.publisher.Mono;

/** Who the user of a decoded token is to the application. */
@FunctionalInterface
interface JwtPrincipal {

    /** Nobody beyond the claims. */
    JwtPrincipal NONE = jwt -> Mono.empty();

    /** The user with its authorities; empty for nobody beyond the claims. */
    Mono<Principal> of(Jwt jwt);
}
