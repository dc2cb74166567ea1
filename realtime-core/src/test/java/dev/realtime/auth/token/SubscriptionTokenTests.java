package dev.realtime.auth.token;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static dev.realtime.node.ErrorReply.PERMISSION_DENIED;
import static dev.realtime.node.ErrorReply.error;
import static dev.realtime.node.SubscribedReply.SUBSCRIBED;
import static dev.realtime.node.SubscribedReply.recoverable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.api.channel.Access;
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

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .client(options -> options.pingInterval(Duration.ZERO))
            .namespace(
                    "chat",
                    options ->
                            options.history(keeping(10)).presence(true).presenceAccess(new Access(false, true, true)))
            .namespace("open", options -> options.subscribeAccess(ANYONE))
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
        return server.client().connected(TokenForge.hs256(CONNECTIONS, "{'sub':'alice'}"));
    }

    private static String token(String claims) {
        return TokenForge.hs256(SUBSCRIPTIONS, claims);
    }

    private static String subRefresh(String channel, String claims) {
        return "{'id':3,'sub_refresh':{'channel':'" + channel + "','token':'" + token(claims) + "'}}";
    }

    // ---- Subscribe

    @Test
    void tokenOpensItsChannelForItsUser() {
        assertThat(alice().subscribe("$chat:a")
                        .token(token("{'sub':'alice','channel':'$chat:a'}"))
                        .reply())
                .isEqualTo(SUBSCRIBED);
    }

    @Test
    void tokenForOneConnectionOpensItForThatOne() {
        ScriptedClient client = alice();

        assertThat(client.subscribe("chat:a")
                        .token(token("{'sub':'alice','channel':'chat:a','client':'" + client.id() + "'}"))
                        .reply())
                .isEqualTo(SUBSCRIBED);
    }

    @Test
    void anonymousClientNeedsATokenWithoutAUser() {
        ScriptedClient client = server.client().connected();

        assertThat(client.subscribe("chat:a")
                        .token(token("{'channel':'chat:a'}"))
                        .reply())
                .isEqualTo(SUBSCRIBED);
    }

    @Test
    void infoDataAndOverridesComeWithTheToken() {
        ScriptedClient client = alice();

        String token = token("{'sub':'alice','channel':'chat:a','info':{'i':1},'b64data':'eyJkIjoxfQ==',"
                + "'override':{'force_recovery':{'value':true},'presence':{'value':true}}}");
        assertThat(client.subscribe("chat:a").token(token).reply())
                .isEqualTo(recoverable(0, "e1").withData("{'d':1}"));
        assertThat(client.ask("{'id':4,'presence':{'channel':'chat:a'}}"))
                .singleElement()
                .asString()
                .contains("'chan_info':{'i':1}");
    }

    @Test
    void tokenWhoseFilterIsWrongIsNotAccepted() {
        for (String filter :
                List.of("{}", "{'key':'a','cmp':'like','val':'b'}", "{'op':'and','nodes':[]}", "'x'", "[]")) {
            String token = token("{'sub':'alice','channel':'chat:a','server_tags_filter':" + filter + "}");

            assertThat(alice().subscribe("chat:a").token(token).error().code())
                    .as(filter)
                    .isEqualTo(103);
        }
    }

    @Test
    void overrideMayTurnPresenceOff() {
        ScriptedClient client = alice();
        client.subscribe("chat:a")
                .token(token("{'sub':'alice','channel':'chat:a','override':{'presence':{'value':false}}}"))
                .send();
        client.heard();

        assertThat(client.ask("{'id':4,'presence_stats':{'channel':'chat:a'}}"))
                .containsExactly("{'id':4,'presence_stats':{'num_clients':0,'num_users':0}}");
    }

    @Test
    void expIsTheTimeToRefreshAndExpireAtMovesIt() {
        assertThat(alice().subscribe("chat:a")
                        .token(token("{'sub':'alice','channel':'chat:a','exp':" + (NOW + 60) + "}"))
                        .reply())
                .isEqualTo(SUBSCRIBED.expiringIn(60));
        assertThat(alice().subscribe("chat:a")
                        .token(token("{'sub':'alice','channel':'chat:a','exp':" + (NOW + 60) + ",'expire_at':"
                                + (NOW + 90) + "}"))
                        .reply())
                .isEqualTo(SUBSCRIBED.expiringIn(90));
    }

    @Test
    void badTokenIsDeniedEvenWhereTheNamespaceIsOpen() {
        for (String token : List.of(
                "garbage",
                "a.b.c",
                TokenForge.hs256(CONNECTIONS, "{'sub':'alice','channel':'open:a'}"),
                token("{'sub':'alice'}"),
                token("{'sub':1,'channel':'open:a'}"))) {
            assertThat(alice().subscribe("open:a").token(token).error())
                    .as(token)
                    .isEqualTo(PERMISSION_DENIED);
        }
    }

    @Test
    void expiredTokenIsAnErrorThatMakesTheClientFetchAnother() {
        for (String times : List.of("'exp':" + NOW, "'nbf':" + (NOW + 5))) {
            assertThat(alice().subscribe("open:a")
                            .token(token("{'sub':'alice','channel':'other'," + times + "}"))
                            .error())
                    .as("the time is checked before the channel")
                    .isEqualTo(error(109, "token expired"));
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
        return token("{'sub':'alice','channel':'chat:a'," + times + "}");
    }

    @Test
    void tokenOfAnotherChannelUserOrConnectionEndsTheConnection() {
        for (String claims : List.of(
                "{'sub':'alice','channel':'chat:b'}",
                "{'sub':'bob','channel':'chat:a'}",
                "{'channel':'chat:a'}",
                "{'sub':'alice','channel':'chat:a','client':'another'}")) {
            ScriptedClient client = alice();

            assertThat(client.subscribe("chat:a").token(token(claims)).messages())
                    .as(claims)
                    .isEmpty();
            assertThat(client.closedWith()).as(claims).isEqualTo(Disconnect.INVALID_TOKEN);
        }
    }

    @Test
    void subscriptionTokenDoesNotConnectNorTheOtherWayRound() {
        ScriptedClient client = server.client().tell("{'id':1,'connect':{'token':'" + token("{'sub':'alice'}") + "'}}");

        assertThat(client.closedWith()).isEqualTo(Disconnect.INVALID_TOKEN);
        assertThat(alice().subscribe("chat:a")
                        .token(TokenForge.hs256(CONNECTIONS, "{'sub':'alice'}"))
                        .error())
                .isEqualTo(PERMISSION_DENIED);
    }

    // ---- Refresh

    @Test
    void subRefreshMovesTheEnd() {
        ScriptedClient client = alice();
        client.subscribe("chat:a")
                .token(token("{'sub':'alice','channel':'chat:a','exp':" + (NOW + 10) + "}"))
                .reply();

        assertThat(client.ask(subRefresh("chat:a", "{'sub':'alice','channel':'chat:a','exp':" + (NOW + 300) + "}")))
                .containsExactly("{'id':3,'sub_refresh':{'expires':true,'ttl':300}}");
        server.passSeconds(120);
        assertThat(client.heard().toString()).doesNotContain("unsubscribe");
    }

    @Test
    void subscriptionThatIsNotRefreshedEnds() {
        ScriptedClient client = alice();
        client.subscribe("chat:a")
                .token(token("{'sub':'alice','channel':'chat:a','exp':" + (NOW + 10) + "}"))
                .reply();

        server.passSeconds(70);

        assertThat(client.heard())
                .contains("{'push':{'channel':'chat:a','unsubscribe':{'code':2501,'reason':'subscription expired'}}}");
    }

    @Test
    void subRefreshWithAnExpiredTokenEndsTheConnection() {
        ScriptedClient client = alice();
        client.subscribe("chat:a")
                .token(token("{'sub':'alice','channel':'chat:a','exp':" + (NOW + 10) + "}"))
                .reply();

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
            client.subscribe("chat:a")
                    .token(token("{'sub':'alice','channel':'chat:a','exp':" + (NOW + 10) + "}"))
                    .reply();

            assertThat(client.ask(command)).as(command).isEmpty();
            assertThat(client.closedWith()).as(command).isEqualTo(Disconnect.INVALID_TOKEN);
        }
    }

    @Test
    void subRefreshWithoutASubscriptionOrATokenIsRefused() {
        ScriptedClient client = alice();
        assertThat(client.ask(subRefresh("chat:a", "{'sub':'alice','channel':'chat:a'}")))
                .containsExactly("{'id':3,'error':{'code':103,'message':'permission denied'}}");

        client.subscribe("chat:a")
                .token(token("{'sub':'alice','channel':'chat:a','exp':" + (NOW + 10) + "}"))
                .reply();
        assertThat(client.ask("{'id':3,'sub_refresh':{'channel':'chat:a'}}"))
                .containsExactly("{'id':3,'error':{'code':107,'message':'bad request'}}");
    }
}
