package dev.realtime.auth.token;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.spi.transport.WireForm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;

/** Connecting and refreshing connections with tokens: claims, and refreshes. */
@ExtendWith(BufferLeaks.class)
class ConnectionTokenTests {

    private static final String SECRET = "a secret of more than thirty-two bytes";

    private static final long NOW = ScriptedServer.START.getEpochSecond();

    private static final String EXPIRED = "{'id':1,'error':{'code':109,'message':'token expired'}}";

    private static ScriptedServer.Setup setup() {
        return setup(TokenRules.DEFAULTS, JwtAuthenticator.Settings.DEFAULTS);
    }

    private static ScriptedServer.Setup setup(TokenRules rules, JwtAuthenticator.Settings settings) {
        SignatureVerifier signatures = SignatureVerifier.of(KeySource.of(List.of(TokenKey.hmac(SECRET.getBytes()))));
        return ScriptedServer.setup()
                .client(options ->
                        options.allowAnonymousConnectWithoutToken(false).pingInterval(Duration.ZERO))
                .namespace("news", options -> options.presence(true).presenceAccess(ANYONE))
                .namespace("chat", options -> options.history(keeping(10)))
                .tokens(clock -> new JwtAuthenticator(signatures, rules, settings, clock));
    }

    private static String connect(String claims) {
        return "{'id':1,'connect':{'token':'" + TokenForge.hs256(SECRET, claims) + "'}}";
    }

    private static String refresh(String claims) {
        return "{'id':3,'refresh':{'token':'" + TokenForge.hs256(SECRET, claims) + "'}}";
    }

    private static List<String> users(ScriptedServer server, String user) {
        return server.await(server.node().clients().connections(user).collectList()).stream()
                .map(client -> client.userId() + " in " + client.channels())
                .toList();
    }

    // ---- Claims

    @Test
    void subjectIsTheUserAndExpIsTheTimeToRefresh() {
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client();

            assertThat(client.ask(connect("{'sub':'alice','exp':" + (NOW + 60) + "}")))
                    .singleElement()
                    .asString()
                    .contains("'expires':true,'ttl':60");
            assertThat(users(server, "alice")).containsExactly("alice in []");
        }
    }

    @Test
    void tokenWithoutExpNeverExpires() {
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client();

            assertThat(client.ask(connect("{'sub':'alice'}")))
                    .singleElement()
                    .asString()
                    .doesNotContain("expires");
            server.passSeconds(3600);
            assertThat(client.closedWith()).isNull();
        }
    }

    @Test
    void tokenWithoutSubjectIsOfNobodyInParticular() {
        try (ScriptedServer server = setup().start()) {
            server.client().tell(connect("{}"));

            assertThat(users(server, "")).containsExactly(" in []");
        }
    }

    @Test
    void anonymousTokenIsRefusedWhereDisallowed() {
        try (ScriptedServer server = setup(TokenRules.DEFAULTS, new JwtAuthenticator.Settings(false, true))
                .start()) {
            ScriptedClient client = server.client().tell(connect("{}"));

            assertThat(client.closedWith()).isEqualTo(Disconnect.PERMISSION_DENIED);
            assertThat(server.client().ask(connect("{'sub':'alice'}"))).hasSize(1);
        }
    }

    @Test
    void connectionsDoNotEndWithTheirTokensWhereThatIsTurnedOff() {
        try (ScriptedServer server = setup(TokenRules.DEFAULTS, new JwtAuthenticator.Settings(true, false))
                .start()) {
            assertThat(server.client().ask(connect("{'sub':'alice','exp':" + (NOW + 60) + "}")))
                    .singleElement()
                    .asString()
                    .doesNotContain("expires");
            assertThat(server.client().ask(connect("{'sub':'alice','exp':" + NOW + "}")))
                    .containsExactly(EXPIRED);
        }
    }

    @Test
    void expireAtMovesTheEndAndZeroTakesItAway() {
        try (ScriptedServer server = setup().start()) {
            assertThat(server.client()
                            .ask(connect("{'sub':'a','exp':" + (NOW + 60) + ",'expire_at':" + (NOW + 600) + "}")))
                    .singleElement()
                    .asString()
                    .contains("'ttl':600");
            assertThat(server.client().ask(connect("{'sub':'a','exp':" + (NOW + 60) + ",'expire_at':0}")))
                    .singleElement()
                    .asString()
                    .doesNotContain("expires");
            assertThat(server.client().ask(connect("{'sub':'a','exp':" + NOW + ",'expire_at':0}")))
                    .as("exp is checked all the same")
                    .containsExactly(EXPIRED);
            assertThat(server.client().ask(connect("{'sub':'a','expire_at':" + (NOW - 1) + "}")))
                    .containsExactly("{'id':1,'error':{'code':110,'message':'expired'}}");
        }
    }

    @Test
    void infoIsSeenByOthersByteForByte() {
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client()
                    .tell(connect(
                            "{'sub':'alice','info':{'n':1.0, 'big':12345678901234567890},'channels':['news:a']}"));
            client.heard();

            assertThat(client.ask("{'id':2,'presence':{'channel':'news:a'}}"))
                    .singleElement()
                    .asString()
                    .contains("'conn_info':{'n':1.0, 'big':12345678901234567890}");
        }
    }

    @Test
    void base64InfoCountsInPlaceOfInfo() {
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client()
                    .tell(connect("{'sub':'alice','info':1,'b64info':'eyJhIjoyfQ==','channels':['news:a']}"));
            client.heard();

            assertThat(client.ask("{'id':2,'presence':{'channel':'news:a'}}"))
                    .singleElement()
                    .asString()
                    .contains("'conn_info':{'a':2}");
        }
    }

    @Test
    void channelsOfTheTokenAreSubscribedWithoutAPermissionCheck() {
        try (ScriptedServer server = setup().start()) {
            assertThat(server.client().ask(connect("{'sub':'alice','channels':['chat:a','$chat:b']}")))
                    .singleElement()
                    .asString()
                    .contains("'subs':{", "'chat:a':{}", "'$chat:b':{}");
        }
    }

    @Test
    void subsOfTheTokenCountInPlaceOfChannelsAndCarryOverridesAndData() {
        try (ScriptedServer server = setup().start()) {
            String subs = "{'chat:a':{'data':{'hello':1},'override':{'force_positioning':{'value':true}}},"
                    + "'chat:b':{'b64data':'Mg=='}}";

            assertThat(server.client().ask(connect("{'sub':'alice','channels':['news:a'],'subs':" + subs + "}")))
                    .singleElement()
                    .asString()
                    .contains("'chat:a':{'epoch':", "'positioned':true,'data':{'hello':1}", "'chat:b':{'data':2}")
                    .doesNotContain("news:a");
        }
    }

    @Test
    void channelOfAnUnknownNamespaceIsAnErrorAndTooManyEndTheConnection() {
        try (ScriptedServer server =
                setup().client(options -> options.channelLimit(2)).start()) {
            for (String claim : List.of("'channels':['no:a']", "'subs':{'no:a':{}}")) {
                assertThat(server.client().ask(connect("{'sub':'a'," + claim + "}")))
                        .containsExactly("{'id':1,'error':{'code':102,'message':'unknown channel'}}");
            }
            ScriptedClient greedy =
                    server.client().tell(connect("{'sub':'a','channels':['news:a','news:b','news:c']}"));
            assertThat(greedy.closedWith()).isEqualTo(Disconnect.CHANNEL_LIMIT);
        }
    }

    @Test
    void metaAndPrincipalAreSeenByAuthorizersAndNotByClients() {
        List<ClientIdentity> asked = new ArrayList<>();
        ChannelAuthorizer authorizer = new ChannelAuthorizer() {
            @Override
            public Mono<SubscriptionGrant> authorizeSubscribe(
                    ClientIdentity client, Channel channel, @Nullable Payload data) {
                asked.add(client);
                return Mono.empty();
            }
        };
        try (ScriptedServer server = setup().authorizer(authorizer).start()) {
            ScriptedClient client = server.client(WireForm.JSON_WEBSOCKET, () -> "bob of the session")
                    .tell(connect("{'sub':'alice','meta':{'tier':2}}"))
                    .tell("{'id':2,'subscribe':{'channel':'chat:a'}}");

            assertThat(client.heard().toString()).doesNotContain("tier");
            assertThat(asked).singleElement().satisfies(identity -> {
                assertThat(identity.userId()).isEqualTo("alice");
                assertThat(identity.principal()).isNotNull();
                assertThat(identity.principal().getName()).isEqualTo("alice");
                assertThat(identity.meta()).isEqualTo(Payload.ofText("{\"tier\":2}"));
            });
        }
    }

    @Test
    void userIdMayStandInAnotherClaimAsTextOrNumber() {
        TokenRules rules = TokenRules.DEFAULTS.withUserIdClaim("user_id");
        try (ScriptedServer server =
                setup(rules, JwtAuthenticator.Settings.DEFAULTS).start()) {
            server.client().tell(connect("{'sub':'not this','user_id':42}"));
            server.client().tell(connect("{'sub':'not this','user_id':'forty-two'}"));
            server.client().tell(connect("{'sub':'not this'}"));

            assertThat(users(server, "42")).hasSize(1);
            assertThat(users(server, "forty-two")).hasSize(1);
            assertThat(users(server, "")).hasSize(1);
            assertThat(server.client().tell(connect("{'user_id':{}}")).closedWith())
                    .isEqualTo(Disconnect.INVALID_TOKEN);
        }
    }

    // ---- Refresh

    @Test
    void refreshMovesTheEndAndReplacesInfoAndMeta() {
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client()
                    .tell(connect("{'sub':'alice','exp':" + (NOW + 60) + ",'info':1,'channels':['news:a']}"));
            client.heard();

            assertThat(client.ask(refresh("{'sub':'alice','exp':" + (NOW + 90) + ",'info':2,'channels':['news:a']}")))
                    .containsExactly("{'id':3,'refresh':{'expires':true,'ttl':90}}");
            server.passSeconds(110);
            assertThat(client.closedWith()).isNull();
            server.passSeconds(6);
            assertThat(client.closedWith()).isEqualTo(Disconnect.EXPIRED);
        }
    }

    @Test
    void refreshEndsTheConnectionForATokenThatIsNoGood() {
        try (ScriptedServer server = setup().start()) {
            assertThat(refreshed(server, "{'sub':'alice','exp':" + NOW + "}")).isEqualTo(Disconnect.EXPIRED);
            assertThat(refreshed(server, "{'sub':'bob'}")).isEqualTo(Disconnect.INVALID_TOKEN);
            assertThat(refreshed(server, "{'sub':'alice','channel':'news:a'}")).isEqualTo(Disconnect.INVALID_TOKEN);
            assertThat(refreshed(server, "{'sub':'alice','channels':['news:a']}"))
                    .isEqualTo(Disconnect.INSUFFICIENT_STATE);
        }
    }

    private static @Nullable Disconnect refreshed(ScriptedServer server, String claims) {
        return server.client()
                .tell(connect("{'sub':'alice','exp':" + (NOW + 60) + "}"))
                .tell(refresh(claims))
                .closedWith();
    }
}
