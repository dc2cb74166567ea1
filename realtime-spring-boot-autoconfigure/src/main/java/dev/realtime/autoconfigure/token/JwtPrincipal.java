package dev.realtime.autoconfigure.token;

import java.security.Principal;
import org.springframework.security.oauth2.jwt.Jwt;
import reactor.core.publisher.Mono;

/** Principal of the user of a decoded token. */
@FunctionalInterface
interface JwtPrincipal {

    /** No principal beyond the claims. */
    JwtPrincipal NONE = jwt -> Mono.empty();

    /** Returns the user with its authorities, or empty for no principal beyond the claims. */
    Mono<Principal> of(Jwt jwt);
}
