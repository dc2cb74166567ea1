package dev.realtime.auth.token;

import java.security.Principal;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Verifies tokens of one kind: splits them, has their signature verified, and only then reads their claims,
 * in this order: the form of the claims, issuer and audience, the demand for an end, whether it is a token of this
 * kind, its times. Times are compared with the leeway of the rules. Safe for any number of threads.
 *
 * <p>Fails with a {@link TokenException}, or with the error that kept the signature from being checked.
 */
public final class TokenVerifier {

    private static final Logger logger = LoggerFactory.getLogger(TokenVerifier.class);

    private final SignatureVerifier signatures;

    private final TokenRules rules;

    private final Clock clock;

    /** Whether the warning about tokens without an expiry was logged. */
    private final AtomicBoolean endlessSeen = new AtomicBoolean();

    public TokenVerifier(SignatureVerifier signatures, TokenRules rules, Clock clock) {
        this.signatures = signatures;
        this.rules = rules;
        this.clock = clock;
    }

    /** A token that may be believed. */
    public record Verified(
            TokenClaims claims, Duration leeway, @Nullable Principal principal) {

        /**
         * Returns the Unix time in seconds at which the permission of the token ends; 0 for never. The leeway counts
         * for {@code exp}, so that a token accepted after it does not open something that has ended already; it does
         * not for {@code expire_at}, which is a time of this server.
         */
        long endSeconds() {
            Long expireAt = claims.expireAt();
            if (expireAt != null) {
                return Math.max(0, expireAt);
            }
            Long expiresAt = claims.expiresAt();
            return expiresAt == null
                    ? 0
                    : Math.max(0, expiresAt + leeway.plusMillis(999).toSeconds());
        }
    }

    /** Verifies the token of a connection. */
    public Mono<Verified> connection(String token) {
        return genuine(token).doOnNext(verified -> {
            if (!verified.claims().channel().isEmpty()) {
                throw new InvalidTokenException("is that of a subscription: it has a `channel`");
            }
            checkTimes(verified.claims());
        });
    }

    /** Verifies the token of a subscription. */
    public Mono<Verified> subscription(String token) {
        return genuine(token).doOnNext(verified -> {
            checkTimes(verified.claims());
            if (verified.claims().channel().isEmpty()) {
                throw new InvalidTokenException("is not that of a subscription: it has no `channel`");
            }
        });
    }

    private Mono<Verified> genuine(String token) {
        return Mono.defer(() -> {
            CompactToken compact = CompactToken.parse(token, rules.maxLength());
            return signatures.verify(compact).map(genuine -> {
                TokenClaims claims = ClaimsReader.read(compact.payload(), rules);
                rules.check(claims);
                checkEnd(claims);
                return new Verified(claims, rules.leeway(), genuine.principal());
            });
        });
    }

    private void checkEnd(TokenClaims claims) {
        if (claims.expiresAt() != null) {
            return;
        }
        if (rules.requireExpiration()) {
            throw new InvalidTokenException("has no `exp`");
        }
        if (endlessSeen.compareAndSet(false, true)) {
            logger.warn("A client connected with a token without `exp`, which is valid forever: anybody that obtains it"
                    + " can connect until the key is replaced. Set an expiry in tokens, and reject those without"
                    + " one with"
                    + " `realtime.client.token.require-expiration` and"
                    + " `realtime.client.subscription-token.require-expiration`. This is logged once.");
        }
    }

    private void checkTimes(TokenClaims claims) {
        long nowMillis = clock.millis();
        long leewayMillis = rules.leeway().toMillis();
        if (claims.expiresAt() != null && claims.expiresAt() * 1000 <= nowMillis - leewayMillis) {
            throw new ExpiredTokenException("is expired");
        }
        if (claims.notBefore() != null && claims.notBefore() * 1000 > nowMillis + leewayMillis) {
            throw new ExpiredTokenException("is not valid yet");
        }
    }
}
