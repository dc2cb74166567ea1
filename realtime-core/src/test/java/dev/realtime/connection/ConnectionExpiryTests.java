package dev.realtime.connection;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.transport.BufferLeaks;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Connections that end at a time, and the tokens that move it. */
@ExtendWith(BufferLeaks.class)
class ConnectionExpiryTests {

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

    private static String refresh() {
        return "{'id':3,'refresh':{'token':'new'}}";
    }

    private static String subRefresh() {
        return "{'id':3,'sub_refresh':{'channel':'chat:a','token':'new'}}";
    }

    @Test
    void clientThatShouldRefreshIsClosedSomeTimeAfterItsTokenExpired() {
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connected();

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
            ScriptedClient client = server.client().connected();

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
            ScriptedClient client = server.client().connected();
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
            ScriptedClient client = server.client().connected();

            assertThat(client.ask(refresh())).containsExactly("{'id':3,'refresh':{}}");
            server.passSeconds(1000);
            assertThat(client.closedWith()).isNull();
        }
    }

    @Test
    void refreshWithoutATokenOrWhereNoneIsExpectedIsABadRequest() {
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connected().tell("{'id':3,'refresh':{}}");
            assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);

            alice = Authentication.of("alice").expiringAt(Instant.ofEpochSecond(NOW + 60), false);
            client = server.client().connected().tell(refresh());
            assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);
        }
    }

    @Test
    void refreshReadsTheTokenWhereTheClientCameWithoutOne() {
        alice = Authentication.of("alice");
        try (ScriptedServer server = setup().start()) {
            tokens.renewing(Mono.error(ClientRefusedException.with(Disconnect.INVALID_TOKEN, "bad signature")));
            assertThat(server.client().connected().tell(refresh()).closedWith()).isEqualTo(Disconnect.INVALID_TOKEN);
            tokens.renewing(Mono.just(Authentication.of("bob")));
            assertThat(server.client().connected().tell(refresh()).closedWith()).isEqualTo(Disconnect.INVALID_TOKEN);
            tokens.renewing(Mono.error(ClientRefusedException.with(ClientError.TOKEN_EXPIRED, "expired")));
            assertThat(server.client().connected().tell(refresh()).closedWith()).isEqualTo(Disconnect.EXPIRED);

            tokens.renewing(Mono.just(Authentication.of("alice").expiringAt(Instant.ofEpochSecond(NOW + 60), true)));
            ScriptedClient client = server.client().connected();
            assertThat(client.ask(refresh())).containsExactly("{'id':3,'refresh':{'expires':true,'ttl':60}}");
            server.passSeconds(86);
            assertThat(client.closedWith()).isEqualTo(Disconnect.EXPIRED);
        }
    }

    @Test
    void tokenIsInvalidWhereNothingVerifiesTokens() {
        alice = Authentication.of("alice");
        try (ScriptedServer server = setup().tokens(clock -> null).start()) {
            assertThat(server.client().connected().tell(refresh()).closedWith()).isEqualTo(Disconnect.INVALID_TOKEN);

            ScriptedClient client = server.client().connected();
            client.subscribe("chat:a").send().tell(subRefresh());
            assertThat(client.closedWith()).isEqualTo(Disconnect.INVALID_TOKEN);
        }
    }

    @Test
    void emptyNameOfAChannelInANewTokenIsIgnored() {
        alice = Authentication.of("alice").withSubscriptions(Map.of("", SubscriptionGrant.PLAIN));
        tokens.renewing(Mono.fromSupplier(() -> alice));
        try (ScriptedServer server = setup().start()) {
            assertThat(server.client().connected().ask(refresh())).containsExactly("{'id':3,'refresh':{}}");
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
                ScriptedClient client = server.client().connected();

                assertThat(client.ask(refresh())).isEmpty();
                assertThat(client.closedWith()).isEqualTo(disconnect);
            });
        }
    }

    @Test
    void refreshThatFailsIsATemporaryErrorAndMovesNothing() {
        tokens.renewing(Mono.error(new IllegalStateException("on purpose")));
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connected();

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
            ScriptedClient client = server.client().connected();
            client.subscribe("chat:own").send();
            assertThat(client.ask(refresh())).containsExactly("{'id':3,'refresh':{}}");

            tokens.renewing(Mono.just(Authentication.of("alice").expiringAt(Instant.ofEpochSecond(NOW + 120), true)));
            client = server.client().connected();
            assertThat(client.ask(refresh())).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.INSUFFICIENT_STATE);
        }
    }

    @Test
    void personalChannelIsNoChannelOfTheToken() {
        tokens.renewing(Mono.just(Authentication.of("alice").expiringAt(Instant.ofEpochSecond(NOW + 120), true)));
        try (ScriptedServer server =
                setup().client(options -> options.personalChannel(true)).start()) {
            ScriptedClient client = server.client().connected();

            assertThat(client.ask(refresh())).containsExactly("{'id':3,'refresh':{'expires':true,'ttl':120}}");
        }
    }

    @Test
    void infoOfTheNextTokenReplacesTheFirst() {
        alice = alice.withInfo(Payload.ofText("1"));
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connected();
            client.subscribe("chat:a").send();

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
            ScriptedClient client = server.client().connected().tell(refresh());

            client.drop();
            answer.tryEmitValue(Authentication.of("alice").expiringAt(Instant.ofEpochSecond(NOW + 1_000_000), true));
            server.run();

            assertThat(server.executor().hasTimers()).isFalse();
        }
    }
}
