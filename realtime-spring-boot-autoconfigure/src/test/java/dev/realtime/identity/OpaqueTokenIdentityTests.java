package dev.realtime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.data.Payload;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.transport.RawWebSocketClient;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
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
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.introspection.ReactiveOpaqueTokenIntrospector;
import org.springframework.security.oauth2.server.resource.introspection.SpringReactiveOpaqueTokenIntrospector;
import org.springframework.security.web.server.SecurityWebFilterChain;
import reactor.core.publisher.Mono;

/** A resource server with opaque tokens: the same introspector verifies those of handshakes and of connect commands. */
class OpaqueTokenIdentityTests {

    private static final String CONNECT = "{'id':1,'connect':{}}";

    private static IntrospectionServer issuer;

    private static RunningApplication application;

    @BeforeAll
    static void start() throws IOException {
        issuer = new IntrospectionServer();
        application = RunningApplication.start(
                Application.class,
                "introspection=" + issuer.address(),
                "realtime.client.handler-timeout=5s",
                "realtime.channel.namespaces.chat.presence=true");
    }

    @AfterAll
    static void stop() {
        application.close();
        issuer.close();
    }

    private static String connect(String token) {
        return "{'id':1,'connect':{'token':'" + token + "'}}";
    }

    private static long inSeconds(int seconds) {
        return Instant.now().getEpochSecond() + seconds;
    }

    @Test
    void tokenOfTheHandshakeIsTheUser() throws IOException {
        String token = issuer.issue("opaque-of-alice", "'sub':'alice','exp':" + inSeconds(60));

        try (RawWebSocketClient client = application.open("Authorization: Bearer " + token)) {
            assertThat(RunningApplication.ask(client, CONNECT)).contains("'client':");
            assertThat(application.connections("alice")).hasSize(1);
        }
        assertThat(application.upgrade("Authorization: Bearer unknown")).contains("401");
    }

    @Test
    void tokenOfTheConnectCommandIsTheUserUntilItEnds() throws IOException {
        String token = issuer.issue("opaque-of-bob", "'sub':'bob','exp':" + inSeconds(60));

        try (RawWebSocketClient client = application.open()) {
            assertThat(RunningApplication.ask(client, connect(token)))
                    .contains("'expires':true")
                    .containsPattern("'ttl':([3-5][0-9]|60)\\D");
            assertThat(application.connections("bob")).hasSize(1);
        }
    }

    @Test
    void scopesOfTheTokenAreTheAuthoritiesThatAuthorizersSee() throws IOException {
        String subscribe = "{'id':2,'subscribe':{'channel':'chat:a'}}";
        try (RawWebSocketClient reader = application.open();
                RawWebSocketClient stranger = application.open()) {
            RunningApplication.ask(reader, connect(issuer.issue("reader", "'sub':'r','scope':'chat.read'")));
            RunningApplication.ask(stranger, connect(issuer.issue("stranger", "'sub':'s','scope':'mail'")));

            assertThat(RunningApplication.ask(reader, subscribe)).isEqualTo("{'id':2,'subscribe':{}}");
            assertThat(RunningApplication.ask(stranger, subscribe)).contains("'code':103");
        }
    }

    @Test
    void refreshMovesTheEndAndARevokedTokenEndsTheConnection() throws IOException {
        String token = issuer.issue("refreshed", "'sub':'dora','exp':" + inSeconds(60));
        try (RawWebSocketClient client = application.open()) {
            RunningApplication.ask(client, connect(token));
            issuer.issue("newer", "'sub':'dora','exp':" + inSeconds(600));
            issuer.revoke(token);

            assertThat(RunningApplication.ask(client, "{'id':2,'refresh':{'token':'newer'}}"))
                    .contains("'expires':true")
                    .containsPattern("'ttl':(5[7-9][0-9]|600)\\D");
            assertThat(RunningApplication.ask(client, "{'id':3,'refresh':{'token':'" + token + "'}}"))
                    .isEqualTo("close 3005");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "unknown to the authorization server, not-issued, 'code':109",
                "expired by its attribute, late, 'code':109",
                "not valid yet by its attribute, early, 'code':109",
                "the authorization server fails, broken, 'code':100",
                "the authorization server hangs, hanging, 'code':100",
                "no bearer token, two words, close 3500",
                "no bearer token, a*b, close 3500",
            })
    void tokenThatIsNotAcceptedHasTheCodeOfItsReason(String reason, String token, String answer) throws IOException {
        issuer.issue("late", "'sub':'eve','exp':" + inSeconds(-10));
        issuer.issue("early", "'sub':'eve','nbf':" + inSeconds(100));

        assertThat(application.connect(connect(token))).contains(answer);
        assertThat(application.connections("eve")).isEmpty();
    }

    @Test
    void tokenLongerThanAllowedIsNotAskedFor() throws IOException {
        assertThat(application.connect(connect("x".repeat(16_385)))).isEqualTo("close 3500");
    }

    @Test
    void opaqueTokenOpensNoChannel() throws IOException {
        issuer.issue("generous", "'sub':'fay','channel':'chat:a','channels':['chat:a'],'subs':{'chat:a':{}}");
        try (RawWebSocketClient client = application.open()) {
            assertThat(RunningApplication.ask(client, connect("generous"))).doesNotContain("chat:a");
            assertThat(RunningApplication.ask(client, "{'id':2,'subscribe':{'channel':'chat:a','token':'generous'}}"))
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
                    .oauth2ResourceServer(server -> server.opaqueToken(withDefaults()))
                    .build();
        }

        @Bean
        ReactiveOpaqueTokenIntrospector introspector(@Value("${introspection}") String address) {
            return SpringReactiveOpaqueTokenIntrospector.withIntrospectionUri(address)
                    .clientId(IntrospectionServer.CLIENT)
                    .clientSecret(IntrospectionServer.SECRET)
                    .build();
        }
        // end::chain[]

        @Bean
        ChannelAuthorizer readers() {
            return new ChannelAuthorizer() {
                @Override
                public Mono<SubscriptionGrant> authorizeSubscribe(
                        ClientIdentity client, Channel channel, @Nullable Payload data) {
                    boolean reader = client.principal() instanceof Authentication user
                            && user.getAuthorities().stream()
                                    .anyMatch(scope -> "SCOPE_chat.read".equals(scope.getAuthority()));
                    return reader ? Mono.just(SubscriptionGrant.PLAIN) : Mono.empty();
                }
            };
        }
    }
}
