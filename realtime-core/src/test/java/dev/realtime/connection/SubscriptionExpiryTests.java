package dev.realtime.connection;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.node.Pushes.unsubscribe;
import static dev.realtime.node.SubscribedReply.SUBSCRIBED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
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

/** Subscriptions that end at a time, and the tokens that move it. */
@ExtendWith(BufferLeaks.class)
class SubscriptionExpiryTests {

    private static final long NOW = ScriptedServer.START.getEpochSecond();

    private final ScriptedTokens tokens = new ScriptedTokens();

    private Authentication alice = Authentication.of("alice").expiringAt(Instant.ofEpochSecond(NOW + 60), true);

    private ScriptedServer.Setup setup() {
        return ScriptedServer.setup()
                .client(options -> options.pingInterval(Duration.ZERO))
                .namespace("chat", options -> options.subscribeAccess(ANYONE).presence(true))
                .authenticator(context -> Mono.just(alice))
                .tokenAuthenticator(tokens);
    }

    private static String subRefresh() {
        return "{'id':3,'sub_refresh':{'channel':'chat:a','token':'new'}}";
    }

    private static SubscriptionGrant until(long atSeconds) {
        return SubscriptionGrant.PLAIN.expiringAt(UnixTime.moment(atSeconds), true);
    }

    @Test
    void expiredSubscriptionIsEndedWithAPushOnTheNextPresenceTick() {
        tokens.answering(Mono.just(until(NOW + 10)));
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connected();
            client.subscribe("chat:a").token("t").reply();

            // 10 s and the delay of 25 s are over before the second tick, 27 s after the first at 20 s.
            server.passSeconds(46);
            assertThat(client.heard()).isEmpty();
            server.passSeconds(2);

            assertThat(client.heard()).containsExactly(unsubscribe("chat:a", 2501, "subscription expired"));
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
            ScriptedClient client = server.client().connected();

            server.passSeconds(48);

            assertThat(client.closedWith()).isEqualTo(Disconnect.SUBSCRIPTION_EXPIRED);
            assertThat(server.engine().present()).isEmpty();
        }
    }

    @Test
    void subscriptionDoesNotExpireBeforeItsReply() {
        tokens.answering(Mono.just(until(NOW + 10)));
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connected();
            server.engine().hold(Call.ADD_PRESENCE);
            client.subscribe("chat:a").token("t").send();

            server.passSeconds(48);
            assertThat(client.heard()).isEmpty();
            server.engine().release(Call.ADD_PRESENCE);
            server.passSeconds(27);

            assertThat(client.reply()).isEqualTo(SUBSCRIBED.expiringIn(10));
            assertThat(client.heard()).containsExactly(unsubscribe("chat:a", 2501, "subscription expired"));
        }
    }

    @Test
    void subRefreshMovesTheEndOfASubscription() {
        tokens.answering(Mono.just(until(NOW + 10)));
        alice = Authentication.of("alice");
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connected();
            client.subscribe("chat:a").token("t").reply();

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
            ScriptedClient client = server.client().connected();
            client.subscribe("chat:a").token("t").reply();

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
            ScriptedClient client = server.client().connected();

            assertThat(client.ask("{'id':3,'sub_refresh':{'channel':'chat:a'}}"))
                    .as("not subscribed comes first")
                    .containsExactly("{'id':3,'error':{'code':103,'message':'permission denied'}}");
            client.subscribe("chat:a").token("t").reply();
            assertThat(client.ask("{'id':3,'sub_refresh':{'channel':'chat:a'}}"))
                    .as("then whether it is the client that refreshes")
                    .isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);

            tokens.answering(Mono.just(until(NOW + 10)));
            client = server.client().connected();
            client.subscribe("chat:a").token("t").reply();
            assertThat(client.ask("{'id':3,'sub_refresh':{'channel':'chat:a'}}"))
                    .as("then the empty token")
                    .containsExactly("{'id':3,'error':{'code':107,'message':'bad request'}}");
            assertThat(client.ask("{'id':3,'sub_refresh':{'token':'t'}}")).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);
        }
    }

    @Test
    void subRefreshReadsATokenWhereTheClientSubscribedWithoutOne() {
        alice = Authentication.of("alice");
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connected();
            client.subscribe("chat:a").reply();

            tokens.answering(Mono.just(until(NOW + 100)));

            assertThat(client.ask(subRefresh())).containsExactly("{'id':3,'sub_refresh':{'expires':true,'ttl':100}}");
            server.passSeconds(155);
            assertThat(client.heard()).hasSize(1);
        }
    }

    @Test
    void subRefreshWithABadTokenEndsTheConnectionWhereTheClientSubscribedWithoutOne() {
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connected();
            client.subscribe("chat:a").reply();

            tokens.answering(Mono.error(ClientRefusedException.with(ClientError.PERMISSION_DENIED, "bad signature")));

            assertThat(client.ask(subRefresh())).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.INVALID_TOKEN);
        }
    }

    @Test
    void subRefreshIsABadRequestWhereTheServerSubscribed() {
        alice = Authentication.of("alice").withSubscriptions(Map.of("chat:a", SubscriptionGrant.PLAIN));
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connected();

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
                ScriptedClient client = server.client().connected();
                client.subscribe("chat:a").token("t").reply();

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
                ScriptedClient client = server.client().connected();
                client.subscribe("chat:a").token("t").reply();

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
            ScriptedClient client = server.client().connected();
            client.subscribe("chat:a").token("t").reply();
            tokens.answering(answer.asMono());
            client.tell(subRefresh());

            client.drop();
            answer.tryEmitValue(until(NOW + 100));
            server.run();

            assertThat(server.node().describe().subscriptions()).isZero();
        }
    }
}
