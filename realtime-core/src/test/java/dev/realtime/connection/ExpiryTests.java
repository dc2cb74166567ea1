package dev.realtime.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.Access;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.protocol.UnixTime;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.transport.BufferLeaks;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Connections and subscriptions that end at a time, and the tokens that move it. */
@ExtendWith(BufferLeaks.class)
class ExpiryTests {

    private static final Access ANYONE = new Access(true, false, true);

    private static final long NOW = ScriptedServer.START.getEpochSecond();

    private static final String SUBSCRIBE = "{'id':2,'subscribe':{'channel':'chat:a','token':'t'}}";

    private final ScriptedTokens tokens = new ScriptedTokens();

    private Authentication alice = Authentication.of("alice").expiringAt(Instant.ofEpochSecond(NOW + 60), true);

    private ScriptedServer.Setup setup() {
        return ScriptedServer.setup()
                .client(options -> options.pingInterval(Duration.ZERO))
                .namespace("chat", options -> options.subscribeAccess(ANYONE).presence(true))
                .authenticator(context -> Mono.just(alice))
                .tokenAuthenticator(tokens);
    }

    private static String refresh() {
        return "{'id':3,'refresh':{'token':'new'}}";
    }

    private static String subRefresh() {
        return "{'id':3,'sub_refresh':{'channel':'chat:a','token':'new'}}";
    }

    private static SubscriptionGrant until(long atSeconds) {
        return SubscriptionGrant.PLAIN.expiringAt(UnixTime.moment(atSeconds), true);
    }

    // ---- Connections

    @Test
    void clientThatShouldRefreshIsClosedSomeTimeAfterItsTokenExpired() {
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connect();

            server.pass(Duration.ofMillis(84_900));
            assertThat(client.closedWith()).isNull();
            server.pass(Duration.ofMillis(200));
            assertThat(client.closedWith()).isEqualTo(Disconnect.EXPIRED);
        }
    }

    @Test
    void clientThatCannotRefreshIsClosedWhenItsIdentityExpires() {
        alice = Authentication.of("alice").expiringAt(Instant.ofEpochSecond(NOW + 60), false);
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connect();

            server.pass(Duration.ofMillis(59_900));
            assertThat(client.closedWith()).isNull();
            server.pass(Duration.ofMillis(200));
            assertThat(client.closedWith()).isEqualTo(Disconnect.EXPIRED);
        }
    }

    @Test
    void refreshMovesTheEnd() {
        tokens.renewing(
                Mono.fromSupplier(() -> Authentication.of("alice").expiringAt(Instant.ofEpochSecond(NOW + 120), true)));
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connect();
            server.passSeconds(60);

            assertThat(client.ask(refresh())).containsExactly("{'id':3,'refresh':{'expires':true,'ttl':60}}");

            server.passSeconds(84);
            assertThat(client.closedWith()).isNull();
            server.passSeconds(2);
            assertThat(client.closedWith()).isEqualTo(Disconnect.EXPIRED);
        }
    }

    @Test
    void refreshWithATokenThatNeverExpiresTakesTheEndAway() {
        tokens.renewing(Mono.just(Authentication.of("alice")));
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connect();

            assertThat(client.ask(refresh())).containsExactly("{'id':3,'refresh':{}}");
            server.passSeconds(1000);
            assertThat(client.closedWith()).isNull();
        }
    }

    @Test
    void refreshWithoutATokenOrWhereNoneIsExpectedIsABadRequest() {
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connect().tell("{'id':3,'refresh':{}}");
            assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);

            alice = Authentication.of("alice").expiringAt(Instant.ofEpochSecond(NOW + 60), false);
            client = server.client().connect().tell(refresh());
            assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);
        }
    }

    @Test
    void refreshReadsTheTokenWhereTheClientCameWithoutOne() {
        alice = Authentication.of("alice");
        try (ScriptedServer server = setup().start()) {
            tokens.renewing(Mono.error(ClientRefusedException.with(Disconnect.INVALID_TOKEN, "bad signature")));
            assertThat(server.client().connect().tell(refresh()).closedWith()).isEqualTo(Disconnect.INVALID_TOKEN);
            tokens.renewing(Mono.just(Authentication.of("bob")));
            assertThat(server.client().connect().tell(refresh()).closedWith()).isEqualTo(Disconnect.INVALID_TOKEN);
            tokens.renewing(Mono.error(ClientRefusedException.with(ClientError.TOKEN_EXPIRED, "expired")));
            assertThat(server.client().connect().tell(refresh()).closedWith()).isEqualTo(Disconnect.EXPIRED);

            tokens.renewing(Mono.just(Authentication.of("alice").expiringAt(Instant.ofEpochSecond(NOW + 60), true)));
            ScriptedClient client = server.client().connect();
            assertThat(client.ask(refresh())).containsExactly("{'id':3,'refresh':{'expires':true,'ttl':60}}");
            server.passSeconds(86);
            assertThat(client.closedWith()).isEqualTo(Disconnect.EXPIRED);
        }
    }

    @Test
    void tokenIsInvalidWhereNothingVerifiesTokens() {
        alice = Authentication.of("alice");
        try (ScriptedServer server = setup().tokens(clock -> null).start()) {
            assertThat(server.client().connect().tell(refresh()).closedWith()).isEqualTo(Disconnect.INVALID_TOKEN);

            ScriptedClient client = server.client().connect();
            client.tell(SUBSCRIBE_WITHOUT_TOKEN).tell(subRefresh());
            assertThat(client.closedWith()).isEqualTo(Disconnect.INVALID_TOKEN);
        }
    }

    @Test
    void emptyNameOfAChannelInANewTokenIsIgnored() {
        alice = Authentication.of("alice").withSubscriptions(Map.of("", SubscriptionGrant.PLAIN));
        tokens.renewing(Mono.fromSupplier(() -> alice));
        try (ScriptedServer server = setup().start()) {
            assertThat(server.client().connect().ask(refresh())).containsExactly("{'id':3,'refresh':{}}");
        }
    }

    @Test
    void refreshEndsTheConnectionForATokenThatIsNoGood() {
        Map<Mono<Authentication>, Disconnect> cases = new LinkedHashMap<>();
        cases.put(Mono.empty(), Disconnect.INVALID_TOKEN);
        cases.put(
                Mono.error(ClientRefusedException.with(Disconnect.INVALID_TOKEN, "bad signature")),
                Disconnect.INVALID_TOKEN);
        cases.put(Mono.error(ClientRefusedException.with(ClientError.TOKEN_EXPIRED, "expired")), Disconnect.EXPIRED);
        cases.put(
                Mono.just(Authentication.of("alice").expiringAt(Instant.ofEpochSecond(NOW), true)), Disconnect.EXPIRED);
        cases.put(Mono.just(Authentication.of("bob")), Disconnect.INVALID_TOKEN);
        cases.put(
                Mono.just(Authentication.of("alice").withSubscriptions(Map.of("chat:more", SubscriptionGrant.PLAIN))),
                Disconnect.INSUFFICIENT_STATE);
        try (ScriptedServer server = setup().start()) {
            cases.forEach((answer, disconnect) -> {
                tokens.renewing(answer);
                ScriptedClient client = server.client().connect();

                assertThat(client.ask(refresh())).isEmpty();
                assertThat(client.closedWith()).isEqualTo(disconnect);
            });
        }
    }

    @Test
    void refreshThatFailsIsATemporaryErrorAndMovesNothing() {
        tokens.renewing(Mono.error(new IllegalStateException("on purpose")));
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connect();

            assertThat(client.ask(refresh()))
                    .containsExactly(
                            "{'id':3,'error':{'code':100,'message':'internal server error','temporary':true}}");
            server.passSeconds(86);
            assertThat(client.closedWith()).isEqualTo(Disconnect.EXPIRED);
        }
    }

    @Test
    void everyChannelOfTheFirstTokenMustBeInTheNext() {
        alice = alice.withSubscriptions(Map.of("chat:a", SubscriptionGrant.PLAIN));
        try (ScriptedServer server = setup().start()) {
            tokens.renewing(
                    Mono.just(Authentication.of("alice").withSubscriptions(Map.of("chat:a", SubscriptionGrant.PLAIN))));
            ScriptedClient client = server.client().connect();
            client.tell("{'id':2,'subscribe':{'channel':'chat:own'}}");
            assertThat(client.ask(refresh())).containsExactly("{'id':3,'refresh':{}}");

            tokens.renewing(Mono.just(Authentication.of("alice").expiringAt(Instant.ofEpochSecond(NOW + 120), true)));
            client = server.client().connect();
            assertThat(client.ask(refresh())).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.INSUFFICIENT_STATE);
        }
    }

    @Test
    void personalChannelIsNoChannelOfTheToken() {
        tokens.renewing(Mono.just(Authentication.of("alice").expiringAt(Instant.ofEpochSecond(NOW + 120), true)));
        try (ScriptedServer server =
                setup().client(options -> options.personalChannel(true)).start()) {
            ScriptedClient client = server.client().connect();

            assertThat(client.ask(refresh())).containsExactly("{'id':3,'refresh':{'expires':true,'ttl':120}}");
        }
    }

    @Test
    void infoOfTheNextTokenReplacesTheFirst() {
        alice = alice.withInfo(Payload.ofText("1"));
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connect();
            client.tell("{'id':2,'subscribe':{'channel':'chat:a'}}");

            tokens.renewing(Mono.just(Authentication.of("alice").withInfo(Payload.ofText("2"))));
            client.tell(refresh());
            server.passSeconds(30);

            assertThat(server.await(server.node().presence().presence("chat:a")))
                    .extractingByKey(client.id())
                    .satisfies(info -> assertThat(info.connectionInfo()).isEqualTo(Payload.ofText("2")));
        }
    }

    @Test
    void answerToARefreshThatComesAfterTheEndLeavesNothing() {
        Sinks.One<Authentication> answer = Sinks.one();
        tokens.renewing(answer.asMono());
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connect().tell(refresh());

            client.drop();
            answer.tryEmitValue(Authentication.of("alice").expiringAt(Instant.ofEpochSecond(NOW + 1_000_000), true));
            server.run();

            assertThat(server.executor().hasTimers()).isFalse();
        }
    }

    // ---- Subscriptions

    @Test
    void expiredSubscriptionIsEndedWithAPushOnTheNextPresenceTick() {
        tokens.answering(Mono.just(until(NOW + 10)));
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connect();
            client.ask(SUBSCRIBE);

            // 10 s and the delay of 25 s are over before the second tick, 27 s after the first at 20 s.
            server.passSeconds(46);
            assertThat(client.heard()).isEmpty();
            server.passSeconds(2);

            assertThat(client.heard())
                    .containsExactly("{'push':{'channel':'chat:a','unsubscribe':{'code':2501,'reason':'subscription"
                            + " expired'}}}");
            assertThat(server.engine().present()).isEmpty();
            assertThat(client.closedWith()).isNull();
        }
    }

    @Test
    void expiredSubscriptionOfTheServerEndsTheConnection() {
        SubscriptionGrant expiring = SubscriptionGrant.PLAIN.expiringAt(Instant.ofEpochSecond(NOW + 10), false);
        Map<String, SubscriptionGrant> grants = new LinkedHashMap<>();
        grants.put("chat:a", expiring);
        grants.put("chat:b", SubscriptionGrant.PLAIN);
        grants.put("chat:c", SubscriptionGrant.PLAIN);
        alice = Authentication.of("alice").withSubscriptions(grants);
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connect();

            server.passSeconds(48);

            assertThat(client.closedWith()).isEqualTo(Disconnect.SUBSCRIPTION_EXPIRED);
            assertThat(server.engine().present()).isEmpty();
        }
    }

    @Test
    void subscriptionDoesNotExpireBeforeItsReply() {
        tokens.answering(Mono.just(until(NOW + 10)));
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connect();
            server.engine().hold(Call.ADD_PRESENCE);
            client.tell(SUBSCRIBE);

            server.passSeconds(48);
            assertThat(client.heard()).isEmpty();
            server.engine().release(Call.ADD_PRESENCE);
            server.passSeconds(27);

            assertThat(client.heard())
                    .containsExactly(
                            "{'id':2,'subscribe':{'expires':true,'ttl':10}}",
                            "{'push':{'channel':'chat:a','unsubscribe':{'code':2501,'reason':'subscription"
                                    + " expired'}}}");
        }
    }

    @Test
    void subRefreshMovesTheEndOfASubscription() {
        tokens.answering(Mono.just(until(NOW + 10)));
        alice = Authentication.of("alice");
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connect();
            client.ask(SUBSCRIBE);

            tokens.answering(Mono.just(until(NOW + 100)));
            assertThat(client.ask(subRefresh())).containsExactly("{'id':3,'sub_refresh':{'expires':true,'ttl':100}}");
            server.passSeconds(120);
            assertThat(client.heard()).isEmpty();
            server.passSeconds(35);
            assertThat(client.heard()).hasSize(1);
        }
    }

    @Test
    void subRefreshWithATokenThatNeverExpiresTakesTheEndAway() {
        tokens.answering(Mono.just(until(NOW + 10)));
        alice = Authentication.of("alice");
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connect();
            client.ask(SUBSCRIBE);

            tokens.answering(Mono.just(SubscriptionGrant.PLAIN));
            assertThat(client.ask(subRefresh())).containsExactly("{'id':3,'sub_refresh':{}}");
            server.passSeconds(500);
            assertThat(client.heard()).isEmpty();
        }
    }

    @Test
    void subRefreshRefusesInTheOrderOfTheReferenceServer() {
        tokens.answering(Mono.just(SubscriptionGrant.PLAIN.expiringAt(Instant.ofEpochSecond(NOW + 10), false)));
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connect();

            assertThat(client.ask("{'id':3,'sub_refresh':{'channel':'chat:a'}}"))
                    .as("not subscribed comes first")
                    .containsExactly("{'id':3,'error':{'code':103,'message':'permission denied'}}");
            client.ask(SUBSCRIBE);
            assertThat(client.ask("{'id':3,'sub_refresh':{'channel':'chat:a'}}"))
                    .as("then whether it is the client that refreshes")
                    .isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);

            tokens.answering(Mono.just(until(NOW + 10)));
            client = server.client().connect();
            client.ask(SUBSCRIBE);
            assertThat(client.ask("{'id':3,'sub_refresh':{'channel':'chat:a'}}"))
                    .as("then the empty token")
                    .containsExactly("{'id':3,'error':{'code':107,'message':'bad request'}}");
            assertThat(client.ask("{'id':3,'sub_refresh':{'token':'t'}}")).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);
        }
    }

    private static final String SUBSCRIBE_WITHOUT_TOKEN = "{'id':2,'subscribe':{'channel':'chat:a'}}";

    @Test
    void subRefreshReadsATokenWhereTheClientSubscribedWithoutOne() {
        alice = Authentication.of("alice");
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connect();
            client.ask(SUBSCRIBE_WITHOUT_TOKEN);

            tokens.answering(Mono.just(until(NOW + 100)));

            assertThat(client.ask(subRefresh())).containsExactly("{'id':3,'sub_refresh':{'expires':true,'ttl':100}}");
            server.passSeconds(155);
            assertThat(client.heard()).hasSize(1);
        }
    }

    @Test
    void subRefreshWithABadTokenEndsTheConnectionWhereTheClientSubscribedWithoutOne() {
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connect();
            client.ask(SUBSCRIBE_WITHOUT_TOKEN);

            tokens.answering(Mono.error(ClientRefusedException.with(ClientError.PERMISSION_DENIED, "bad signature")));

            assertThat(client.ask(subRefresh())).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.INVALID_TOKEN);
        }
    }

    @Test
    void subRefreshIsABadRequestWhereTheServerSubscribed() {
        alice = Authentication.of("alice").withSubscriptions(Map.of("chat:a", SubscriptionGrant.PLAIN));
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connect();

            assertThat(client.ask(subRefresh())).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);
        }
    }

    @Test
    void subRefreshWithATokenThatIsNoGoodEndsTheConnection() {
        for (Mono<SubscriptionGrant> answer : List.<Mono<SubscriptionGrant>>of(
                Mono.empty(),
                Mono.error(ClientRefusedException.with(ClientError.PERMISSION_DENIED, "bad signature")),
                Mono.error(ClientRefusedException.with(Disconnect.INVALID_TOKEN, "another channel")))) {
            try (ScriptedServer server = setup().start()) {
                tokens.answering(Mono.just(until(NOW + 10)));
                ScriptedClient client = server.client().connect();
                client.ask(SUBSCRIBE);

                tokens.answering(answer);
                assertThat(client.ask(subRefresh())).isEmpty();
                assertThat(client.closedWith()).isEqualTo(Disconnect.INVALID_TOKEN);
            }
        }
    }

    @Test
    void subRefreshWithAnExpiredTokenEndsTheConnectionSoThatSdksSubscribeAgain() {
        for (Mono<SubscriptionGrant> answer : List.<Mono<SubscriptionGrant>>of(
                Mono.just(until(NOW)), Mono.error(ClientRefusedException.with(ClientError.TOKEN_EXPIRED, "expired")))) {
            try (ScriptedServer server = setup().start()) {
                tokens.answering(Mono.just(until(NOW + 10)));
                ScriptedClient client = server.client().connect();
                client.ask(SUBSCRIBE);

                tokens.answering(answer);
                assertThat(client.ask(subRefresh())).isEmpty();
                assertThat(client.closedWith()).isEqualTo(Disconnect.SUBSCRIPTION_EXPIRED);
            }
        }
    }

    @Test
    void answerToASubRefreshThatComesAfterTheEndOfTheSubscriptionIsHarmless() {
        Sinks.One<SubscriptionGrant> answer = Sinks.one();
        tokens.answering(Mono.just(until(NOW + 10)));
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connect();
            client.ask(SUBSCRIBE);
            tokens.answering(answer.asMono());
            client.tell(subRefresh());

            client.drop();
            answer.tryEmitValue(until(NOW + 100));
            server.run();

            assertThat(server.node().describe().subscriptions()).isZero();
        }
    }
}
