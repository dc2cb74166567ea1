package dev.realtime.auth.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Tokens that are not verified again, and those that are. */
class VerifiedTokensTests {

    private static final String CLAIMS = "{'sub':'alice'}";

    private final AtomicInteger verifications = new AtomicInteger();

    private final TokenKey key = counted(verifications);

    /** A key that counts how often a verification reads it. */
    private static TokenKey counted(AtomicInteger verifications) {
        RSAPublicKey key = (RSAPublicKey) TestKeys.RSA.getPublic();
        return TokenKey.rsa(new RSAPublicKey() {
            @Override
            public BigInteger getPublicExponent() {
                return key.getPublicExponent();
            }

            @Override
            public BigInteger getModulus() {
                verifications.incrementAndGet();
                return key.getModulus();
            }

            @Override
            public String getAlgorithm() {
                return key.getAlgorithm();
            }

            @Override
            public String getFormat() {
                return key.getFormat();
            }

            @Override
            public byte[] getEncoded() {
                return key.getEncoded();
            }
        });
    }

    private static CompactToken token(String claims) {
        return CompactToken.parse(signed(claims), 10_000);
    }

    private static String signed(String claims) {
        return TokenForge.signed("{'alg':'RS256'}", claims, "SHA256withRSA", TestKeys.RSA.getPrivate());
    }

    private boolean verifiesAnew(VerifiedTokens tokens, List<TokenKey> keys, CompactToken token) {
        int before = verifications.get();
        assertThat(tokens.verifies(keys, token)).isTrue();
        return verifications.get() > before;
    }

    @Test
    void tokenIsVerifiedOnceWithTheSameKey() {
        VerifiedTokens tokens = new VerifiedTokens();

        assertThat(verifiesAnew(tokens, List.of(key), token(CLAIMS))).isTrue();
        assertThat(verifiesAnew(tokens, List.of(key), token(CLAIMS))).isFalse();
        assertThat(verifiesAnew(tokens, List.of(key), token("{'sub':'bob'}"))).isTrue();
    }

    @Test
    void tokenIsNotBelievedWithoutTheKeyThatVerifiedIt() {
        VerifiedTokens tokens = new VerifiedTokens();
        tokens.verifies(List.of(key), token(CLAIMS));
        TokenKey other = TokenKey.rsa((RSAPublicKey) TestKeys.OTHER_RSA.getPublic());

        assertThat(tokens.verifies(List.of(), token(CLAIMS))).isFalse();
        assertThat(tokens.verifies(List.of(other), token(CLAIMS))).isFalse();
        AtomicInteger again = new AtomicInteger();
        assertThat(tokens.verifies(List.of(counted(again)), token(CLAIMS))).isTrue();
        assertThat(again.get()).isPositive();
    }

    @Test
    void tokenThatDiffersInItsSignatureOnlyIsNotBelieved() {
        VerifiedTokens tokens = new VerifiedTokens();
        String good = signed(CLAIMS);
        tokens.verifies(List.of(key), CompactToken.parse(good, 10_000));
        int signature = good.lastIndexOf('.') + 10;
        char changed = good.charAt(signature) == 'A' ? 'B' : 'A';
        String forged = good.substring(0, signature) + changed + good.substring(signature + 1);

        assertThat(tokens.verifies(List.of(key), CompactToken.parse(forged, 10_000)))
                .isFalse();
        assertThat(tokens.size()).isOne();
    }

    @Test
    void neitherFailedTokensNorThoseOfASecretAreRemembered() {
        VerifiedTokens tokens = new VerifiedTokens();
        String forged = TokenForge.signed("{'alg':'RS256'}", CLAIMS, "SHA256withRSA", TestKeys.OTHER_RSA.getPrivate());
        String secret = TokenForge.hs256("a secret that is long enough for it", CLAIMS);

        assertThat(tokens.verifies(List.of(key), CompactToken.parse(forged, 10_000)))
                .isFalse();
        assertThat(tokens.verifies(
                        List.of(TokenKey.hmac("a secret that is long enough for it".getBytes())),
                        CompactToken.parse(secret, 10_000)))
                .isTrue();
        assertThat(tokens.size()).isZero();
    }

    @Test
    void onlyTheLatestTokensAreRemembered() {
        VerifiedTokens tokens = new VerifiedTokens(2);
        for (int i = 0; i < 5; i++) {
            tokens.verifies(List.of(key), token("{'sub':'" + i + "'}"));
        }

        assertThat(tokens.size()).isEqualTo(3);
        assertThat(verifiesAnew(tokens, List.of(key), token("{'sub':'4'}"))).isFalse();
        assertThat(verifiesAnew(tokens, List.of(key), token("{'sub':'0'}"))).isTrue();
    }

    @Test
    void timesAreComparedEachTime() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.ofEpochSecond(1_000));
        InstantSource source = now::get;
        Clock clock = source.withZone(ZoneOffset.UTC);
        TokenVerifier verifier =
                new TokenVerifier(SignatureVerifier.of(KeySource.of(List.of(key))), TokenRules.DEFAULTS, clock);
        String expiring = signed("{'sub':'alice','exp':1010}");

        assertThat(verifier.connection(expiring).block()).isNotNull();
        now.set(Instant.ofEpochSecond(1_010));
        assertThat(verifier.connection(expiring)
                        .map(verified -> "accepted")
                        .onErrorResume(ExpiredTokenException.class, expired -> Mono.just("expired"))
                        .block())
                .isEqualTo("expired");
    }
}
