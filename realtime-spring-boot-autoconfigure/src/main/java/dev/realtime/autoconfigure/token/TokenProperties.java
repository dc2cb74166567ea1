package dev.realtime.autoconfigure.token;

import java.time.Duration;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/** What the settings of connection and of subscription tokens have in common. */
sealed interface TokenProperties permits RealtimeTokenProperties, RealtimeSubscriptionTokenProperties {

    /** What the names of the properties begin with, the dot included. */
    String prefix();

    String hmacSecretKey();

    String hmacPreviousSecretKey();

    long hmacPreviousSecretKeyValidUntil();

    String rsaPublicKey();

    String ecdsaPublicKey();

    String jwksPublicEndpoint();

    String jwksSslBundle();

    String audience();

    String audienceRegex();

    String issuer();

    String issuerRegex();

    String userIdClaim();

    boolean requireExpiration();

    Duration leeway();

    DataSize maxSize();

    /** Whether any key is configured. */
    default boolean hasKeys() {
        return StringUtils.hasText(hmacSecretKey())
                || StringUtils.hasText(rsaPublicKey())
                || StringUtils.hasText(ecdsaPublicKey())
                || StringUtils.hasText(jwksPublicEndpoint());
    }

    /** Whether it is said whom tokens must be from or for. */
    default boolean restrictsIssuerOrAudience() {
        return StringUtils.hasText(issuer())
                || StringUtils.hasText(issuerRegex())
                || StringUtils.hasText(audience())
                || StringUtils.hasText(audienceRegex());
    }

    /** Whether anything is said that only matters with keys. */
    default boolean hasRules() {
        return restrictsIssuerOrAudience()
                || requireExpiration()
                || !leeway().isZero()
                || StringUtils.hasText(hmacPreviousSecretKey())
                || StringUtils.hasText(jwksSslBundle());
    }
}
