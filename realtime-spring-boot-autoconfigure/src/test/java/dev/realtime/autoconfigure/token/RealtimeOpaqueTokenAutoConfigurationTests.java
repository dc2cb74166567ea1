package dev.realtime.autoconfigure.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.ConnectContext;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.ProtocolType;
import dev.realtime.auth.token.JwtAuthenticator;
import dev.realtime.autoconfigure.RealtimeFacets;
import dev.realtime.autoconfigure.Refusals;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.TokenAuthenticator;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.oauth2.core.DefaultOAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.oauth2.server.resource.introspection.BadOpaqueTokenException;
import org.springframework.security.oauth2.server.resource.introspection.OAuth2IntrospectionException;
import org.springframework.security.oauth2.server.resource.introspection.ReactiveOpaqueTokenAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.introspection.ReactiveOpaqueTokenIntrospector;
import reactor.core.publisher.Mono;

/** When the application's introspector verifies tokens, and what it may say. */
class RealtimeOpaqueTokenAutoConfigurationTests {

    private static final Instant NOW = Instant.now();

    private final ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner()
            .withConfiguration(RealtimeFacets.with(
                    RealtimeTokenAutoConfiguration.class, RealtimeOpaqueTokenAutoConfiguration.class));

    private ReactiveWebApplicationContextRunner withIntrospector(ReactiveOpaqueTokenIntrospector introspector) {
        return runner.withBean(ReactiveOpaqueTokenIntrospector.class, () -> introspector);
    }

    private ReactiveWebApplicationContextRunner withAttributes(Map<String, Object> attributes) {
        Map<String, Object> all = new HashMap<>(attributes);
        all.putIfAbsent("sub", "alice");
        return withIntrospector(token -> Mono.just(new DefaultOAuth2AuthenticatedPrincipal("alice", all, List.of())));
    }

    private static Authentication connect(TokenAuthenticator tokens) {
        return tokens.connect(new ConnectContext(
                        "c", "websocket", ProtocolType.JSON, null, Map.of(), "", "", "opaque", null, "", "", Map.of()))
                .block(Duration.ofSeconds(10));
    }

    private static Authentication connect(
            org.springframework.boot.test.context.assertj.AssertableReactiveWebApplicationContext context) {
        return connect(context.getBean(TokenAuthenticator.class));
    }

    @Test
    void introspectorVerifiesTokensWhereNothingElseDoes() {
        withAttributes(Map.of()).run(context -> {
            assertThat(connect(context).userId()).isEqualTo("alice");
            assertThat(connect(context).expireAtSeconds()).isZero();
        });
        runner.run(context -> assertThat(context).doesNotHaveBean(TokenAuthenticator.class));
        withAttributes(Map.of())
                .withPropertyValues("realtime.client.token.hmac-secret-key=a secret of more than thirty-two bytes")
                .run(context -> assertThat(context).hasSingleBean(JwtAuthenticator.class));
        withAttributes(Map.of())
                .withBean(ReactiveJwtDecoder.class, () -> token -> Mono.empty())
                .run(context -> assertThat(context).hasSingleBean(JwtAuthenticator.class));
    }

    @Test
    void nothingOfItNeedsNimbusAndEverythingStartsWithoutSpringSecurity() {
        withAttributes(Map.of())
                .withClassLoader(new FilteredClassLoader("com.nimbusds"))
                .run(context -> assertThat(connect(context).userId()).isEqualTo("alice"));
        runner.withClassLoader(new FilteredClassLoader("org.springframework.security"))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(RealtimeNode.class));
    }

    @Test
    void converterOfTheApplicationSaysWhoTheUserIs() {
        withAttributes(Map.of())
                .withBean(
                        ReactiveOpaqueTokenAuthenticationConverter.class,
                        () -> (token, principal) -> Mono.just(new TestingAuthenticationToken("bob", "", "ROLE_STAFF")))
                .run(context -> {
                    assertThat(connect(context).userId()).isEqualTo("bob");
                    assertThat(connect(context).principal()).isInstanceOf(TestingAuthenticationToken.class);
                });
    }

    @Test
    void timesAndUserIdAreThoseOfTheTokenWhateverUserTheConverterReturns() {
        ReactiveOpaqueTokenAuthenticationConverter own =
                (token, principal) -> Mono.just(new TestingAuthenticationToken("bob", "", "ROLE_STAFF"));

        withAttributes(Map.of("exp", NOW.plusSeconds(300), "uid", "u-7"))
                .withBean(ReactiveOpaqueTokenAuthenticationConverter.class, () -> own)
                .withPropertyValues("realtime.client.token.user-id-claim=uid")
                .run(context -> {
                    assertThat(connect(context).expireAtSeconds()).isEqualTo(NOW.getEpochSecond() + 300);
                    assertThat(connect(context).userId()).isEqualTo("u-7");
                    assertThat(connect(context).principal()).isInstanceOf(TestingAuthenticationToken.class);
                });
        withAttributes(Map.of("nbf", NOW.plusSeconds(300)))
                .withBean(ReactiveOpaqueTokenAuthenticationConverter.class, () -> own)
                .run(context -> assertThatThrownBy(() -> connect(context))
                        .isInstanceOfSatisfying(
                                ClientRefusedException.class,
                                refused -> assertThat(refused.error()).isEqualTo(ClientError.TOKEN_EXPIRED)));
    }

    @Test
    void userIdIsTheAttributeOfTheProperty() {
        ReactiveWebApplicationContextRunner named = withAttributes(Map.of("uid", 7L, "list", List.of()))
                .withPropertyValues("realtime.client.token.max-size=1KB");

        named.withPropertyValues("realtime.client.token.user-id-claim=uid")
                .run(context -> assertThat(connect(context).userId()).isEqualTo("7"));
        named.withPropertyValues("realtime.client.token.user-id-claim=absent")
                .run(context -> assertThat(connect(context).userId()).isEmpty());
        named.withPropertyValues(
                        "realtime.client.token.user-id-claim=absent",
                        "realtime.client.disallow-anonymous-connection-tokens=true")
                .run(context -> assertThatThrownBy(() -> connect(context))
                        .isInstanceOfSatisfying(
                                ClientRefusedException.class,
                                refused -> assertThat(refused.disconnect()).isEqualTo(Disconnect.PERMISSION_DENIED)));
        named.withPropertyValues("realtime.client.token.user-id-claim=list")
                .run(context -> assertThatThrownBy(() -> connect(context))
                        .isInstanceOfSatisfying(
                                ClientRefusedException.class,
                                refused -> assertThat(refused.disconnect()).isEqualTo(Disconnect.INVALID_TOKEN)));
    }

    @Test
    void endIsThatOfTheTokenWithItsLeeway() {
        withAttributes(Map.of("exp", NOW.plusSeconds(60)))
                .run(context -> assertThat(connect(context).expireAtSeconds()).isEqualTo(NOW.getEpochSecond() + 60));
        withAttributes(Map.of("exp", NOW.minusSeconds(10)))
                .withPropertyValues("realtime.client.token.leeway=2m")
                .run(context -> assertThat(connect(context).expireAtSeconds()).isEqualTo(NOW.getEpochSecond() + 110));
        withAttributes(Map.of("exp", NOW.plusSeconds(60)))
                .withPropertyValues("realtime.client.insecure=true")
                .run(context -> assertThat(connect(context).expireAtSeconds()).isZero());
        withAttributes(Map.of("exp", NOW.minusSeconds(10)))
                .run(context -> assertThatThrownBy(() -> connect(context))
                        .isInstanceOfSatisfying(
                                ClientRefusedException.class,
                                refused -> assertThat(refused.error()).isEqualTo(ClientError.TOKEN_EXPIRED)));
        withAttributes(Map.of("nbf", "tomorrow"))
                .run(context -> assertThatThrownBy(() -> connect(context))
                        .isInstanceOfSatisfying(
                                ClientRefusedException.class,
                                refused -> assertThat(refused.disconnect()).isEqualTo(Disconnect.INVALID_TOKEN)));
        withAttributes(Map.of())
                .withPropertyValues("realtime.client.token.require-expiration=true")
                .run(context -> assertThatThrownBy(() -> connect(context))
                        .isInstanceOfSatisfying(
                                ClientRefusedException.class,
                                refused -> assertThat(refused.disconnect()).isEqualTo(Disconnect.INVALID_TOKEN)));
    }

    @Test
    void tokenThatIsNotActiveIsExpiredAndAFailureIsNotTheClients() {
        withIntrospector(token -> Mono.error(new BadOpaqueTokenException("Provided token isn't active")))
                .run(context -> assertThatThrownBy(() -> connect(context))
                        .isInstanceOfSatisfying(
                                ClientRefusedException.class,
                                refused -> assertThat(refused.error()).isEqualTo(ClientError.TOKEN_EXPIRED)));
        withIntrospector(token -> Mono.error(new OAuth2IntrospectionException("down")))
                .run(context ->
                        assertThatThrownBy(() -> connect(context)).isNotInstanceOf(ClientRefusedException.class));
        withIntrospector(token -> Mono.empty())
                .run(context -> assertThatThrownBy(() -> connect(context))
                        .isInstanceOfSatisfying(
                                ClientRefusedException.class,
                                refused -> assertThat(refused.disconnect()).isEqualTo(Disconnect.INVALID_TOKEN)));
    }

    @ParameterizedTest
    @CsvSource({"issuer=us", "audience=realtime", "allow-decoder-claims=true"})
    void ruleThatNobodyWouldCheckStopsStartUp(String property) {
        withAttributes(Map.of())
                .withPropertyValues("realtime.client.token." + property)
                .run(context -> assertThat(Refusals.analyze(context).getDescription())
                        .startsWith("Rules for issuer, audience or claims of tokens are set"));
    }

    @Test
    void severalIntrospectorsStopStartUp() {
        withAttributes(Map.of())
                .withBean("other", ReactiveOpaqueTokenIntrospector.class, () -> token -> Mono.empty())
                .run(context -> assertThat(Refusals.analyze(context).getDescription())
                        .startsWith("There are several `ReactiveOpaqueTokenIntrospector` beans"));
    }
}
