package dev.realtime.auth.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Keys of a set that is fetched: what is in it, and when it is fetched. */
class JwksKeysTests {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

    private int fetches;

    private Mono<byte[]> answer = Mono.just(set(rsa("one")));

    private final JwksKeys keys = new JwksKeys(
            "https://keys.example.org",
            () -> {
                fetches++;
                return answer;
            },
            () -> time.now(TimeUnit.NANOSECONDS),
            time);

    private static JWK rsa(String id) {
        return new RSAKey.Builder((RSAPublicKey) TestKeys.RSA.getPublic())
                .keyID(id)
                .build();
    }

    private static byte[] set(JWK... keys) {
        return Arrays.stream(keys)
                .map(JWK::toJSONString)
                .collect(Collectors.joining(",", "{\"keys\":[", "]}"))
                .getBytes(StandardCharsets.UTF_8);
    }

    private int found(String algorithm, String id) {
        return keys.keys(algorithm, id).block(Duration.ZERO.plusSeconds(5)).size();
    }

    private void pass(Duration duration) {
        time.advanceTimeBy(duration);
    }

    // ---- What is in it

    @Test
    void keysOfEachKindVerifyTheirTokens() {
        byte[] encoded = TestKeys.ED25519.getPublic().getEncoded();
        byte[] x = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        answer = Mono.just(set(
                rsa("rsa"),
                new ECKey.Builder(Curve.P_256, (ECPublicKey) TestKeys.P256.getPublic())
                        .keyID("ec")
                        .build(),
                new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x))
                        .keyID("ed")
                        .build()));

        Stream.of(
                        TokenForge.signed(
                                "{'alg':'RS256','kid':'rsa'}", "{}", "SHA256withRSA", TestKeys.RSA.getPrivate()),
                        TokenForge.signed(
                                "{'alg':'ES256','kid':'ec'}",
                                "{}",
                                "SHA256withECDSAinP1363Format",
                                TestKeys.P256.getPrivate()),
                        TokenForge.signed("{'alg':'EdDSA','kid':'ed'}", "{}", "Ed25519", TestKeys.ED25519.getPrivate()),
                        TokenForge.signed("{'alg':'EdDSA'}", "{}", "Ed25519", TestKeys.ED25519.getPrivate()))
                .map(token -> CompactToken.parse(token, 10_000))
                .forEach(token -> assertThat(
                                SignatureVerifier.of(keys).verify(token).block())
                        .isNotNull());
        assertThat(fetches).isOne();
    }

    @Test
    void keysForSomethingElseSecretsAndBrokenOnesAreLeftOut() {
        String others =
                "{\"kty\":\"oct\",\"k\":\"c2VjcmV0\",\"kid\":\"a\"},{\"kty\":\"new\",\"kid\":\"b\"},{\"kty\":\"RSA\"},"
                        + new RSAKey.Builder((RSAPublicKey) TestKeys.rsa(1024).getPublic())
                                .keyID("c")
                                .build()
                        + ","
                        + new RSAKey.Builder((RSAPublicKey) TestKeys.RSA.getPublic())
                                .keyID("d")
                                .keyUse(KeyUse.ENCRYPTION)
                                .build();
        answer = Mono.just(("{\"keys\":[" + others + "," + rsa("good") + "]}").getBytes(StandardCharsets.UTF_8));

        assertThat(found("RS256", "good")).isOne();
        assertThat(found("RS256", "")).isOne();
        assertThat(found("HS256", "a")).isZero();
    }

    @Test
    void documentThatIsNoKeySetIsRefused() {
        for (String text : List.of("", "[]", "{}", "{\"keys\":1}", "<html>", "{\"keys\":[1]}")) {
            assertThatIllegalArgumentException()
                    .as(text)
                    .isThrownBy(() -> JwksDocument.parse(text.getBytes(StandardCharsets.UTF_8)));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JwksDocument.parse(new byte[JwksKeys.MAX_DOCUMENT_BYTES + 1]));
    }

    // ---- When it is fetched

    @Test
    void setIsFetchedWhenItIsNeededFirstAndThenKept() {
        assertThat(fetches).isZero();

        assertThat(found("RS256", "one")).isOne();
        pass(Duration.ofMinutes(14));
        assertThat(found("RS256", "one")).isOne();
        assertThat(fetches).isOne();

        pass(Duration.ofMinutes(2));
        assertThat(found("RS256", "one")).isOne();
        assertThat(fetches).isEqualTo(2);
    }

    @Test
    void algorithmsOfSecretsAndUnknownOnesCauseNoFetch() {
        for (String algorithm : List.of("HS256", "HS512", "none", "", "PS256", "http://example.org")) {
            assertThat(found(algorithm, "one")).as(algorithm).isZero();
        }
        assertThat(fetches).isZero();
    }

    @Test
    void unknownKeyIdCausesOneFetchInAWhileHoweverManyCome() {
        assertThat(found("RS256", "one")).isOne();

        for (int number = 0; number < 100; number++) {
            String id = "invented " + number;
            assertThatThrownBy(() -> found("RS256", id)).isInstanceOf(KeysUnavailableException.class);
        }
        assertThat(fetches).isOne();

        pass(JwksKeys.COOL_DOWN);
        assertThat(found("RS256", "invented")).isZero();
        assertThat(fetches).isEqualTo(2);
        assertThatThrownBy(() -> found("RS256", "invented")).isInstanceOf(KeysUnavailableException.class);
        assertThat(fetches).isEqualTo(2);
    }

    @Test
    void newKeyIsFoundAsSoonAsTheSetIsFetchedAgain() {
        assertThat(found("RS256", "one")).isOne();
        answer = Mono.just(set(rsa("one"), rsa("two")));

        assertThatThrownBy(() -> found("RS256", "two")).isInstanceOf(KeysUnavailableException.class);
        pass(JwksKeys.COOL_DOWN);

        assertThat(found("RS256", "two")).isOne();
    }

    @Test
    void allWhoNeedItWaitForOneFetch() {
        Sinks.One<byte[]> later = Sinks.one();
        answer = later.asMono();
        List<Mono<List<TokenKey>>> waiting = Stream.generate(
                        () -> keys.keys("RS256", "one").cache())
                .limit(50)
                .toList();
        waiting.forEach(Mono::subscribe);

        later.tryEmitValue(set(rsa("one")));

        assertThat(waiting).allSatisfy(one -> assertThat(one.block()).hasSize(1));
        assertThat(fetches).isOne();
    }

    @Test
    void fetchThatFailsIsTriedAgainAfterAPause() {
        answer = Mono.error(new IllegalStateException("connection refused"));

        for (int number = 0; number < 10; number++) {
            assertThatThrownBy(() -> found("RS256", "one"))
                    .isInstanceOf(KeysUnavailableException.class)
                    .hasMessageContaining("https://keys.example.org");
        }
        assertThat(fetches).isOne();

        answer = Mono.just(set(rsa("one")));
        pass(JwksKeys.RETRY_DELAY);
        assertThat(found("RS256", "one")).isOne();
        assertThat(fetches).isEqualTo(2);
    }

    @Test
    void fetchWithoutAnAnswerFails() {
        answer = Mono.never();
        Mono<List<TokenKey>> waiting = keys.keys("RS256", "one").cache();
        waiting.subscribe(nothing -> {}, error -> {});

        pass(JwksKeys.FETCH_TIMEOUT);

        assertThatThrownBy(waiting::block).isInstanceOf(KeysUnavailableException.class);
    }

    @Test
    void knownKeysServeWhileAPlaceThatHangsIsFetched() {
        assertThat(found("RS256", "one")).isOne();
        pass(JwksKeys.LIFE.plusSeconds(1));
        answer = Mono.never();

        for (int i = 0; i < 1_200; i++) {
            assertThat(keys.keys("RS256", "one").block(Duration.ofMillis(1))).hasSize(1);
            pass(Duration.ofMillis(100));
        }

        // Each takes 5 s until it has failed, and is followed by a pause of 5 s.
        assertThat(fetches - 1).isBetween(11, 13);
    }

    @Test
    void keyThatIsGoneFromTheSetVerifiesNothingOnceTheNewSetIsThere() {
        assertThat(found("RS256", "one")).isOne();
        answer = Mono.just(set(rsa("two")));
        pass(JwksKeys.LIFE.plusSeconds(1));

        found("RS256", "one");
        pass(JwksKeys.COOL_DOWN);

        assertThat(found("RS256", "one")).isZero();
        assertThat(found("RS256", "two")).isOne();
    }

    @Test
    void lastSetServesAWhileLongerWhenNoOtherCanBeFetched() {
        assertThat(found("RS256", "one")).isOne();
        answer = Mono.error(new IllegalStateException("connection refused"));

        pass(JwksKeys.LIFE.plusMinutes(1));
        assertThat(found("RS256", "one")).isOne();
        assertThat(found("RS256", "one")).as("in the pause after the failure").isOne();

        pass(JwksKeys.OUTAGE);
        assertThatThrownBy(() -> found("RS256", "one")).isInstanceOf(KeysUnavailableException.class);
    }
}
