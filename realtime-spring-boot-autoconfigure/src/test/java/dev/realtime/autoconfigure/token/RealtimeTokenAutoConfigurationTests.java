package dev.realtime.autoconfigure.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.ConnectContext;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.ProtocolType;
import dev.realtime.api.data.Payload;
import dev.realtime.api.token.RealtimeTokenIssuer;
import dev.realtime.auth.token.TestKeys;
import dev.realtime.auth.token.TokenForge;
import dev.realtime.auth.token.TokenSigner;
import dev.realtime.autoconfigure.RealtimeFacets;
import dev.realtime.autoconfigure.Refusals;
import dev.realtime.node.NodeTime;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.auth.TokenAuthenticator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.RSAPrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Which properties and beans verify and mint tokens, and which settings stop start-up. */
@ExtendWith(OutputCaptureExtension.class)
class RealtimeTokenAutoConfigurationTests {

    private static final String SECRET = "a secret of more than thirty-two bytes";

    private static final String OTHER_SECRET = "another secret of more than thirty-two bytes";

    private static final String TOKEN = "realtime.client.token.";

    private static final String SUBSCRIPTION_TOKEN = "realtime.client.subscription-token.";

    private static final ClientIdentity ALICE = new ClientIdentity("c", "alice", null);

    private final ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner()
            .withConfiguration(RealtimeFacets.with(RealtimeTokenAutoConfiguration.class));

    private static ConnectContext connecting(String token) {
        return new ConnectContext(
                "c", "websocket", ProtocolType.JSON, null, Map.of(), "", "", token, null, "", "", Map.of());
    }

    private static Authentication connect(TokenAuthenticator tokens, String token) {
        return tokens.connect(connecting(token)).block(Duration.ofSeconds(10));
    }

    private static void assertInvalid(TokenAuthenticator tokens, String token) {
        assertThatThrownBy(() -> connect(tokens, token))
                .isInstanceOfSatisfying(
                        ClientRefusedException.class,
                        refused -> assertThat(refused.disconnect()).isEqualTo(Disconnect.INVALID_TOKEN));
    }

    private static String inAnHour() {
        return Long.toString(Instant.now().getEpochSecond() + 3600);
    }

    // ---- Keys

    @Test
    void withoutKeysThereAreNoTokens() {
        runner.run(context -> assertThat(context)
                .doesNotHaveBean(TokenAuthenticator.class)
                .doesNotHaveBean(RealtimeTokenIssuer.class)
                .hasNotFailed());
        runner.withPropertyValues(TOKEN + "hmac-secret-key=")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(TokenAuthenticator.class)
                        .doesNotHaveBean(RealtimeTokenIssuer.class));
    }

    @Test
    void secretVerifiesAndMintsBothKinds() {
        runner.withPropertyValues(TOKEN + "hmac-secret-key=" + SECRET).run(context -> {
            TokenAuthenticator tokens = context.getBean(TokenAuthenticator.class);
            RealtimeTokenIssuer issuer = context.getBean("realtimeTokenIssuer", RealtimeTokenIssuer.class);

            assertThat(context.getBean(RealtimeNode.class).callbacks().tokenAuthenticator())
                    .isSameAs(tokens);
            assertThat(connect(tokens, TokenForge.hs256(SECRET, "{'sub':'alice'}"))
                            .userId())
                    .isEqualTo("alice");
            Authentication minted = connect(
                    tokens, issuer.connection("bob").info(Map.of("name", "Bob")).mint());
            assertThat(minted.userId()).isEqualTo("bob");
            assertThat(minted.info()).isEqualTo(Payload.ofText("{\"name\":\"Bob\"}"));
            assertThat(tokens.subscription(ALICE, "chat:a", issuer.subscriptionToken("alice", "chat:a"))
                            .block())
                    .isNotNull();
            assertInvalid(tokens, TokenForge.hs256(OTHER_SECRET, "{'sub':'alice'}"));
        });
    }

    @Test
    void expiryIsReadFromTheClockOfTheNode() {
        NodeTime tomorrow = new NodeTime(
                Clock.offset(Clock.systemUTC(), Duration.ofDays(1)),
                System::nanoTime,
                Schedulers.newSingle("tomorrow", true),
                () -> 0.5);
        String token = TokenForge.hs256(SECRET, "{'sub':'alice','exp':" + inAnHour() + "}");

        runner.withPropertyValues(TOKEN + "hmac-secret-key=" + SECRET)
                .run(context -> assertThat(connect(context.getBean(TokenAuthenticator.class), token))
                        .isNotNull());
        runner.withPropertyValues(TOKEN + "hmac-secret-key=" + SECRET)
                .withBean(NodeTime.class, () -> tomorrow)
                .run(context -> assertThatThrownBy(() -> connect(context.getBean(TokenAuthenticator.class), token))
                        .isInstanceOfSatisfying(
                                ClientRefusedException.class,
                                refused -> assertThat(refused.error()).isEqualTo(ClientError.TOKEN_EXPIRED)));
    }

    @Test
    void previousSecretIsAcceptedUntilItsEnd() {
        runner.withPropertyValues(
                        TOKEN + "hmac-secret-key=" + SECRET,
                        TOKEN + "hmac-previous-secret-key=" + OTHER_SECRET,
                        TOKEN + "hmac-previous-secret-key-valid-until=" + inAnHour())
                .run(context -> assertThat(connect(
                                context.getBean(TokenAuthenticator.class),
                                TokenForge.hs256(OTHER_SECRET, "{'sub':'alice'}")))
                        .isNotNull());
        runner.withPropertyValues(
                        TOKEN + "hmac-secret-key=" + SECRET,
                        TOKEN + "hmac-previous-secret-key=" + OTHER_SECRET,
                        TOKEN + "hmac-previous-secret-key-valid-until=1000")
                .run(context -> assertInvalid(
                        context.getBean(TokenAuthenticator.class), TokenForge.hs256(OTHER_SECRET, "{'sub':'alice'}")));
    }

    @Test
    void endOfThePreviousSecretIsReadFromTheClockOfTheNode(CapturedOutput output) {
        NodeTime tomorrow = new NodeTime(
                Clock.offset(Clock.systemUTC(), Duration.ofDays(1)),
                System::nanoTime,
                Schedulers.newSingle("tomorrow", true),
                () -> 0.5);

        runner.withPropertyValues(
                        TOKEN + "hmac-secret-key=" + SECRET,
                        TOKEN + "hmac-previous-secret-key=" + OTHER_SECRET,
                        TOKEN + "hmac-previous-secret-key-valid-until=" + inAnHour())
                .withBean(NodeTime.class, () -> tomorrow)
                .run(context -> assertInvalid(
                        context.getBean(TokenAuthenticator.class), TokenForge.hs256(OTHER_SECRET, "{'sub':'alice'}")));
        assertThat(output).contains("`realtime.client.token.hmac-previous-secret-key` is not accepted any more");
    }

    @Test
    void publicKeysVerifyAndDoNotMint() {
        runner.withPropertyValues(
                        TOKEN + "rsa-public-key="
                                + TestKeys.pem("PUBLIC KEY", TestKeys.RSA.getPublic())
                                        .replace("\n", "\\n"),
                        TOKEN + "ecdsa-public-key="
                                + TestKeys.pem("PUBLIC KEY", TestKeys.P256.getPublic())
                                        .replace("\n", "\\n"))
                .run(context -> {
                    TokenAuthenticator tokens = context.getBean(TokenAuthenticator.class);
                    assertThat(context).doesNotHaveBean(RealtimeTokenIssuer.class);
                    assertThat(connect(
                                    tokens,
                                    TokenForge.signed(
                                            "{'alg':'RS512'}",
                                            "{'sub':'alice'}",
                                            "SHA512withRSA",
                                            TestKeys.RSA.getPrivate())))
                            .isNotNull();
                    assertThat(connect(
                                    tokens,
                                    TokenForge.signed(
                                            "{'alg':'ES256'}",
                                            "{'sub':'alice'}",
                                            "SHA256withECDSAinP1363Format",
                                            TestKeys.P256.getPrivate())))
                            .isNotNull();
                });
    }

    @Test
    void signerOfTheApplicationMints() {
        runner.withBean(TokenSigner.class, () -> TokenSigner.rsa((RSAPrivateKey) TestKeys.RSA.getPrivate(), ""))
                .withPropertyValues(TOKEN + "rsa-public-key="
                        + TestKeys.pem("PUBLIC KEY", TestKeys.RSA.getPublic()).replace("\n", "\\n"))
                .run(context -> assertThat(connect(
                                context.getBean(TokenAuthenticator.class),
                                context.getBean(RealtimeTokenIssuer.class).connectionToken("alice")))
                        .isNotNull());
    }

    @Test
    void subscriptionTokensHaveTheirOwnKeysWhereEnabled() {
        runner.withPropertyValues(
                        TOKEN + "hmac-secret-key=" + SECRET,
                        SUBSCRIPTION_TOKEN + "enabled=true",
                        SUBSCRIPTION_TOKEN + "hmac-secret-key=" + OTHER_SECRET)
                .run(context -> {
                    TokenAuthenticator tokens = context.getBean(TokenAuthenticator.class);
                    RealtimeTokenIssuer issuer = context.getBean(RealtimeTokenIssuer.class);
                    String claims = "{'sub':'alice','channel':'chat:a'}";

                    assertThat(subscribe(tokens, TokenForge.hs256(OTHER_SECRET, claims)))
                            .isNotNull();
                    assertThat(subscribe(tokens, issuer.subscriptionToken("alice", "chat:a")))
                            .isNotNull();
                    assertThat(connect(tokens, issuer.connectionToken("alice"))).isNotNull();
                    assertThatThrownBy(() -> subscribe(tokens, TokenForge.hs256(SECRET, claims)))
                            .isInstanceOfSatisfying(
                                    ClientRefusedException.class,
                                    refused -> assertThat(refused.error()).isEqualTo(ClientError.PERMISSION_DENIED));
                });
    }

    private static SubscriptionGrant subscribe(TokenAuthenticator tokens, String token) {
        return tokens.subscription(ALICE, "chat:a", token).block();
    }

    @Test
    void rulesAreThoseOfTheProperties() {
        runner.withPropertyValues(
                        TOKEN + "hmac-secret-key=" + SECRET,
                        TOKEN + "issuer=us",
                        TOKEN + "audience-regex=^real",
                        TOKEN + "user-id-claim=uid",
                        TOKEN + "require-expiration=true",
                        TOKEN + "max-size=300B")
                .run(context -> {
                    TokenAuthenticator tokens = context.getBean(TokenAuthenticator.class);
                    String good = "{'uid':7,'iss':'us','aud':'realtime','exp':" + inAnHour() + "}";

                    assertThat(connect(tokens, TokenForge.hs256(SECRET, good)).userId())
                            .isEqualTo("7");
                    for (String bad : List.of(
                            good.replace("'us'", "'them'"),
                            good.replace("'realtime'", "'unreal'"),
                            good.replaceFirst(",'exp':\\d+", ""),
                            good.replace("7", "'" + "7".repeat(300) + "'"))) {
                        assertInvalid(tokens, TokenForge.hs256(SECRET, bad));
                    }
                });
    }

    @Test
    void leewayIsThatOfEachKindOfToken() {
        long now = Instant.now().getEpochSecond();
        String late = "{'sub':'alice','exp':" + (now - 30) + "}";
        String lateSubscription = "{'sub':'alice','channel':'chat:a','exp':" + (now - 30) + "}";
        runner.withPropertyValues(TOKEN + "hmac-secret-key=" + SECRET, TOKEN + "leeway=2m")
                .run(context -> {
                    TokenAuthenticator tokens = context.getBean(TokenAuthenticator.class);
                    assertThat(connect(tokens, TokenForge.hs256(SECRET, late)).expireAtSeconds())
                            .isEqualTo(now + 90);
                    assertThat(subscribe(tokens, TokenForge.hs256(SECRET, lateSubscription)))
                            .isNotNull();
                });
        runner.withPropertyValues(
                        TOKEN + "hmac-secret-key=" + SECRET,
                        SUBSCRIPTION_TOKEN + "enabled=true",
                        SUBSCRIPTION_TOKEN + "hmac-secret-key=" + SECRET,
                        SUBSCRIPTION_TOKEN + "leeway=2m")
                .run(context -> {
                    TokenAuthenticator tokens = context.getBean(TokenAuthenticator.class);
                    assertThatThrownBy(() -> connect(tokens, TokenForge.hs256(SECRET, late)))
                            .isInstanceOfSatisfying(
                                    ClientRefusedException.class,
                                    refused -> assertThat(refused.error()).isEqualTo(ClientError.TOKEN_EXPIRED));
                    assertThat(subscribe(tokens, TokenForge.hs256(SECRET, lateSubscription)))
                            .isNotNull();
                });
    }

    // ---- Where keys are

    @Test
    void keysAreReadFromResources(@TempDir Path directory) throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), SECRET + "\n");
        Path rsa = Files.writeString(
                directory.resolve("rsa.pem"), TestKeys.pem("PUBLIC KEY", TestKeys.RSA.getPublic()) + "\n");
        Path ec = Files.writeString(directory.resolve("ec.pem"), TestKeys.pem("PUBLIC KEY", TestKeys.P256.getPublic()));
        runner.withPropertyValues(
                        TOKEN + "hmac-secret-key=file:" + secret,
                        TOKEN + "hmac-previous-secret-key=classpath:token-keys/previous-secret.txt",
                        TOKEN + "rsa-public-key=file:" + rsa,
                        TOKEN + "ecdsa-public-key=" + ec.toUri())
                .run(context -> {
                    TokenAuthenticator tokens = context.getBean(TokenAuthenticator.class);
                    for (String token : List.of(
                            TokenForge.hs256(SECRET, "{'sub':'alice'}"),
                            TokenForge.hs256("a previous secret of more than thirty-two bytes", "{'sub':'alice'}"),
                            TokenForge.signed(
                                    "{'alg':'RS256'}", "{'sub':'alice'}", "SHA256withRSA", TestKeys.RSA.getPrivate()),
                            TokenForge.signed(
                                    "{'alg':'ES256'}",
                                    "{'sub':'alice'}",
                                    "SHA256withECDSAinP1363Format",
                                    TestKeys.P256.getPrivate()),
                            context.getBean(RealtimeTokenIssuer.class).connectionToken("alice"))) {
                        assertThat(connect(tokens, token).userId()).isEqualTo("alice");
                    }
                });
    }

    @Test
    void keySetIsReadFromAResource(@TempDir Path directory) throws IOException {
        Path document = directory.resolve("keys.json");
        try (KeySetServer server = KeySetServer.start()) {
            Files.writeString(
                    document, new JwksEndpoint(server.address(), () -> null, null, JwksEndpoint.LIMIT).fetch());
        }
        ReactiveWebApplicationContextRunner reading =
                runner.withPropertyValues(TOKEN + "jwks-public-endpoint=file:" + document, TOKEN + "issuer=us");

        reading.run(
                context -> assertThat(connect(context.getBean(TokenAuthenticator.class), signedByTheSet("'iss':'us'")))
                        .isNotNull());
        for (String broken : List.of("<html>", "{\"keys\":[]}")) {
            Files.writeString(document, broken);
            reading.run(context -> assertThat(Refusals.analyze(context).getDescription())
                    .startsWith("`realtime.client.token.jwks-public-endpoint` is `file:" + document
                            + "`, but that document"));
        }
    }

    @Test
    void keySetIsFetchedOnThreadsThatEndWithTheApplication() throws IOException {
        try (KeySetServer server = KeySetServer.start()) {
            runner.withPropertyValues(TOKEN + "jwks-public-endpoint=" + server.address(), TOKEN + "issuer=us")
                    .run(context -> {
                        assertThat(server.requests()).isEmpty();
                        assertThat(connect(context.getBean(TokenAuthenticator.class), signedByTheSet("'iss':'us'")))
                                .isNotNull();
                        assertThat(fetchingThreads()).isNotEmpty();
                    });
        }
        await().untilAsserted(() -> assertThat(fetchingThreads()).isEmpty());
    }

    @Test
    void serverOfTheKeySetIsTrustedByTheBundleOfTheTokensOrOfAllHttpClients(@TempDir Path directory) throws Exception {
        Path store = JwksEndpointTests.createCertificate(directory);
        try (KeySetServer server = JwksEndpointTests.startSecured(store)) {
            ReactiveWebApplicationContextRunner fetching = runner.withConfiguration(
                            AutoConfigurations.of(SslAutoConfiguration.class, HttpClientAutoConfiguration.class))
                    .withPropertyValues(
                            TOKEN + "jwks-public-endpoint=" + server.address("https"),
                            TOKEN + "issuer=us",
                            "spring.ssl.bundle.jks.internal.truststore.location=file:" + store,
                            "spring.ssl.bundle.jks.internal.truststore.password=changeit",
                            "spring.ssl.bundle.jks.internal.truststore.type=PKCS12");
            String token = signedByTheSet("'iss':'us'");

            for (String property : List.of(TOKEN + "jwks-ssl-bundle", "spring.http.clients.ssl.bundle")) {
                fetching.withPropertyValues(property + "=internal")
                        .run(context -> assertThat(connect(context.getBean(TokenAuthenticator.class), token))
                                .isNotNull());
            }
            fetching.run(context -> assertThatThrownBy(() -> connect(context.getBean(TokenAuthenticator.class), token))
                    .isInstanceOfSatisfying(
                            ClientRefusedException.class,
                            refused -> assertThat(refused.error()).isEqualTo(ClientError.INTERNAL)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TOKEN + "jwks-ssl-bundle", "spring.http.clients.ssl.bundle"})
    void bundleThatIsReplacedWhileTheApplicationRunsIsTrusted(String property, @TempDir Path directory)
            throws Exception {
        Path store = JwksEndpointTests.createCertificate(Files.createDirectory(directory.resolve("new")));
        Path outdated = JwksEndpointTests.createCertificate(Files.createDirectory(directory.resolve("old")));
        try (KeySetServer server = JwksEndpointTests.startSecured(store)) {
            String token = signedByTheSet("'iss':'us'");
            runner.withConfiguration(
                            AutoConfigurations.of(SslAutoConfiguration.class, HttpClientAutoConfiguration.class))
                    .withPropertyValues(
                            TOKEN + "jwks-public-endpoint=" + server.address("https"),
                            TOKEN + "issuer=us",
                            property + "=internal",
                            "spring.ssl.bundle.jks.internal.truststore.location=file:" + outdated,
                            "spring.ssl.bundle.jks.internal.truststore.password=changeit",
                            "spring.ssl.bundle.jks.internal.truststore.type=PKCS12")
                    .run(context -> {
                        TokenAuthenticator tokens = context.getBean(TokenAuthenticator.class);
                        assertThatThrownBy(() -> connect(tokens, token)).isInstanceOf(ClientRefusedException.class);

                        context.getBean(SslBundleRegistry.class)
                                .updateBundle("internal", JwksEndpointTests.bundle(store));

                        assertThat(connect(tokens, token)).isNotNull();
                    });
        }
    }

    private static List<String> fetchingThreads() {
        return threadsNamed("realtime-token-keys");
    }

    private static List<String> threadsNamed(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .toList();
    }

    private static String signedByTheSet(String claims) {
        return TokenForge.signed(
                "{'alg':'RS256','kid':'one'}",
                "{'sub':'alice'," + claims + "}",
                "SHA256withRSA",
                TestKeys.RSA.getPrivate());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token.hmac-secret-key",
                "token.rsa-public-key",
                "token.ecdsa-public-key",
                "token.jwks-public-endpoint",
                "subscription-token.hmac-secret-key"
            })
    void resourceThatIsMissingOrEmptyStopsStartUpWithTheProperty(String name, @TempDir Path directory)
            throws IOException {
        String property = "realtime.client." + name;
        Path empty = Files.createFile(directory.resolve("empty"));
        ReactiveWebApplicationContextRunner reading =
                runner.withPropertyValues("realtime.client.subscription-token.enabled=" + name.startsWith("sub"));

        for (String location : List.of("file:/nowhere/key.pem", "classpath:nowhere/key.pem", "file:" + directory)) {
            reading.withPropertyValues(property + "=" + location)
                    .run(context -> assertThat(Refusals.analyze(context).getDescription())
                            .startsWith("`" + property + "` is `" + location + "`, but that resource cannot be read"));
        }
        reading.withPropertyValues(property + "=file:" + empty)
                .run(context -> assertThat(Refusals.analyze(context).getDescription())
                        .isEqualTo("`" + property + "` is `file:" + empty + "`, but that resource is empty."));
    }

    // ---- What tokens may say

    @Test
    void anonymousTokensCanBeRefused() {
        runner.withPropertyValues(
                        TOKEN + "hmac-secret-key=" + SECRET,
                        "realtime.client.disallow-anonymous-connection-tokens=true")
                .run(context -> assertThatThrownBy(() ->
                                connect(context.getBean(TokenAuthenticator.class), TokenForge.hs256(SECRET, "{}")))
                        .isInstanceOfSatisfying(
                                ClientRefusedException.class,
                                refused -> assertThat(refused.disconnect()).isEqualTo(Disconnect.PERMISSION_DENIED)));
    }

    @Test
    void insecureServerReadsTokensButLetsThemNotExpire() {
        runner.withPropertyValues(TOKEN + "hmac-secret-key=" + SECRET, "realtime.client.insecure=true")
                .run(context -> {
                    TokenAuthenticator tokens = context.getBean(TokenAuthenticator.class);

                    assertThat(connect(tokens, TokenForge.hs256(SECRET, "{'sub':'a','exp':" + inAnHour() + "}"))
                                    .expireAtSeconds())
                            .isZero();
                    assertInvalid(tokens, TokenForge.hs256(OTHER_SECRET, "{'sub':'a'}"));
                });
    }

    @Test
    void signaturesAreOnlySkippedWithAWarning(CapturedOutput output) {
        ReactiveWebApplicationContextRunner skipping =
                runner.withPropertyValues("realtime.client.insecure-skip-token-signature-verify=true");

        skipping.run(context -> assertThat(connect(
                        context.getBean(TokenAuthenticator.class), TokenForge.hs256("whatever", "{'sub':'alice'}")))
                .isNotNull());
        assertThat(output).contains("anyone may connect as any user, with an unsigned token");
    }

    @Test
    void shortSecretIsAWarningWithoutTheSecret(CapturedOutput output) {
        runner.withPropertyValues(TOKEN + "hmac-secret-key=short canary")
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(output)
                .contains("`realtime.client.token.hmac-secret-key` has 12 bytes, so it might be guessed")
                .doesNotContain("canary");
    }

    // ---- Beans of the application

    @Test
    void refresherOfTheApplicationVerifiesTokens() {
        TokenAuthenticator own = new TokenAuthenticator() {
            @Override
            public Mono<Authentication> refresh(ClientIdentity client, String token) {
                return Mono.empty();
            }

            @Override
            public Mono<SubscriptionGrant> subscription(ClientIdentity client, String channel, String token) {
                return Mono.empty();
            }
        };
        runner.withBean(TokenAuthenticator.class, () -> own)
                .run(context -> assertThat(
                                context.getBean(RealtimeNode.class).callbacks().tokenAuthenticator())
                        .isSameAs(own));
        runner.withBean(TokenAuthenticator.class, () -> own)
                .withPropertyValues(TOKEN + "hmac-secret-key=" + SECRET)
                .run(context -> assertThat(Refusals.analyze(context).getDescription())
                        .startsWith("Keys of tokens are set, but tokens are verified by a bean of the application"));
    }

    private ReactiveWebApplicationContextRunner withDecoder(ReactiveJwtDecoder decoder) {
        return runner.withBean(ReactiveJwtDecoder.class, () -> decoder);
    }

    private static Jwt jwt(String token, String subject) {
        return Jwt.withTokenValue(token)
                .header("alg", "HS256")
                .subject(subject)
                .claim("scope", "chat")
                .build();
    }

    @Test
    void decoderOfTheApplicationVerifiesTokensAndGivesAuthorities() {
        withDecoder(token -> Mono.just(jwt(token, "alice"))).run(context -> {
            TokenAuthenticator tokens = context.getBean(TokenAuthenticator.class);

            Authentication alice =
                    connect(tokens, TokenForge.hs256("whatever", "{'sub':'alice','exp':" + inAnHour() + "}"));
            assertThat(alice.userId()).isEqualTo("alice");
            assertThat(alice.clientRefresh()).isTrue();
            assertThat(alice.expireAtSeconds()).isPositive();
            assertThat(alice.principal())
                    .isInstanceOfSatisfying(
                            org.springframework.security.core.Authentication.class,
                            principal -> assertThat(principal.getAuthorities())
                                    .extracting("authority")
                                    .contains("SCOPE_chat"));
            assertInvalid(tokens, "opaque");
        });
    }

    private static final String GENEROUS =
            "{'sub':'alice','channels':['chat:a'],'info':1,'meta':2,'expire_at':0,'exp':" + inAnHour() + "}";

    @Test
    void decodedTokensOpenNoChannels() {
        withDecoder(token -> Mono.just(jwt(token, "alice"))).run(context -> {
            TokenAuthenticator tokens = context.getBean(TokenAuthenticator.class);

            Authentication alice = connect(tokens, TokenForge.hs256("whatever", GENEROUS));
            assertThat(alice.subscriptions()).isEmpty();
            assertThat(alice.info()).isNull();
            assertThat(alice.meta()).isNull();
            assertThat(alice.expireAtSeconds()).isPositive();
            assertThat(connect(tokens, TokenForge.hs256("whatever", "{'sub':'alice','channel':'chat:a'}"))
                            .subscriptions())
                    .isEmpty();
            assertThatThrownBy(
                            () -> subscribe(tokens, TokenForge.hs256("whatever", "{'sub':'alice','channel':'chat:a'}")))
                    .isInstanceOfSatisfying(
                            ClientRefusedException.class,
                            refused -> assertThat(refused.error()).isEqualTo(ClientError.PERMISSION_DENIED));
        });
    }

    @Test
    void decodedTokensOpenChannelsWhereAPropertySaysSo() {
        withDecoder(token -> Mono.just(jwt(token, "alice")))
                .withPropertyValues(TOKEN + "allow-decoder-claims=true")
                .run(context -> {
                    TokenAuthenticator tokens = context.getBean(TokenAuthenticator.class);

                    Authentication alice = connect(tokens, TokenForge.hs256("whatever", GENEROUS));
                    assertThat(alice.subscriptions()).containsOnlyKeys("chat:a");
                    assertThat(alice.info()).isEqualTo(Payload.ofText("1"));
                    assertThat(alice.meta()).isEqualTo(Payload.ofText("2"));
                    assertThat(alice.expireAtSeconds()).isZero();
                    assertThat(subscribe(tokens, TokenForge.hs256("whatever", "{'sub':'alice','channel':'chat:a'}")))
                            .isNotNull();
                    assertInvalid(tokens, TokenForge.hs256("whatever", "{'sub':'alice','channel':'chat:a'}"));
                });
    }

    @Test
    void blockingDecoderVerifiesTokensOnThreadsOfItsOwn() {
        List<String> threads = new CopyOnWriteArrayList<>();
        JwtDecoder decoder = token -> {
            threads.add(Thread.currentThread().getName());
            return jwt(token, "alice");
        };
        JwtAuthenticationConverter converter = new JwtAuthenticationConverter();
        converter.setJwtGrantedAuthoritiesConverter(jwt -> List.of(new SimpleGrantedAuthority("ROLE_STAFF")));
        runner.withBean(JwtDecoder.class, () -> decoder)
                .withBean(JwtAuthenticationConverter.class, () -> converter)
                .run(context -> {
                    TokenAuthenticator tokens = context.getBean(TokenAuthenticator.class);

                    Authentication alice = connect(tokens, TokenForge.hs256("whatever", GENEROUS));
                    assertThat(alice.userId()).isEqualTo("alice");
                    assertThat(alice.subscriptions()).isEmpty();
                    assertThat(alice.principal())
                            .isInstanceOfSatisfying(
                                    org.springframework.security.core.Authentication.class,
                                    principal -> assertThat(principal.getAuthorities())
                                            .extracting("authority")
                                            .contains("ROLE_STAFF"));
                    assertThat(threads).singleElement().asString().startsWith("realtime-token-decoder");
                    assertInvalid(tokens, "opaque");
                });
        runner.withBean(JwtDecoder.class, () -> token -> {
                    throw new BadJwtException("Signed JWT rejected");
                })
                .run(context ->
                        assertInvalid(context.getBean(TokenAuthenticator.class), TokenForge.hs256("s", "{'sub':'a'}")));
    }

    @Test
    void decodeThatHangsKeepsNoOtherTokenWaiting() {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch busy = new CountDownLatch(1);
        String hanging = TokenForge.hs256("s", "{'sub':'hanging'}");
        JwtDecoder decoder = token -> {
            if (token.equals(hanging)) {
                entered.countDown();
                awaitUninterruptibly(released);
            }
            awaitUninterruptibly(busy);
            return jwt(token, "alice");
        };
        runner.withBean(JwtDecoder.class, () -> decoder).run(context -> {
            TokenAuthenticator tokens = context.getBean(TokenAuthenticator.class);
            Disposable client = tokens.connect(connecting(hanging)).subscribe();
            assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
            client.dispose();
            try {
                List<CompletableFuture<Authentication>> logins = Stream.generate(
                                () -> tokens.connect(connecting(TokenForge.hs256("s", "{'sub':'alice'}"))))
                        .limit(32)
                        .map(Mono::toFuture)
                        .toList();
                busy.countDown();
                assertThat(CompletableFuture.allOf(logins.toArray(CompletableFuture[]::new)))
                        .succeedsWithin(Duration.ofSeconds(10));
            } finally {
                busy.countDown();
                released.countDown();
            }
        });
        await().untilAsserted(
                        () -> assertThat(threadsNamed("realtime-token-decoder")).isEmpty());
    }

    /** Waits like a decoder that does not react to interrupts. */
    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException ignored) {
                // Waits on.
            }
        }
    }

    @Test
    void decoderOfBootForServletsVerifiesTokens(@TempDir Path directory) throws IOException {
        Path key = Files.writeString(
                directory.resolve("key.pem"), TestKeys.pem("PUBLIC KEY", TestKeys.RSA.getPublic()) + "\n");
        runner.withConfiguration(AutoConfigurations.of(OAuth2ResourceServerAutoConfiguration.class))
                .withPropertyValues("spring.security.oauth2.resourceserver.jwt.public-key-location=file:" + key)
                .run(context -> assertThat(connect(
                                        context.getBean(TokenAuthenticator.class),
                                        TokenForge.signed(
                                                "{'alg':'RS256'}",
                                                "{'sub':'alice','exp':" + inAnHour() + "}",
                                                "SHA256withRSA",
                                                TestKeys.RSA.getPrivate()))
                                .userId())
                        .isEqualTo("alice"));
    }

    @ParameterizedTest
    @CsvSource({"Jwt expired at 2020, 109", "Jwt used before 2040, 109", "The iss claim is not valid, 3500"})
    void ruleOfTheDecoderThatIsNotKeptIsExpiryForTimeAlone(String description, int code) {
        org.springframework.security.oauth2.core.OAuth2Error error =
                new org.springframework.security.oauth2.core.OAuth2Error("invalid_token", description, null);
        assertThat(answerOf(Mono.error(new JwtValidationException(description, List.of(error)))))
                .isEqualTo(code);
    }

    @Test
    void badTokenOfTheDecoderIsInvalidAndItsFailureIsNotTheClients() {
        assertThat(answerOf(Mono.error(new BadJwtException("Signed JWT rejected"))))
                .isEqualTo(3500);
        assertThat(answerOf(Mono.empty())).isEqualTo(3500);
        withDecoder(token -> Mono.error(new JwtException("the key server is down")))
                .run(context -> assertThatThrownBy(() -> connect(
                                context.getBean(TokenAuthenticator.class), TokenForge.hs256("s", "{'sub':'a'}")))
                        .isInstanceOf(JwtException.class));
    }

    /** Code of the refusal of a well-formed token. */
    private int answerOf(Mono<Jwt> decoded) {
        int[] code = new int[1];
        withDecoder(token -> decoded).run(context -> {
            try {
                connect(context.getBean(TokenAuthenticator.class), TokenForge.hs256("s", "{'sub':'alice'}"));
            } catch (ClientRefusedException refused) {
                code[0] = refused.error() != null
                        ? refused.error().code()
                        : refused.disconnect().code();
            }
        });
        return code[0];
    }

    @Test
    void keysCountInPlaceOfTheDecoder() {
        withDecoder(token -> Mono.error(new AssertionError("not asked")))
                .withPropertyValues(TOKEN + "hmac-secret-key=" + SECRET)
                .run(context -> assertThat(connect(
                                context.getBean(TokenAuthenticator.class), TokenForge.hs256(SECRET, "{'sub':'alice'}")))
                        .isNotNull());
    }

    @Test
    void everythingStartsWithoutSpringSecurity() {
        runner.withClassLoader(new FilteredClassLoader("org.springframework.security"))
                .withPropertyValues(TOKEN + "hmac-secret-key=" + SECRET)
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(TokenAuthenticator.class));
    }

    // ---- Refused settings

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            token.hmac-secret-key=s, token.issuer=a, token.issuer-regex=b | `realtime.client.token.issuer` and `realtime.client.token.issuer-regex` are both set
            token.hmac-secret-key=s, token.audience=a, token.audience-regex=b | `realtime.client.token.audience` and `realtime.client.token.audience-regex` are both set
            token.hmac-secret-key=s, token.issuer-regex=( | `realtime.client.token.issuer-regex` is `(`, which is not a regular expression
            token.hmac-secret-key=s, token.user-id-claim=user-id | `realtime.client.token.user-id-claim` is `user-id`, but the name of that claim consists of letters and underscores.
            token.hmac-secret-key=s, token.user-id-claim=exp | `realtime.client.token.user-id-claim` is `exp`, but that claim has another meaning.
            token.hmac-secret-key=s, token.max-size=0B | `realtime.client.token.max-size` is `0B`, so no token would fit.
            token.hmac-previous-secret-key=s, token.rsa-public-key=k | `realtime.client.token.hmac-previous-secret-key` is set but `realtime.client.token.hmac-secret-key` is not
            token.hmac-secret-key=s, token.hmac-previous-secret-key-valid-until=5 | `realtime.client.token.hmac-previous-secret-key-valid-until` is set but `realtime.client.token.hmac-previous-secret-key` is not
            token.rsa-public-key=canary | `realtime.client.token.rsa-public-key` cannot be used to verify tokens. It is not one block between BEGIN and END lines of PEM.
            token.ecdsa-public-key=canary | `realtime.client.token.ecdsa-public-key` cannot be used to verify tokens.
            token.jwks-public-endpoint=https://a.org/k | `realtime.client.token.jwks-public-endpoint` is set but neither issuer nor audience of tokens is
            token.jwks-public-endpoint=ftp://a.org/k, token.issuer=a | `realtime.client.token.jwks-public-endpoint` is not the address of a web server
            token.jwks-public-endpoint=https://u:canary@a.org/k, token.issuer=a | `realtime.client.token.jwks-public-endpoint` is not the address of a web server without user and password
            token.jwks-public-endpoint=https://{{tenant}}.org/k, token.issuer=a | `realtime.client.token.jwks-public-endpoint` is `https://{{tenant}}.org/k`, but nothing of a token may become part of an address
            token.jwks-public-endpoint=https://a.org/k, token.issuer=a, token.rsa-public-key=k | `realtime.client.token.rsa-public-key` cannot be used
            token.hmac-secret-key=s, token.leeway=-1s | `realtime.client.token.leeway` is `-1s`, but it cannot be negative
            token.hmac-secret-key=s, token.allow-decoder-claims=true | `realtime.client.token.allow-decoder-claims` is true, but keys verify the tokens
            token.allow-decoder-claims=true | Rules are set under `realtime.client.token` but no key is
            token.leeway=5s | Rules are set under `realtime.client.token` but no key is
            token.hmac-secret-key=s, token.jwks-ssl-bundle=internal | `realtime.client.token.jwks-ssl-bundle` is set but `realtime.client.token.jwks-public-endpoint` is not the address of a server
            token.jwks-public-endpoint=https://a.org/k, token.issuer=a, token.jwks-ssl-bundle=internal | `realtime.client.token.jwks-ssl-bundle` is `internal`, but there is no SSL bundle of that name.
            token.require-expiration=true | Rules are set under `realtime.client.token` but no key is
            token.issuer=a | Rules are set under `realtime.client.token` but no key is
            subscription-token.hmac-secret-key=canary | Keys are set under `realtime.client.subscription-token` but `realtime.client.subscription-token.enabled` is not true
            subscription-token.enabled=true | `realtime.client.subscription-token.enabled` is true but no key is set
            subscribe-to-user-personal-channel.single-connection=true | `realtime.client.subscribe-to-user-personal-channel.single-connection` is true but users have no personal channels
            subscribe-to-user-personal-channel.single-connection=true, subscribe-to-user-personal-channel.enabled=true | `realtime.client.subscribe-to-user-personal-channel.single-connection` is true but `realtime.channel.without-namespace.presence` is not
            """)
    void settingThatCannotBeMeantStopsStartUp(String properties, String description) {
        String[] values = properties.split(", ");
        for (int index = 0; index < values.length; index++) {
            values[index] = "realtime.client." + values[index].strip();
        }
        FailureAnalysis[] analysis = new FailureAnalysis[1];
        runner.withPropertyValues(values).run(context -> analysis[0] = Refusals.analyze(context));

        assertThat(analysis[0].getDescription()).startsWith(description);
        assertThat(analysis[0].getDescription() + analysis[0].getAction()).doesNotContain("canary");
        assertThat(analysis[0].getAction()).isNotBlank();
    }

    @Test
    void keysWithoutTheLibraryStopStartUp() {
        runner.withClassLoader(new FilteredClassLoader("com.nimbusds"))
                .withPropertyValues(TOKEN + "hmac-secret-key=" + SECRET)
                .run(context -> assertThat(Refusals.analyze(context).getAction())
                        .startsWith("Add `com.nimbusds:nimbus-jose-jwt`"));
    }

    @Test
    void everythingElseWorksWithoutTheLibrary() {
        runner.withClassLoader(new FilteredClassLoader("com.nimbusds"))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(RealtimeNode.class));
    }
}
