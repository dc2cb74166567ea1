package dev.realtime.autoconfigure.token;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of connection tokens, and of subscription tokens unless those have their own. Names are those of Centrifugo.
 *
 * @param hmacSecretKey Secret that tokens are signed with by HS256, HS384 or HS512, or the location of a file that
 *     holds it. At least 32 bytes are recommended.
 * @param hmacPreviousSecretKey Secret that is accepted beside the secret key while one takes the place of the other, or
 *     the location of a file that holds it.
 * @param hmacPreviousSecretKeyValidUntil Unix time in seconds until which the previous secret is accepted. Zero for no
 *     end.
 * @param rsaPublicKey RSA public key in PEM or the location of a file that holds it, for RS256, RS384 and RS512. Needs
 *     2048 bits or more.
 * @param ecdsaPublicKey EC public key in PEM or the location of a file that holds it, for ES256, ES384 or ES512, as its
 *     curve says.
 * @param jwksPublicEndpoint Address of a JSON Web Key Set with the public keys, for RSA, EC and Ed25519, or the
 *     location of a file that holds one. Needs a rule for issuer or audience.
 * @param jwksSslBundle Name of the SSL bundle ('spring.ssl.bundle.*') that the server of the key set is trusted by.
 *     That of 'spring.http.clients.ssl.bundle' if not set.
 * @param audience Value that must be among the audiences of a token ('aud').
 * @param audienceRegex Regular expression that must be found in an audience of a token, in place of 'audience'.
 * @param issuer Issuer that a token must be of ('iss').
 * @param issuerRegex Regular expression that must be found in the issuer of a token, in place of 'issuer'.
 * @param userIdClaim Claim that holds the user id, as text or a whole number. 'sub' if not set.
 * @param requireExpiration Whether tokens without 'exp' are refused.
 * @param leeway Time by which the clock of the issuer of tokens may differ from ours. Tokens are accepted so much
 *     before 'nbf' and after 'exp'.
 * @param maxSize Size of the largest token.
 * @param allowDecoderClaims Whether claims that open channels or describe the client ('channels', 'subs', 'channel',
 *     'info', 'meta' and others) count in tokens that the application's JWT decoder verifies. They always do with keys.
 */
@ConfigurationProperties("realtime.client.token")
public record RealtimeTokenProperties(
        @DefaultValue("") String hmacSecretKey,
        @DefaultValue("") String hmacPreviousSecretKey,
        @DefaultValue("0") long hmacPreviousSecretKeyValidUntil,
        @DefaultValue("") String rsaPublicKey,
        @DefaultValue("") String ecdsaPublicKey,
        @DefaultValue("") String jwksPublicEndpoint,
        @DefaultValue("") String jwksSslBundle,
        @DefaultValue("") String audience,
        @DefaultValue("") String audienceRegex,
        @DefaultValue("") String issuer,
        @DefaultValue("") String issuerRegex,
        @DefaultValue("") String userIdClaim,
        @DefaultValue("false") boolean requireExpiration,
        @DefaultValue("0s") Duration leeway,
        @DefaultValue("16KB") DataSize maxSize,
        @DefaultValue("false") boolean allowDecoderClaims)
        implements TokenProperties {

    @Override
    public String prefix() {
        return "realtime.client.token.";
    }

    @Override
    public boolean hasRules() {
        return allowDecoderClaims || TokenProperties.super.hasRules();
    }

    /** Leaves the secrets out. */
    @Override
    public String toString() {
        return "RealtimeTokenProperties[hasKeys=%s, issuer=%s, audience=%s]".formatted(hasKeys(), issuer, audience);
    }
}
