package dev.realtime.auth.token;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.Disconnect;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.transport.BufferLeaks;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that no client can connect with. */
@ExtendWith(BufferLeaks.class)
class BadConnectionTokenTests {

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
                .tokens(clock -> new JwtAuthenticator(signatures, rules, settings, clock));
    }

    private static TokenRules rules(@Nullable String issuer, @Nullable String audience) {
        return TokenRules.DEFAULTS
                .withIssuer(new TokenRules.Match(issuer, null))
                .withAudience(new TokenRules.Match(audience, null));
    }

    private static String connect(String claims) {
        return "{'id':1,'connect':{'token':'" + TokenForge.hs256(SECRET, claims) + "'}}";
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, -1000, -NOW_AND_MORE})
    void expiredTokenIsAnErrorThatMakesTheClientFetchAnother(long afterNow) {
        try (ScriptedServer server = setup().start()) {
            assertThat(server.client().ask(connect("{'sub':'alice','exp':" + (NOW + afterNow) + "}")))
                    .containsExactly(EXPIRED);
        }
    }

    private static final long NOW_AND_MORE = 3_000_000_000L;

    @Test
    void tokenWhoseTimeHasNotBegunIsTakenForExpired() {
        try (ScriptedServer server = setup().start()) {
            assertThat(server.client().ask(connect("{'sub':'alice','nbf':" + (NOW + 1) + "}")))
                    .containsExactly(EXPIRED);
            assertThat(server.client().ask(connect("{'sub':'alice','nbf':" + NOW + "}")))
                    .hasSize(1)
                    .doesNotContain(EXPIRED);
        }
    }

    @Test
    void leewayMovesTheTimesOfATokenAndTheEndOfItsConnection() {
        TokenRules rules = TokenRules.DEFAULTS.withLeeway(Duration.ofSeconds(30));
        try (ScriptedServer server =
                setup(rules, JwtAuthenticator.Settings.DEFAULTS).start()) {
            assertThat(server.client().ask(connect("{'sub':'alice','exp':" + (NOW - 30) + "}")))
                    .containsExactly(EXPIRED);
            assertThat(server.client().ask(connect("{'sub':'alice','nbf':" + (NOW + 31) + "}")))
                    .containsExactly(EXPIRED);
            assertThat(server.client()
                            .ask(connect("{'sub':'alice','nbf':" + (NOW + 30) + ",'iat':" + (NOW + 30) + "}")))
                    .singleElement()
                    .asString()
                    .contains("'client':");

            ScriptedClient client = server.client();
            assertThat(client.ask(connect("{'sub':'alice','exp':" + (NOW - 20) + "}")))
                    .singleElement()
                    .asString()
                    .contains("'expires':true,'ttl':10");
            server.passSeconds(36);
            assertThat(client.closedWith()).isEqualTo(Disconnect.EXPIRED);
        }
    }

    @Test
    void tokenThatSaysOnlyWhoTheUserIsOpensNothing() {
        TokenRules rules = TokenRules.DEFAULTS.withIdentityOnly();
        try (ScriptedServer server =
                setup(rules, JwtAuthenticator.Settings.DEFAULTS).start()) {
            for (String claims : List.of(
                    "'channels':['news:a']",
                    "'subs':{'news:a':{}}",
                    "'channel':'news:a'",
                    "'info':{'admin':true},'meta':{'admin':true}",
                    "'expire_at':0",
                    // The same names in tokens of another issuer, with another meaning and type.
                    "'channels':7,'subs':'x','channel':{},'data':1,'client':5,'override':[],'b64info':'*'")) {
                ScriptedClient client = server.client();

                assertThat(client.ask(connect("{'sub':'alice','exp':" + (NOW + 60) + "," + claims + "}")))
                        .as(claims)
                        .singleElement()
                        .asString()
                        .contains("'expires':true,'ttl':60")
                        .doesNotContain("subs");
            }
        }
    }

    @Test
    void badSignatureIsToldBeforeExpiry() {
        String claims = "{'sub':'alice','exp':" + (NOW - 1) + "}";
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client()
                    .tell("{'id':1,'connect':{'token':'" + TokenForge.hs256("another secret", claims) + "'}}");

            assertThat(client.closedWith()).isEqualTo(Disconnect.INVALID_TOKEN);
        }
    }

    @Test
    void clientThatWasToldOfItsExpiredTokenIsNotReadAnyMore() {
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client();
            client.ask(connect("{'sub':'alice','exp':" + NOW + "}"));

            assertThat(client.ask(connect("{'sub':'alice'}"))).isEmpty();
            server.passSeconds(11);
            assertThat(client.closedWith()).isEqualTo(Disconnect.STALE);
        }
    }

    @Test
    void issuerAndAudienceMustBeTheConfiguredOnesEvenOfAnExpiredToken() {
        try (ScriptedServer server = setup(rules("us", "realtime"), JwtAuthenticator.Settings.DEFAULTS)
                .start()) {
            for (String claims : List.of(
                    "{'sub':'a'}",
                    "{'sub':'a','iss':'us'}",
                    "{'sub':'a','iss':'us','aud':'other'}",
                    "{'sub':'a','iss':'us','aud':[]}",
                    "{'sub':'a','iss':'them','aud':'realtime'}",
                    "{'sub':'a','iss':'them','aud':'realtime','exp':" + NOW + "}")) {
                assertThat(server.client().tell(connect(claims)).closedWith())
                        .as(claims)
                        .isEqualTo(Disconnect.INVALID_TOKEN);
            }
            assertThat(server.client().ask(connect("{'sub':'a','iss':'us','aud':'realtime'}")))
                    .hasSize(1);
            assertThat(server.client().ask(connect("{'sub':'a','iss':'us','aud':['x','realtime']}")))
                    .hasSize(1);
        }
    }

    @Test
    void patternsAreFoundInIssuerAndAudience() {
        TokenRules rules = TokenRules.DEFAULTS
                .withIssuer(new TokenRules.Match(null, Pattern.compile("^https://(a|b)\\.org$")))
                .withAudience(new TokenRules.Match(null, Pattern.compile("time")));
        try (ScriptedServer server =
                setup(rules, JwtAuthenticator.Settings.DEFAULTS).start()) {
            assertThat(server.client().ask(connect("{'sub':'a','iss':'https://b.org','aud':['x','realtime']}")))
                    .hasSize(1);
            for (String claims : List.of(
                    "{'sub':'a','iss':'https://c.org','aud':'realtime'}",
                    "{'sub':'a','iss':'https://a.org','aud':'x'}")) {
                assertThat(server.client().tell(connect(claims)).closedWith())
                        .as(claims)
                        .isEqualTo(Disconnect.INVALID_TOKEN);
            }
        }
    }

    @Test
    void tokenWithoutExpIsRefusedWhereOneIsDemanded() {
        try (ScriptedServer server = setup(
                        TokenRules.DEFAULTS.requiringExpiration(), JwtAuthenticator.Settings.DEFAULTS)
                .start()) {
            assertThat(server.client().tell(connect("{'sub':'alice'}")).closedWith())
                    .isEqualTo(Disconnect.INVALID_TOKEN);
            assertThat(server.client().ask(connect("{'sub':'alice','exp':" + (NOW + 60) + "}")))
                    .hasSize(1);
        }
    }
}
