package dev.realtime.auth.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Which keys of a key set are used, and for which tokens. */
class TokenKeySetTests {

    private static RSAKey.Builder rsa(String id) {
        return new RSAKey.Builder((RSAPublicKey) TestKeys.RSA.getPublic()).keyID(id);
    }

    private static String set(JWK... keys) {
        return Arrays.stream(keys).map(JWK::toJSONString).collect(Collectors.joining(",", "{\"keys\":[", "]}"));
    }

    @Test
    void keysOfEachKindVerifyTheirTokens() {
        byte[] encoded = TestKeys.ED25519.getPublic().getEncoded();
        byte[] x = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        TokenKeySet keys = TokenKeySet.parse(set(
                rsa("rsa").build(),
                new ECKey.Builder(Curve.P_256, (ECPublicKey) TestKeys.P256.getPublic())
                        .keyID("ec")
                        .build(),
                new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x))
                        .keyID("ed")
                        .build()));
        KeySource source = (algorithm, keyId) -> Mono.just(keys.find(algorithm, keyId));

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
                                SignatureVerifier.of(source).verify(token).block())
                        .isNotNull());
    }

    @Test
    void keysForSomethingElseSecretsAndBrokenOnesAreLeftOut() {
        String others =
                "{\"kty\":\"oct\",\"k\":\"c2VjcmV0\",\"kid\":\"a\"},{\"kty\":\"new\",\"kid\":\"b\"},{\"kty\":\"RSA\"},"
                        + new RSAKey.Builder((RSAPublicKey) TestKeys.rsa(1024).getPublic())
                                .keyID("c")
                                .build()
                        + "," + rsa("d").keyUse(KeyUse.ENCRYPTION).build();
        TokenKeySet keys =
                TokenKeySet.parse("{\"keys\":[" + others + "," + rsa("good").build() + "]}");

        assertThat(keys.size()).isOne();
        assertThat(keys.keySet().getKeys()).hasSize(1);
        assertThat(keys.find("RS256", "good")).hasSize(1);
        assertThat(keys.find("RS256", "")).hasSize(1);
        assertThat(keys.find("HS256", "a")).isEmpty();
        assertThat(keys.find("HS256", "")).isEmpty();
    }

    @Test
    void keyWithAnAlgorithmIsForThatOneAlone() {
        TokenKeySet keys =
                TokenKeySet.parse(set(rsa("one").algorithm(JWSAlgorithm.RS512).build()));

        assertThat(keys.find("RS512", "one")).hasSize(1);
        assertThat(keys.find("RS256", "one")).isEmpty();
    }

    @Test
    void numberOfKeysTriedForATokenIsBounded() {
        TokenKeySet keys = TokenKeySet.parse(set(
                IntStream.range(0, 200).mapToObj(id -> rsa("key" + id).build()).toArray(JWK[]::new)));

        assertThat(keys.size()).isEqualTo(100);
        assertThat(keys.find("RS256", "")).hasSize(10);
    }

    @Test
    void documentThatIsNoKeySetIsRefused() {
        for (String text : List.of("", "[]", "{}", "{\"keys\":1}", "<html>", "{\"keys\":[1]}")) {
            assertThatIllegalArgumentException().as(text).isThrownBy(() -> TokenKeySet.parse(text));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenKeySet.parse("{\"keys\":[]" + " ".repeat(TokenKeySet.MAX_DOCUMENT_BYTES) + "}"));
    }
}
