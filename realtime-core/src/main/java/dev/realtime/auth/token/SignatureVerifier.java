package dev.realtime.auth.token;

import java.security.Principal;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Decides whether a token is genuine. Must not block. */
@FunctionalInterface
public interface SignatureVerifier {

    /**
     * Verified token and its principal.
     *
     * @param principal the user as handlers of the application shall see it, with its authorities; {@code null} for one
     *     that has the name and nothing else
     */
    record Genuine(@Nullable Principal principal) {

        /** Nothing beyond the claims. */
        public static final Genuine CLAIMS_ONLY = new Genuine(null);
    }

    /**
     * Returns whether it is; {@link InvalidTokenException} if not, any other error if that cannot be determined now.
     */
    Mono<Genuine> verify(CompactToken token);

    /** Takes tokens that one of these keys signed. Those verified lately are not verified again with the same key. */
    static SignatureVerifier of(KeySource source) {
        VerifiedTokens verified = new VerifiedTokens();
        return token -> source.keys(token.algorithm(), token.keyId()).map(keys -> {
            if (!verified.verifies(keys, token)) {
                throw new InvalidTokenException(
                        keys.isEmpty()
                                ? "names an algorithm or key for which no key is configured"
                                : "has a signature that no configured key made");
            }
            return Genuine.CLAIMS_ONLY;
        });
    }

    /** Takes any token for genuine. For local work only. */
    static SignatureVerifier insecure() {
        return token -> Mono.just(Genuine.CLAIMS_ONLY);
    }
}
