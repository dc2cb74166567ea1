package dev.realtime.autoconfigure;

import dev.realtime.auth.token.HmacRotation;
import dev.realtime.auth.token.JwksKeys;
import dev.realtime.auth.token.KeySource;
import dev.realtime.auth.token.PemKey;
import dev.realtime.auth.token.SignatureVerifier;
import dev.realtime.auth.token.TokenKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.StringUtils;
import reactor.core.scheduler.Schedulers;

/** Turns properties into the keys that tokens are verified with. What it refuses and warns of never shows a secret. */
final class TokenKeysMapper {

    private static final Logger logger = LoggerFactory.getLogger(TokenKeysMapper.class);

    private TokenKeysMapper() {}

    /** @throws InvalidRealtimePropertyException if a key cannot be used, or two contradict each other */
    static SignatureVerifier signatures(TokenProperties token) {
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

    private static KeySource secrets(TokenProperties token) {
        byte[] current = secret(token.prefix() + "hmac-secret-key", token.hmacSecretKey());
        if (!StringUtils.hasText(token.hmacPreviousSecretKey())) {
            return KeySource.of(List.of(TokenKey.hmac(current)));
        }
        byte[] previous = secret(token.prefix() + "hmac-previous-secret-key", token.hmacPreviousSecretKey());
        long until = token.hmacPreviousSecretKeyValidUntil();
        if (until > 0 && until < Clock.systemUTC().millis() / 1000) {
            logger.warn(
                    "`{}hmac-previous-secret-key` is not accepted any more: `{}hmac-previous-secret-key-valid-until` is in"
                            + " the past. Remove both.",
                    token.prefix(),
                    token.prefix());
        }
        return new HmacRotation(current, previous, until, Clock.systemUTC());
    }

    private static byte[] secret(String property, String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < TokenKey.RECOMMENDED_SECRET_BYTES) {
            logger.warn(
                    "`{}` has {} bytes, so it might be guessed from a token. Set it to at least {}, for instance to the output"
                            + " of `openssl rand -hex 32`.",
                    property,
                    bytes.length,
                    TokenKey.RECOMMENDED_SECRET_BYTES);
        }
        return bytes;
    }

    private static KeySource pem(String property, String pem, Function<String, TokenKey> parser) {
        try {
            return KeySource.of(List.of(parser.apply(pem)));
        } catch (IllegalArgumentException unusable) {
            throw new InvalidRealtimePropertyException(
                    property,
                    "`%s` cannot be used to verify tokens. %s".formatted(property, unusable.getMessage()),
                    "Set it to the public key in PEM, from `-----BEGIN PUBLIC KEY-----` to `-----END PUBLIC KEY-----`. In"
                            + " YAML, `|` keeps its line breaks; elsewhere they may be written as `\\n`.");
        }
    }

    private static KeySource keySet(TokenProperties token) {
        String property = token.prefix() + "jwks-public-endpoint";
        refuseOtherPublicKeys(token, property);
        URI endpoint = JwksEndpoint.check(property, token.jwksPublicEndpoint());
        if (!token.restrictsIssuerOrAudience()) {
            throw new InvalidRealtimePropertyException(
                    property,
                    ("`%1$s` is set but neither issuer nor audience of tokens is, so every token that the keys at this address"
                                    + " ever signed would be taken, those for other applications too.")
                            .formatted(property),
                    "Set `%1$sissuer` or `%1$saudience`.".formatted(token.prefix()));
        }
        return new JwksKeys(endpoint.toString(), new JwksEndpoint(endpoint), System::nanoTime, Schedulers.parallel());
    }

    private static void refuseOtherPublicKeys(TokenProperties token, String property) {
        String other = StringUtils.hasText(token.rsaPublicKey())
                ? "rsa-public-key"
                : StringUtils.hasText(token.ecdsaPublicKey()) ? "ecdsa-public-key" : "";
        if (!other.isEmpty()) {
            throw new InvalidRealtimePropertyException(
                    property,
                    "`%s` and `%s%s` are both set, and it is not said which one counts."
                            .formatted(property, token.prefix(), other),
                    "Remove one of them.");
        }
    }
}
