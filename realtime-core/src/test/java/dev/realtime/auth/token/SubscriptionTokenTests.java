package dev.realtime.auth.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.api.channel.Access;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.transport.BufferLeaks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Subscribing and refreshing subscriptions with tokens of keys of their own, from the outside. */
@ExtendWith(BufferLeaks.class)
class SubscriptionTokenTests {

    private static final String CONNECTIONS = "a secret for connections, of fair length";

    private static final String SUBSCRIPTIONS = "a secret for subscriptions, of fair length";

    private static final long NOW = ScriptedServer.START.getEpochSecond();

    private static final ClientIdentity ALICE = new ClientIdentity("c", "alice", null);

    private static final String OPENED = "{'id':2,'subscribe':{}}";

    private static final String DENIED = "{'id':2,'error':{'code':103,'message':'permission denied'}}";

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .client(options -> options.pingInterval(Duration.ZERO))
            .namespace(
                    "chat",
                    options -> options.history(new HistoryOptions(10, Duration.ofMinutes(1), Duration.ofHours(1)))
                            .presence(true)
                            .presenceAccess(new Access(false, true, true)))
            .namespace("open", options -> options.subscribeAccess(new Access(true, false, true)))
            .tokens(clock -> new JwtAuthenticator(
                    signatures(CONNECTIONS),
                    TokenRules.DEFAULTS,
                    signatures(SUBSCRIPTIONS),
                    TokenRules.DEFAULTS,
                    JwtAuthenticator.Settings.DEFAULTS,
                    clock))
            .start();

    private static SignatureVerifier signatures(String secret) {
        return SignatureVerifier.of(KeySource.of(List.of(TokenKey.hmac(secret.getBytes()))));
    }

    private ScriptedClient alice() {
        return server.client().connect(TokenForge.hs256(CONNECTIONS, "{'sub':'alice'}"));
    }

    private static String subscribe(String channel, String token) {
        return "{'id':2,'subscribe':{'channel':'" + channel + "','token':'" + token + "'}}";
    }

    private static String subscribeWith(String channel, String claims) {
        return subscribe(channel, TokenForge.hs256(SUBSCRIPTIONS, claims));
    }

    private static String subRefresh(String channel, String claims) {
        return "{'id':3,'sub_refresh':{'channel':'" + channel + "','token':'" + TokenForge.hs256(SUBSCRIPTIONS, claims)
                + "'}}";
    }

    // ---- Subscribe

    @Test
    void tokenOpensItsChannelForItsUser() {
        assertThat(alice().ask(subscribeWith("$chat:a", "{'sub':'alice','channel':'$chat:a'}")))
                .containsExactly(OPENED);
    }

    @Test
    void tokenForOneConnectionOpensItForThatOne() {
        ScriptedClient client = alice();

        assertThat(client.ask(
                        subscribeWith("chat:a", "{'sub':'alice','channel':'chat:a','client':'" + client.id() + "'}")))
                .containsExactly(OPENED);
    }

    @Test
    void anonymousClientNeedsATokenWithoutAUser() {
        ScriptedClient client = server.client().connect();

        assertThat(client.ask(subscribeWith("chat:a", "{'channel':'chat:a'}"))).containsExactly(OPENED);
    }

    @Test
    void infoDataAndOverridesComeWithTheToken() {
        ScriptedClient client = alice();

        assertThat(client.ask(subscribeWith(
                        "chat:a",
                        "{'sub':'alice','channel':'chat:a','info':{'i':1},'b64data':'eyJkIjoxfQ==',"
                                + "'override':{'force_recovery':{'value':true},'presence':{'value':true}}}")))
                .singleElement()
                .asString()
                .contains("'recoverable':true", "'positioned':true", "'data':{'d':1}");
        assertThat(client.ask("{'id':4,'presence':{'channel':'chat:a'}}"))
                .singleElement()
                .asString()
                .contains("'chan_info':{'i':1}");
    }

    @Test
    void overrideMayTurnPresenceOff() {
        ScriptedClient client = alice();
        client.tell(
                subscribeWith("chat:a", "{'sub':'alice','channel':'chat:a','override':{'presence':{'value':false}}}"));
        client.heard();

        assertThat(client.ask("{'id':4,'presence_stats':{'channel':'chat:a'}}"))
                .containsExactly("{'id':4,'presence_stats':{'num_clients':0,'num_users':0}}");
    }

    @Test
    void expIsTheTimeToRefreshAndExpireAtMovesIt() {
        assertThat(alice().ask(subscribeWith("chat:a", "{'sub':'alice','channel':'chat:a','exp':" + (NOW + 60) + "}")))
                .containsExactly("{'id':2,'subscribe':{'expires':true,'ttl':60}}");
        assertThat(alice().ask(subscribeWith(
                        "chat:a",
                        "{'sub':'alice','channel':'chat:a','exp':" + (NOW + 60) + ",'expire_at':" + (NOW + 90) + "}")))
                .containsExactly("{'id':2,'subscribe':{'expires':true,'ttl':90}}");
    }

    @Test
    void badTokenIsDeniedEvenWhereTheNamespaceIsOpen() {
        for (String token : List.of(
                "garbage",
                "a.b.c",
                TokenForge.hs256(CONNECTIONS, "{'sub':'alice','channel':'open:a'}"),
                TokenForge.hs256(SUBSCRIPTIONS, "{'sub':'alice'}"),
                TokenForge.hs256(SUBSCRIPTIONS, "{'sub':1,'channel':'open:a'}"))) {
            assertThat(alice().ask(subscribe("open:a", token))).as(token).containsExactly(DENIED);
        }
    }

    @Test
    void expiredTokenIsAnErrorThatMakesTheClientFetchAnother() {
        for (String times : List.of("'exp':" + NOW, "'nbf':" + (NOW + 5))) {
            assertThat(alice().ask(subscribeWith("open:a", "{'sub':'alice','channel':'other'," + times + "}")))
                    .as("the time is checked before the channel")
                    .containsExactly("{'id':2,'error':{'code':109,'message':'token expired'}}");
        }
    }

    @Test
    void leewayMovesTheTimesOfATokenAndTheEndOfItsSubscription() {
        TokenRules rules = TokenRules.DEFAULTS.withLeeway(Duration.ofSeconds(30));
        JwtAuthenticator tokens = verifier(rules);

        assertThat(tokens.subscription(ALICE, "chat:a", subscriptionToken("'exp':" + (NOW - 29)))
                        .block())
                .extracting(SubscriptionGrant::expireAtSeconds)
                .isEqualTo(NOW + 1);
        assertThat(tokens.subscription(ALICE, "chat:a", subscriptionToken("'nbf':" + (NOW + 30)))
                        .block())
                .isNotNull();
        assertThatThrownBy(() -> tokens.subscription(ALICE, "chat:a", subscriptionToken("'exp':" + (NOW - 30)))
                        .block())
                .isInstanceOfSatisfying(
                        ClientRefusedException.class,
                        refused -> assertThat(refused.error()).isEqualTo(ClientError.TOKEN_EXPIRED));
    }

    @Test
    void tokenThatSaysOnlyWhoTheUserIsOpensNoChannel() {
        JwtAuthenticator tokens = verifier(TokenRules.DEFAULTS.withIdentityOnly());

        assertThatThrownBy(() -> tokens.subscription(ALICE, "chat:a", subscriptionToken("'exp':" + (NOW + 60)))
                        .block())
                .isInstanceOfSatisfying(
                        ClientRefusedException.class,
                        refused -> assertThat(refused.error()).isEqualTo(ClientError.PERMISSION_DENIED));
    }

    private static JwtAuthenticator verifier(TokenRules rules) {
        return new JwtAuthenticator(
                signatures(SUBSCRIPTIONS),
                rules,
                JwtAuthenticator.Settings.DEFAULTS,
                Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC));
    }

    private static String subscriptionToken(String times) {
        return TokenForge.hs256(SUBSCRIPTIONS, "{'sub':'alice','channel':'chat:a'," + times + "}");
    }

    @Test
    void tokenOfAnotherChannelUserOrConnectionEndsTheConnection() {
        for (String claims : List.of(
                "{'sub':'alice','channel':'chat:b'}",
                "{'sub':'bob','channel':'chat:a'}",
                "{'channel':'chat:a'}",
                "{'sub':'alice','channel':'chat:a','client':'another'}")) {
            ScriptedClient client = alice();

            assertThat(client.ask(subscribeWith("chat:a", claims))).as(claims).isEmpty();
            assertThat(client.closedWith()).as(claims).isEqualTo(Disconnect.INVALID_TOKEN);
        }
    }

    @Test
    void subscriptionTokenDoesNotConnectNorTheOtherWayRound() {
        ScriptedClient client = server.client()
                .tell("{'id':1,'connect':{'token':'" + TokenForge.hs256(SUBSCRIPTIONS, "{'sub':'alice'}") + "'}}");

        assertThat(client.closedWith()).isEqualTo(Disconnect.INVALID_TOKEN);
        assertThat(alice().ask(subscribe("chat:a", TokenForge.hs256(CONNECTIONS, "{'sub':'alice'}"))))
                .containsExactly(DENIED);
    }

    // ---- Refresh

    @Test
    void subRefreshMovesTheEnd() {
        ScriptedClient client = alice();
        client.ask(subscribeWith("chat:a", "{'sub':'alice','channel':'chat:a','exp':" + (NOW + 10) + "}"));

        assertThat(client.ask(subRefresh("chat:a", "{'sub':'alice','channel':'chat:a','exp':" + (NOW + 300) + "}")))
                .containsExactly("{'id':3,'sub_refresh':{'expires':true,'ttl':300}}");
        server.passSeconds(120);
        assertThat(client.heard().toString()).doesNotContain("unsubscribe");
    }

    @Test
    void subscriptionThatIsNotRefreshedEnds() {
        ScriptedClient client = alice();
        client.ask(subscribeWith("chat:a", "{'sub':'alice','channel':'chat:a','exp':" + (NOW + 10) + "}"));

        server.passSeconds(70);

        assertThat(client.heard())
                .contains("{'push':{'channel':'chat:a','unsubscribe':{'code':2501,'reason':'subscription expired'}}}");
    }

    @Test
    void subRefreshWithAnExpiredTokenEndsTheConnection() {
        ScriptedClient client = alice();
        client.ask(subscribeWith("chat:a", "{'sub':'alice','channel':'chat:a','exp':" + (NOW + 10) + "}"));

        assertThat(client.ask(subRefresh("chat:a", "{'sub':'alice','channel':'chat:a','exp':" + NOW + "}")))
                .isEmpty();
        assertThat(client.closedWith()).isEqualTo(Disconnect.SUBSCRIPTION_EXPIRED);
    }

    @Test
    void subRefreshWithABadTokenEndsTheConnection() {
        for (String command : List.of(
                subRefresh("chat:a", "{'sub':'bob','channel':'chat:a'}"),
                subRefresh("chat:a", "{'sub':'alice','channel':'chat:b'}"),
                subRefresh("chat:a", "{'sub':'alice'}"),
                "{'id':3,'sub_refresh':{'channel':'chat:a','token':'garbage'}}")) {
            ScriptedClient client = alice();
            client.ask(subscribeWith("chat:a", "{'sub':'alice','channel':'chat:a','exp':" + (NOW + 10) + "}"));

            assertThat(client.ask(command)).as(command).isEmpty();
            assertThat(client.closedWith()).as(command).isEqualTo(Disconnect.INVALID_TOKEN);
        }
    }

    @Test
    void subRefreshWithoutASubscriptionOrATokenIsRefused() {
        ScriptedClient client = alice();
        assertThat(client.ask(subRefresh("chat:a", "{'sub':'alice','channel':'chat:a'}")))
                .containsExactly("{'id':3,'error':{'code':103,'message':'permission denied'}}");

        client.ask(subscribeWith("chat:a", "{'sub':'alice','channel':'chat:a','exp':" + (NOW + 10) + "}"));
        assertThat(client.ask("{'id':3,'sub_refresh':{'channel':'chat:a'}}"))
                .containsExactly("{'id':3,'error':{'code':107,'message':'bad request'}}");
    }
}
