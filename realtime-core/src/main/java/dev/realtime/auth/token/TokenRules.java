package dev.realtime.auth.token;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rules for the claims of a genuine token.
 *
 * @param issuer {@code iss} must match
 * @param audience one of {@code aud} must match
 * @param userIdClaim claim that holds the user id, usually {@code sub}
 * @param requireExpiration whether a token must have {@code exp}
 * @param maxLength length of the longest token in characters
 * @param leeway time by which the clock of the issuer may differ from ours, zero or more: tokens are accepted so much
 *     before {@code nbf} and after {@code exp}
 * @param identityOnly whether a token has only the user and the validity ({@code sub}, {@code iss}, {@code aud},
 *     {@code exp}, {@code nbf}), and the claims of this server, such as {@code channels}, {@code info} and
 *     {@code meta}, are ignored
 */
public record TokenRules(
        Match issuer,
        Match audience,
        String userIdClaim,
        boolean requireExpiration,
        int maxLength,
        Duration leeway,
        boolean identityOnly) {

    /** Claim of the user id by default. */
    public static final String SUBJECT = "sub";

    /** Length of the longest token by default, in characters. */
    public static final int MAX_LENGTH = 16_384;

    /** Any issuer and audience, the user id in {@code sub}, tokens without end, no leeway, all claims. */
    public static final TokenRules DEFAULTS =
            new TokenRules(Match.ANY, Match.ANY, SUBJECT, false, MAX_LENGTH, Duration.ZERO, false);

    public TokenRules {
        if (leeway.isNegative()) {
            throw new IllegalArgumentException("The leeway of tokens must not be negative, but is " + leeway + ".");
        }
    }

    /**
     * Expected value of a claim. One of the two is {@code null}, or both.
     *
     * @param value that the claim must have; {@code null} for any
     * @param pattern that must be found in the claim; {@code null} for any
     */
    public record Match(@Nullable String value, @Nullable Pattern pattern) {

        /** Any value, also none. */
        public static final Match ANY = new Match(null, null);

        /**
         * Returns the match of one value.
         *
         * @param value that the claim must have
         */
        public static Match of(String value) {
            return new Match(value, null);
        }

        boolean accepts(List<String> values) {
            return (value == null || values.contains(value))
                    && (pattern == null
                            || values.stream()
                                    .anyMatch(each -> pattern.matcher(each).find()));
        }
    }

    /** Returns the same rules for tokens of this issuer. */
    public TokenRules withIssuer(Match issuer) {
        return new TokenRules(issuer, audience, userIdClaim, requireExpiration, maxLength, leeway, identityOnly);
    }

    /** Returns the same rules for tokens of this audience. */
    public TokenRules withAudience(Match audience) {
        return new TokenRules(issuer, audience, userIdClaim, requireExpiration, maxLength, leeway, identityOnly);
    }

    /** Returns the same rules with the user id in another claim. */
    public TokenRules withUserIdClaim(String userIdClaim) {
        return new TokenRules(issuer, audience, userIdClaim, requireExpiration, maxLength, leeway, identityOnly);
    }

    /** Returns the same rules with {@code exp} required. */
    public TokenRules requiringExpiration() {
        return new TokenRules(issuer, audience, userIdClaim, true, maxLength, leeway, identityOnly);
    }

    /** Returns the same rules with another leeway. */
    public TokenRules withLeeway(Duration leeway) {
        return new TokenRules(issuer, audience, userIdClaim, requireExpiration, maxLength, leeway, identityOnly);
    }

    /** Returns the same rules for tokens that only identify the user. */
    public TokenRules withIdentityOnly() {
        return new TokenRules(issuer, audience, userIdClaim, requireExpiration, maxLength, leeway, true);
    }

    /** @throws InvalidTokenException if issuer or audience are others */
    void check(TokenClaims claims) {
        if (!issuer.accepts(List.of(claims.issuer()))) {
            throw new InvalidTokenException("is of another issuer");
        }
        if (!audience.accepts(claims.audience())) {
            throw new InvalidTokenException("is for another audience");
        }
    }
}
