package dev.realtime.autoconfigure.warmup;

import dev.realtime.auth.token.JwtAuthenticator;
import dev.realtime.auth.token.KeySource;
import dev.realtime.auth.token.SignatureVerifier;
import dev.realtime.auth.token.TokenKey;
import dev.realtime.auth.token.TokenRules;
import dev.realtime.auth.token.TokenSigner;
import dev.realtime.spi.auth.TokenAuthenticator;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.StringUtils;

/** Tokens of the warm-up: one that is valid, and its verifier, with a key that is thrown away afterwards. */
record Tokens(String token, TokenAuthenticator verifier) {

    private static final String HMAC = "realtime.client.token.hmac-secret-key";

    private static final int SECRET_BYTES = 32;

    /** Longer than any warm-up; a token that does not expire would be logged. */
    private static final Duration LIFE = Duration.ofDays(1);

    /** Returns tokens of the algorithm that the application uses; {@code null} if it knows no tokens. */
    static @Nullable Tokens of(ConfigurableApplicationContext context) {
        // Without creating one: beans of the application take no part.
        ListableBeanFactory beans = context.getBeanFactory();
        if (beans.getBeanNamesForType(TokenAuthenticator.class, true, false).length == 0) {
            return null;
        }
        return StringUtils.hasText(context.getEnvironment().getProperty(HMAC)) ? hmac() : rsa();
    }

    static Tokens hmac() {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return with(TokenSigner.hmac(secret), TokenKey.hmac(secret));
    }

    static Tokens rsa() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(TokenKey.MIN_RSA_BITS);
            KeyPair pair = generator.generateKeyPair();
            return with(TokenSigner.rsa((RSAPrivateKey) pair.getPrivate(), ""), TokenKey.rsa((RSAPublicKey)
                    pair.getPublic()));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("This virtual machine cannot create an RSA key.", missing);
        }
    }

    private static Tokens with(TokenSigner signer, TokenKey key) {
        Clock clock = Clock.systemUTC();
        String claims = "{\"sub\":\"warm-up\",\"exp\":%d}"
                .formatted(clock.instant().plus(LIFE).getEpochSecond());
        return new Tokens(
                signer.sign(claims.getBytes(StandardCharsets.UTF_8)),
                new JwtAuthenticator(
                        SignatureVerifier.of(KeySource.of(List.of(key))),
                        TokenRules.DEFAULTS,
                        JwtAuthenticator.Settings.DEFAULTS,
                        clock));
    }

    @Override
    public String toString() {
        return "tokens of the warm-up";
    }
}
