package dev.realtime.autoconfigure.token;

import java.time.Duration;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/** Common settings of connection tokens and subscription tokens. */
sealed interface TokenProperties permits RealtimeTokenProperties, RealtimeSubscriptionTokenProperties {

    /** Returns the prefix of the properties with the dot at its end. */
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

    /** Returns whether any key is configured. */
    default boolean hasKeys() {
        return StringUtils.hasText(hmacSecretKey())
                || StringUtils.hasText(rsaPublicKey())
                || StringUtils.hasText(ecdsaPublicKey())
                || StringUtils.hasText(jwksPublicEndpoint());
    }

    /** Returns whether an issuer or audience is required. */
    default boolean restrictsIssuerOrAudience() {
        return StringUtils.hasText(issuer())
                || StringUtils.hasText(issuerRegex())
                || StringUtils.hasText(audience())
                || StringUtils.hasText(audienceRegex());
    }

    /** Returns whether a setting is configured that only has an effect with keys. */
    default boolean hasRules() {
        return restrictsIssuerOrAudience()
                || requireExpiration()
                || !leeway().isZero()
                || StringUtils.hasText(hmacPreviousSecretKey())
                || StringUtils.hasText(jwksSslBundle());
    }
}
