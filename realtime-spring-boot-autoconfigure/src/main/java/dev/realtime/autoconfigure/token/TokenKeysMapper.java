package dev.realtime.autoconfigure.token;

import dev.realtime.auth.token.HmacRotation;
import dev.realtime.auth.token.KeySource;
import dev.realtime.auth.token.PemKey;
import dev.realtime.auth.token.SignatureVerifier;
import dev.realtime.auth.token.TokenKey;
import dev.realtime.auth.token.TokenKeySet;
import dev.realtime.failure.ConfigurationProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.StringUtils;
import reactor.core.publisher.Mono;

/** Mapping of properties to the keys that verify tokens. Its failures and warnings never show a secret. */
final class TokenKeysMapper {

    private static final Logger logger = LoggerFactory.getLogger(TokenKeysMapper.class);

    private final ResourceText resources;

    private final KeyFetching fetching;

    private final Clock clock;

    /**
     * Creates a mapper.
     *
     * @param resources reads keys that are in resources
     * @param clock by which a previous secret ends
     */
    TokenKeysMapper(ResourceText resources, KeyFetching fetching, Clock clock) {
        this.resources = resources;
        this.fetching = fetching;
        this.clock = clock;
    }

    /** @throws ConfigurationProblemException if a key cannot be used, or two contradict each other */
    SignatureVerifier signatures(TokenProperties token) {
        List<KeySource> sources = new ArrayList<>();
        if (StringUtils.hasText(token.hmacSecretKey())) {
            sources.add(secrets(token));
        }
        if (StringUtils.hasText(token.rsaPublicKey())) {
            sources.add(pem(token.prefix() + "rsa-public-key", token.rsaPublicKey(), PemKey::rsa));
        }
        if (StringUtils.hasText(token.ecdsaPublicKey())) {
            sources.add(pem(token.prefix() + "ecdsa-public-key", token.ecdsaPublicKey(), PemKey::ecdsa));
        }
        if (StringUtils.hasText(token.jwksPublicEndpoint())) {
            sources.add(keySet(token));
        }
        return SignatureVerifier.of(KeySource.firstOf(sources));
    }

    private KeySource secrets(TokenProperties token) {
        byte[] current = secret(token.prefix() + "hmac-secret-key", token.hmacSecretKey());
        if (!StringUtils.hasText(token.hmacPreviousSecretKey())) {
            return KeySource.of(List.of(TokenKey.hmac(current)));
        }
        byte[] previous = secret(token.prefix() + "hmac-previous-secret-key", token.hmacPreviousSecretKey());
        long until = token.hmacPreviousSecretKeyValidUntil();
        if (until > 0 && until < clock.millis() / 1000) {
            logger.warn(
                    "`{}hmac-previous-secret-key` is not accepted any more: "
                            + "`{}hmac-previous-secret-key-valid-until` is in"
                            + " the past. Remove both.",
                    token.prefix(),
                    token.prefix());
        }
        return new HmacRotation(current, previous, until, clock);
    }

    private byte[] secret(String property, String secret) {
        byte[] bytes = resources.of(property, secret).getBytes(StandardCharsets.UTF_8);
        if (bytes.length < TokenKey.RECOMMENDED_SECRET_BYTES) {
            logger.warn(
                    "`{}` has {} bytes, so it might be guessed from a token. Set it to at least {}, "
                            + "for instance to the output"
                            + " of `openssl rand -hex 32`.",
                    property,
                    bytes.length,
                    TokenKey.RECOMMENDED_SECRET_BYTES);
        }
        return bytes;
    }

    private KeySource pem(String property, String pem, Function<String, TokenKey> parser) {
        try {
            return KeySource.of(List.of(parser.apply(resources.of(property, pem))));
        } catch (IllegalArgumentException unusable) {
            throw new ConfigurationProblemException(
                    property,
                    "`%s` cannot be used to verify tokens. %s".formatted(property, unusable.getMessage()),
                    "Set it to the public key in PEM, from `-----BEGIN PUBLIC KEY-----` to `-----END "
                            + "PUBLIC KEY-----`, or to"
                            + " the location of a file that holds it. In YAML, `|` keeps line breaks; "
                            + "elsewhere they may"
                            + " be written as `\\n`.");
        }
    }

    private KeySource keySet(TokenProperties token) {
        String property = token.prefix() + "jwks-public-endpoint";
        refuseOtherPublicKeys(token, property);
        KeySource source = ResourceText.isLocation(token.jwksPublicEndpoint())
                ? document(property, token.jwksPublicEndpoint())
                : fetching.keySet(token);
        if (!token.restrictsIssuerOrAudience()) {
            throw new ConfigurationProblemException(
                    property,
                    ("`%1$s` is set but neither issuer nor audience of tokens is, so every token that "
                                    + "the keys at this address"
                                    + " ever signed would be taken, those for other applications too.")
                            .formatted(property),
                    "Set `%1$sissuer` or `%1$saudience`.".formatted(token.prefix()));
        }
        return source;
    }

    /** Returns keys that are read once, from a document of our own. */
    private KeySource document(String property, String location) {
        TokenKeySet keys;
        try {
            keys = TokenKeySet.parse(resources.of(property, location));
        } catch (IllegalArgumentException malformed) {
            throw new ConfigurationProblemException(
                    property,
                    "`%s` is `%s`, but that document %s.".formatted(property, location, malformed.getMessage()),
                    "Write a JSON Web Key Set (RFC 7517) with public keys into it.");
        }
        if (keys.size() == 0) {
            throw new ConfigurationProblemException(
                    property,
                    "`%s` is `%s`, but that document has no key that verifies signatures by RSA, EC or Ed25519."
                            .formatted(property, location),
                    "Write the public keys into it.");
        }
        return (algorithm, keyId) -> Mono.just(keys.find(algorithm, keyId));
    }

    private static void refuseOtherPublicKeys(TokenProperties token, String property) {
        String other = StringUtils.hasText(token.rsaPublicKey())
                ? "rsa-public-key"
                : StringUtils.hasText(token.ecdsaPublicKey()) ? "ecdsa-public-key" : "";
        if (!other.isEmpty()) {
            throw new ConfigurationProblemException(
                    property,
                    "`%s` and `%s%s` are both set, and only one of them can apply."
                            .formatted(property, token.prefix(), other),
                    "Remove one of them.");
        }
    }
}
