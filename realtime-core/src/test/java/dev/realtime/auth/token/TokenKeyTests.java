package dev.realtime.auth.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.realtime.api.client.ConnectContext;
import dev.realtime.api.client.ProtocolType;
import dev.realtime.api.data.Payload;
import dev.realtime.protocol.Request;
import dev.realtime.spi.transport.TransportCapabilities;
import dev.realtime.spi.transport.TransportDescription;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which signatures a key accepts, and which keys are not accepted at all. */
class TokenKeyTests {

    private static CompactToken token(String text) {
        return CompactToken.parse(text, 10_000);
    }

    private static String header(String algorithm) {
        return "{'alg':'" + algorithm + "'}";
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 31, 32, 64, 65, 127, 128, 129, 500})
    void secretOfAnyLengthVerifiesEachHmac(int length) {
        byte[] secret = "s".repeat(length).getBytes(StandardCharsets.UTF_8);
        TokenKey key = TokenKey.hmac(secret);

        Map.of("HS256", "HmacSHA256", "HS384", "HmacSHA384", "HS512", "HmacSHA512")
                .forEach((name, algorithm) -> {
                    assertThat(key.verifies(token(TokenForge.hmac(header(name), "{}", algorithm, secret))))
                            .as(name)
                            .isTrue();
                    assertThat(key.verifies(token(TokenForge.hmac(header(name), "{}", algorithm, "other".getBytes()))))
                            .as(name)
                            .isFalse();
                });
    }

    @Test
    void rsaKeyVerifiesItsThreeAlgorithms() {
        TokenKey key = TokenKey.rsa((RSAPublicKey) TestKeys.RSA.getPublic());

        Map.of("RS256", "SHA256withRSA", "RS384", "SHA384withRSA", "RS512", "SHA512withRSA")
                .forEach((name, algorithm) -> assertThat(key.verifies(
                                token(TokenForge.signed(header(name), "{}", algorithm, TestKeys.RSA.getPrivate()))))
                        .as(name)
                        .isTrue());
        assertThat(key.algorithms()).containsExactlyInAnyOrder("RS256", "RS384", "RS512");
    }

    @Test
    void ecKeyVerifiesTheAlgorithmOfItsCurve() {
        Map<String, KeyPair> pairs = Map.of("256", TestKeys.P256, "384", TestKeys.P384, "512", TestKeys.P521);
        pairs.forEach((bits, pair) -> {
            TokenKey key = TokenKey.ecdsa((ECPublicKey) pair.getPublic());
            String algorithm = "SHA" + bits + "withECDSAinP1363Format";

            assertThat(key.verifies(token(TokenForge.signed(header("ES" + bits), "{}", algorithm, pair.getPrivate()))))
                    .as(bits)
                    .isTrue();
            assertThat(key.algorithms()).containsExactly("ES" + bits);
        });
    }

    @Test
    void ed25519KeyVerifiesEdDsa() {
        TokenKey key = TokenKey.ed25519(TestKeys.ED25519.getPublic());
        String good = TokenForge.signed(header("EdDSA"), "{}", "Ed25519", TestKeys.ED25519.getPrivate());

        assertThat(key.verifies(token(good))).isTrue();
        assertThat(key.verifies(token(good.replaceFirst("\\.e30\\.", ".e30K.").replace("e30K", "eyJhIjoxfQ"))))
                .isFalse();
    }

    @Test
    void keyOfASetWithAnAlgorithmIsForThatOneAlone() {
        TokenKey key = TokenKey.rsa((RSAPublicKey) TestKeys.RSA.getPublic());

        assertThat(key.only("RS512").algorithms()).containsExactly("RS512");
        assertThat(key.only("HS256").algorithms()).isEmpty();
    }

    @Test
    void weakKeysAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenKey.rsa((RSAPublicKey) TestKeys.rsa(1024).getPublic()))
                .withMessage("An RSA key must have at least 2048 bits, this one has 1024.");
        assertThatIllegalArgumentException().isThrownBy(() -> TokenKey.hmac(new byte[0]));
    }

    @Test
    void pemOfAPublicKeyOrCertificateIsReadWithAnyLineBreaks() {
        String rsa = TestKeys.pem("PUBLIC KEY", TestKeys.RSA.getPublic());
        for (String pem : List.of(rsa, rsa.replace("\n", "\r\n"), rsa.replace("\n", "\\n"), "  " + rsa + "\n\n")) {
            assertThat(PemKey.rsa(pem).algorithms()).contains("RS256");
        }
        assertThat(PemKey.ecdsa(TestKeys.pem("PUBLIC KEY", TestKeys.P384.getPublic()))
                        .algorithms())
                .containsExactly("ES384");
    }

    @Test
    void pemThatIsNoPublicKeyOfThatKindIsRefusedWithoutShowingIt() {
        for (String pem : List.of(
                "",
                "secret",
                "-----BEGIN PUBLIC KEY-----\nc2VjcmV0\n-----END PUBLIC KEY-----",
                "-----BEGIN PUBLIC KEY-----\nc2VjcmV0",
                TestKeys.pem("PUBLIC KEY", TestKeys.P256.getPublic()),
                TestKeys.pem("CERTIFICATE", TestKeys.RSA.getPublic()),
                TestKeys.pem("RSA PUBLIC KEY", TestKeys.RSA.getPublic()))) {
            assertThatIllegalArgumentException()
                    .as(pem)
                    .isThrownBy(() -> PemKey.rsa(pem))
                    .withMessageStartingWith("It")
                    .withMessageNotContaining("c2VjcmV0");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PemKey.rsa(TestKeys.pem("PRIVATE KEY", TestKeys.RSA.getPrivate())))
                .withMessage("It is a private key, which a server that verifies tokens must not have.");
    }

    @Test
    void previousSecretIsGoodUntilItsEnd() {
        byte[] current = "the current secret".getBytes();
        byte[] previous = "the previous secret".getBytes();
        Instant end = Instant.ofEpochSecond(1000);
        String old = TokenForge.hs256("the previous secret", "{}");
        String fresh = TokenForge.hs256("the current secret", "{}");

        for (int seconds : new int[] {-1, 0, 1, 100}) {
            Clock clock = Clock.fixed(end.plus(Duration.ofSeconds(seconds)), ZoneOffset.UTC);
            assertThat(verifies(new HmacRotation(current, previous, 1000, clock), old))
                    .as("%d seconds after its end", seconds)
                    .isEqualTo(seconds <= 0);
            assertThat(verifies(new HmacRotation(current, previous, 1000, clock), fresh))
                    .isTrue();
            assertThat(verifies(new HmacRotation(current, previous, 0, clock), old))
                    .as("without an end")
                    .isTrue();
        }
    }

    private static boolean verifies(KeySource source, String token) {
        return source.keys("HS256", "").block().stream().anyMatch(key -> key.verifies(token(token)));
    }

    @Test
    void nothingOfAKeyOrTokenIsShown() {
        assertThat(TokenKey.hmac("the secret".getBytes()).toString())
                .startsWith("TokenKey[")
                .doesNotContain("secret");
        assertThat(token(TokenForge.hs256("the secret", "{}"))).hasToString("CompactToken[84 characters]");
        assertThat(TokenSigner.hmac("the secret".getBytes())).hasToString("TokenSigner[HS256]");
    }

    @Test
    void nothingThatCarriesATokenShowsIt() {
        Map<String, List<String>> headers = Map.of("cookie", List.of("canary"), "authorization", List.of("canary"));
        List<Object> carriers = List.of(
                new ConnectContext(
                        "c",
                        "websocket",
                        ProtocolType.JSON,
                        null,
                        headers,
                        "/connection/websocket?token=canary",
                        "",
                        "canary",
                        Payload.ofText("\"canary\""),
                        "js",
                        "1",
                        Map.of("authorization", "canary")),
                new TransportDescription(
                        "websocket", TransportCapabilities.WEBSOCKET, null, headers, "/?token=canary", ""),
                new Request.Connect("canary", null, Map.of(), "js", "1", Map.of("x", "canary")),
                Request.Subscribe.builder("chat:a").token("canary").build(),
                new Request.Refresh("canary"),
                new Request.SubRefresh("chat:a", "canary"));

        assertThat(carriers).noneMatch(carrier -> carrier.toString().contains("canary"));
    }
}
