package dev.realtime.auth.token;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a genuine token must say beside its signature.
 *
 * @param issuer {@code iss} must be this; {@code null} for any
 * @param issuerPattern is found in {@code iss}; {@code null} for any
 * @param audience is among {@code aud}; {@code null} for any
 * @param audiencePattern is found in one of {@code aud}; {@code null} for any
 * @param userIdClaim claim that holds the user id, usually {@code sub}
 * @param requireExpiration whether a token must have {@code exp}
 * @param maxLength longest token in characters
 */
public record TokenRules(
        @Nullable String issuer,
        @Nullable Pattern issuerPattern,
        @Nullable String audience,
        @Nullable Pattern audiencePattern,
        String userIdClaim,
        boolean requireExpiration,
        int maxLength) {

    /** Claim of the user id where nothing else is said. */
    public static final String SUBJECT = "sub";

    /** Longest token where nothing else is said, in characters. */
    public static final int MAX_LENGTH = 16_384;

    /** Any issuer and audience, the user id in {@code sub}, tokens without end. */
    public static final TokenRules DEFAULTS = new TokenRules(null, null, null, null, SUBJECT, false, MAX_LENGTH);

    /** The same with the demand for an end. */
    public TokenRules requiringExpiration() {
        return new TokenRules(issuer, issuerPattern, audience, audiencePattern, userIdClaim, true, maxLength);
    }

    /** @throws InvalidTokenException if issuer or audience are others */
    void check(TokenClaims claims) {
        if (issuer != null && !issuer.equals(claims.issuer())) {
            throw new InvalidTokenException("is of another issuer");
        }
        if (issuerPattern != null && !issuerPattern.matcher(claims.issuer()).find()) {
            throw new InvalidTokenException("is of an issuer that the pattern is not found in");
        }
        List<String> audiences = claims.audience();
        if (audience != null && !audiences.contains(audience)) {
            throw new InvalidTokenException("is for another audience");
        }
        if (audiencePattern != null
                && audiences.stream()
                        .noneMatch(each -> audiencePattern.matcher(each).find())) {
            throw new InvalidTokenException("is for no audience that the pattern is found in");
        }
    }
}
