package dev.realtime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.realtime.auth.token.TestKeys;
import dev.realtime.auth.token.TokenForge;
import dev.realtime.autoconfigure.token.KeySetServer;
import dev.realtime.spi.transport.RawWebSocketClient;
import java.io.IOException;
import java.security.PrivateKey;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.web.server.SecurityWebFilterChain;

/** A resource server with JWT access tokens, whose keys its identity provider publishes. */
class ResourceServerIdentityTests {

    private static KeySetServer provider;

    private static RunningApplication application;

    @BeforeAll
    static void start() throws IOException {
        provider = KeySetServer.start();
        application = RunningApplication.start(
                Application.class,
                "provider=" + provider.address(),
                "realtime.client.handler-timeout=9s", // a decoder that is used first takes its time
                "realtime.channel.namespaces.chat.presence=true");
    }

    @AfterAll
    static void stop() {
        application.close();
        provider.close();
    }

    private static String token(String claims) {
        return token(claims, TestKeys.RSA.getPrivate());
    }

    private static String token(String claims, PrivateKey key) {
        return TokenForge.signed("{'alg':'RS256','kid':'one'}", claims, "SHA256withRSA", key);
    }

    private static String connect(String token) {
        return "{'id':1,'connect':{'token':'" + token + "'}}";
    }

    private static long inSeconds(int seconds) {
        return Instant.now().getEpochSecond() + seconds;
    }

    @Test
    void accessTokenOfTheHandshakeIsTheUser() throws IOException {
        String token = token("{'sub':'alice','exp':" + inSeconds(60) + "}");

        try (RawWebSocketClient client = application.open("Authorization: Bearer " + token)) {
            assertThat(RunningApplication.ask(client, "{'id':1,'connect':{}}")).contains("'client':");
            assertThat(application.connections("alice")).hasSize(1);
        }
    }

    @Test
    void accessTokenOfTheConnectCommandIsTheUserUntilItEnds() throws IOException {
        try (RawWebSocketClient client = application.open()) {
            assertThat(RunningApplication.ask(client, connect(token("{'sub':'bob','exp':" + inSeconds(60) + "}"))))
                    .contains("'expires':true")
                    .containsPattern("'ttl':([3-5][0-9]|60)\\D");
            assertThat(application.connections("bob")).hasSize(1);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "expired | 'exp':%d | -300 | 'code':109",
                "expired by less than the clock skew of the decoder | 'exp':%d | -30 | 'code':109",
                "not valid yet | 'nbf':%d | 300 | 'code':109",
                "a subject that is not text | 'sub':{},'exp':%d | 60 | close 3500",
            })
    void tokenThatIsNotAcceptedHasTheCodeOfItsReason(String reason, String claims, int seconds, String answer)
            throws IOException {
        assertThat(application.connect(connect(token("{" + claims.formatted(inSeconds(seconds)) + "}"))))
                .contains(answer);
    }

    @Test
    void tokenOfAnotherKeyOrThatIsNoneIsInvalid() throws IOException {
        String claims = "{'sub':'eve','exp':" + inSeconds(60) + "}";

        assertThat(application.connect(connect(token(claims, TestKeys.OTHER_RSA.getPrivate()))))
                .isEqualTo("close 3500");
        assertThat(application.connect(connect("opaque"))).isEqualTo("close 3500");
        assertThat(application.connect(connect(TokenForge.hs256("secret", claims))))
                .isEqualTo("close 3500");
    }

    @Test
    void accessTokenOpensNoChannelWhateverItClaims() throws IOException {
        String token = token("{'sub':'fay','exp':" + inSeconds(60)
                + ",'channel':'chat:a','channels':['chat:a'],'subs':{'chat:a':{}},'info':{'admin':true}}");
        try (RawWebSocketClient client = application.open()) {
            assertThat(RunningApplication.ask(client, connect(token)))
                    .contains("'client':")
                    .doesNotContain("chat:a");
            assertThat(RunningApplication.ask(
                            client, "{'id':2,'subscribe':{'channel':'chat:a','token':'" + token + "'}}"))
                    .contains("'code':103");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableWebFluxSecurity
    static class Application {

        // tag::chain[]
        @Bean
        SecurityWebFilterChain security(ServerHttpSecurity http) {
            return http.authorizeExchange(exchanges -> exchanges
                            .pathMatchers("/connection/websocket")
                            .permitAll() // browsers send the token in the connect command
                            .anyExchange()
                            .authenticated())
                    .oauth2ResourceServer(server -> server.jwt(withDefaults()))
                    .build();
        }

        @Bean
        ReactiveJwtDecoder decoder(@Value("${provider}") String keySet) {
            return NimbusReactiveJwtDecoder.withJwkSetUri(keySet).build();
        }
        // end::chain[]
    }
}
