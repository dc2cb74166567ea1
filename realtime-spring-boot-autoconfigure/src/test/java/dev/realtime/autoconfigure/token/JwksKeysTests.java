package dev.realtime.autoconfigure.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.realtime.api.client.ConnectContext;
import dev.realtime.api.client.ProtocolType;
import dev.realtime.auth.token.JwtAuthenticator;
import dev.realtime.auth.token.KeysUnavailableException;
import dev.realtime.auth.token.SignatureVerifier;
import dev.realtime.auth.token.TestKeys;
import dev.realtime.auth.token.TokenForge;
import dev.realtime.auth.token.TokenRules;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** When a key set is fetched from a real web server, and which clients wait for it. Time is that of the tests. */
class JwksKeysTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AtomicLong nanos = new AtomicLong(-5);

    private final KeyFetchExecutor executor = new KeyFetchExecutor();

    private KeySetServer server;

    private JwksKeys keys;

    @BeforeEach
    void start() throws IOException {
        server = KeySetServer.start();
        JwksEndpoint endpoint = new JwksEndpoint(server.address(), () -> null, null, JwksEndpoint.LIMIT);
        keys = new JwksKeys(endpoint.toString(), endpoint::fetch, executor.threads(), nanos::get);
    }

    @AfterEach
    void stop() {
        executor.close();
        server.close();
    }

    private void pass(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    private int found(String id) {
        return found("RS256", id);
    }

    private int found(String algorithm, String id) {
        return keys.keys(algorithm, id).block(PATIENCE).size();
    }

    private void assertUnavailable(String id) {
        assertThatThrownBy(() -> found(id)).isInstanceOf(KeysUnavailableException.class);
    }

    // ---- A server that works

    @Test
    void setIsFetchedWhenATokenNeedsItFirstAndThenKept() {
        assertThat(server.requests()).isEmpty();

        assertThat(found("one")).isOne();
        assertThat(found("one")).isOne();
        assertThat(found("")).isOne();
        assertThat(server.requests()).containsExactly("GET /keys");
    }

    @Test
    void algorithmsOfSecretsAndUnknownOnesCauseNoFetch() {
        assertThat(found("HS256", "one")).isZero();
        assertThat(found("none", "")).isZero();
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void newKeyIsFoundByTheFirstTokenThatNeedsIt() {
        assertThat(found("one")).isOne();
        server.publish("two");

        assertThat(found("two")).isOne();
        pass(JwksKeys.RATE_LIMIT);
        assertThat(found("one")).as("gone from the set").isZero();
    }

    @Test
    void oldSetIsRefreshedInTheBackground() {
        assertThat(found("one")).isOne();
        server.publish("one", "two");
        pass(JwksKeys.REFRESH_AFTER.plusSeconds(1));

        assertThat(found("one")).isOne();
        await().untilAsserted(() -> assertThat(server.requests()).hasSize(2));
        assertThat(found("two")).isOne();
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void keyThatIsGoneVerifiesNothingOnceTheOldSetIsRefreshed() {
        assertThat(found("one")).isOne();
        server.publish("two");
        pass(JwksKeys.REFRESH_AFTER.plusSeconds(1));

        await().untilAsserted(() -> {
            pass(JwksKeys.RATE_LIMIT);
            assertThat(found("one")).isZero();
        });
    }

    // ---- Tokens that name invented keys

    @Test
    void floodOfUnknownKeyIdsCausesFewFetchesAndDisturbsNobody() {
        assertThat(found("one")).isOne();

        List<Object> results = Flux.range(0, 2_000)
                .flatMap(
                        number -> Mono.defer(() -> keys.keys("RS256", number % 2 == 0 ? "one" : "invented " + number))
                                .<Object>map(List::size)
                                .onErrorResume(KeysUnavailableException.class, Mono::just)
                                .subscribeOn(Schedulers.boundedElastic()),
                        64)
                .collectList()
                .block(PATIENCE);

        assertThat(results.stream().filter(Integer.valueOf(1)::equals)).hasSize(1_000);
        assertThat(results.stream().filter(KeysUnavailableException.class::isInstance))
                .as("asked to try again, because their key might be newer than the set")
                .isNotEmpty();
        assertThat(server.requests()).as("two in an interval").hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void unknownKeyIdIsInvalidOnceTheNewestSetDoesNotHaveIt() {
        assertThat(found("one")).isOne();

        assertThat(found("invented")).isZero();
        assertUnavailable("invented");
        pass(JwksKeys.RATE_LIMIT);
        assertThat(found("invented")).isZero();
    }

    @Test
    void tokenWithoutKeyIdIsInvalidWhileTheSetMayNotBeFetched() {
        assertThat(found("one")).isOne();
        assertThat(found("invented")).isZero();

        assertThat(found("ES256", "")).isZero();
        assertThat(server.requests()).hasSize(2);
    }

    // ---- A server that hangs

    @Test
    void loginsWithKnownKeysSucceedWhileTheServerHangs() {
        JwtAuthenticator tokens = new JwtAuthenticator(
                SignatureVerifier.of(keys), TokenRules.DEFAULTS, JwtAuthenticator.Settings.DEFAULTS, Clock.systemUTC());
        String known = TokenForge.signed(
                "{'alg':'RS256','kid':'one'}", "{'sub':'alice'}", "SHA256withRSA", TestKeys.RSA.getPrivate());
        String unknown = TokenForge.signed(
                "{'alg':'RS256','kid':'two'}", "{'sub':'alice'}", "SHA256withRSA", TestKeys.RSA.getPrivate());
        assertThat(tokens.connect(connecting(known)).block(PATIENCE)).isNotNull();
        server.hang();
        pass(JwksKeys.REFRESH_AFTER.plusSeconds(1));

        // Those that need another key wait, and no client waits for them.
        IntStream.range(0, 100)
                .forEach(number -> tokens.connect(connecting(unknown)).subscribe(user -> {}, error -> {}));
        long users = Flux.range(0, 1_200)
                .concatMap(number -> tokens.connect(connecting(known)))
                .subscribeOn(Schedulers.parallel()) // fails where a thread of this kind would block
                .count()
                .block(PATIENCE);

        assertThat(users).isEqualTo(1_200);
        assertThat(server.requests()).hasSizeLessThanOrEqualTo(3);
        pass(JwksKeys.LIFE.minus(JwksKeys.REFRESH_AFTER).minusSeconds(2));
        assertThat(tokens.connect(connecting(known)).block(PATIENCE)).isNotNull();
        server.recover("one", "two");
        await().atMost(PATIENCE).untilAsserted(() -> {
            pass(JwksKeys.RATE_LIMIT);
            assertThat(tokens.connect(connecting(unknown)).block(PATIENCE)).isNotNull();
        });
    }

    private static ConnectContext connecting(String token) {
        return new ConnectContext(
                "c", "websocket", ProtocolType.JSON, null, Map.of(), "", "", token, null, "", "", Map.of());
    }

    @Test
    void allThatNeedTheFirstSetWaitForOneFetch() {
        server.hang();
        Mono<List<Integer>> all = Flux.range(0, 500)
                .flatMap(number -> keys.keys("RS256", "one").map(List::size), 500)
                .collectList()
                .cache();
        all.subscribe();
        await().until(() -> !server.requests().isEmpty());

        server.recover("one");

        assertThat(all.block(PATIENCE)).hasSize(500).containsOnly(1);
        assertThat(server.requests()).hasSize(1);
    }

    // ---- A server that fails

    @Test
    void lastSetIsUsedForItsLifeWhileNoOtherCanBeFetched() {
        assertThat(found("one")).isOne();
        server.answer(503, new byte[0]);
        pass(JwksKeys.LIFE.minusSeconds(1));

        assertThat(found("one")).isOne();
        assertUnavailable("two");
        pass(Duration.ofSeconds(1));
        assertUnavailable("one");
        server.answer(200, new byte[0]);
        server.recover("one");
        pass(JwksKeys.RATE_LIMIT);
        assertThat(found("one")).isOne();
    }

    @Test
    void documentThatIsNoKeySetReplacesNothing() {
        assertThat(found("one")).isOne();
        server.answer(200, "<html>".getBytes());
        pass(JwksKeys.REFRESH_AFTER.plusSeconds(1));

        assertThat(found("one")).isOne();
        assertUnavailable("two");
        assertThat(found("one")).isOne();
    }

    @Test
    void tokensAreAskedToComeAgainWhenTheThreadsWereStopped() {
        executor.close();

        assertUnavailable("one");
        assertUnavailable("one");
    }
}
