package dev.realtime.autoconfigure.token;

import dev.realtime.auth.token.CompactToken;
import dev.realtime.auth.token.ExpiredTokenException;
import dev.realtime.auth.token.InvalidTokenException;
import dev.realtime.auth.token.SignatureVerifier;
import java.util.function.Function;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import reactor.core.publisher.Mono;

/**
 * Has the application's decoder verify tokens. What it throws for a bad token is one; anything else it fails with, such
 * as keys it could not fetch, is a temporary error for the client.
 */
final class DecodedSignatures implements SignatureVerifier {

    private final Function<String, Mono<Jwt>> decoder;

    private final JwtPrincipal principals;

    /** @param decoder decodes a token without blocking the calling thread */
    DecodedSignatures(Function<String, Mono<Jwt>> decoder, JwtPrincipal principals) {
        this.decoder = decoder;
        this.principals = principals;
    }

    @Override
    public Mono<Genuine> verify(CompactToken token) {
        return decoder.apply(token.text())
                .switchIfEmpty(
                        Mono.error(() -> new InvalidTokenException("was not accepted by the application's decoder")))
                .onErrorMap(JwtValidationException.class, DecodedSignatures::refused)
                .onErrorMap(
                        BadJwtException.class,
                        bad -> new InvalidTokenException(
                                "was refused by the application's decoder: it is malformed, or its signature is"
                                        + " not by a known key"))
                .flatMap(this::genuine);
    }

    private Mono<Genuine> genuine(Jwt jwt) {
        return principals.of(jwt).map(Genuine::new).defaultIfEmpty(Genuine.CLAIMS_ONLY);
    }

    /** The signature was good and a rule of the decoder was not kept; for time alone the client gets another token. */
    private static RuntimeException refused(JwtValidationException refusal) {
        return refusal.getErrors().stream().allMatch(error -> isAboutTime(error.getDescription()))
                ? new ExpiredTokenException("is expired or not valid yet")
                : new InvalidTokenException("broke a rule of the application's decoder: " + refusal.getMessage());
    }

    /** Text of Spring Security's own rule about time. */
    private static boolean isAboutTime(String description) {
        return description != null
                && (description.startsWith("Jwt expired at") || description.startsWith("Jwt used before"));
    }
}
