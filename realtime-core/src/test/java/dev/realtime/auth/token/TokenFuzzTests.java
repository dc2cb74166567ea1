package dev.realtime.auth.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens and claims that chance has changed. Each seed is a campaign of its own, the same every time. */
class TokenFuzzTests {

    private static final int ROUNDS = 5_000;

    private static final String SECRET = "a secret of more than thirty-two bytes";

    private static final String CLAIMS =
            "{'sub':'alice','exp':2000,'nbf':0.5e1,'info':{'a':[1,2.5,null,true]},'channels':['a','b'],'aud':['x'],"
                    + "'subs':{'c':{'b64data':'AAEC','override':{'presence':{'value':false}}}},'meta':'\\u00e4'}";

    private final TokenVerifier verifier = new TokenVerifier(
            SignatureVerifier.of(KeySource.of(List.of(TokenKey.hmac(SECRET.getBytes(StandardCharsets.UTF_8))))),
            TokenRules.DEFAULTS,
            Clock.fixed(Instant.ofEpochSecond(1000), ZoneOffset.UTC));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void changedTokenIsNeverTaken(long seed) {
        Random random = new Random(seed);
        String good = TokenForge.hs256(SECRET, CLAIMS);
        assertThat(refusal(good)).isNull();

        for (int round = 0; round < ROUNDS; round++) {
            String changed = changed(good, random);
            if (!changed.equals(good)) {
                assertThat(refusal(changed))
                        .as("seed %d, round %d: %s", seed, round, changed)
                        .isInstanceOf(InvalidTokenException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void changedClaimsAreReadOrRefusedAndNothingElse(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            String claims = changed(CLAIMS, random);
            Throwable refusal = refusal(TokenForge.hs256(SECRET, claims));

            if (refusal != null) {
                assertThat(refusal)
                        .as("seed %d, round %d: %s", seed, round, claims)
                        .isInstanceOfAny(InvalidTokenException.class, ExpiredTokenException.class);
            }
        }
    }

    private Throwable refusal(String token) {
        AtomicReference<Throwable> refusal = new AtomicReference<>();
        verifier.connection(token).subscribe(taken -> {}, refusal::set);
        return refusal.get();
    }

    /** One to three characters replaced, removed, doubled or put in. */
    private static String changed(String text, Random random) {
        StringBuilder changed = new StringBuilder(text);
        for (int times = 1 + random.nextInt(3); times > 0 && changed.length() > 1; times--) {
            int at = random.nextInt(changed.length());
            char other = text.charAt(random.nextInt(text.length()));
            switch (random.nextInt(5)) {
                case 0 -> changed.setCharAt(at, other);
                case 1 -> changed.deleteCharAt(at);
                case 2 -> changed.insert(at, changed.charAt(at));
                case 3 -> changed.insert(at, other);
                default -> changed.setCharAt(at, (char) (' ' + random.nextInt(95)));
            }
        }
        return changed.toString();
    }
}
