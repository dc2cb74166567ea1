package dev.realtime.autoconfigure.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.autoconfigure.RealtimeFacets;
import dev.realtime.autoconfigure.Refusals;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.auth.Authenticator;
import dev.realtime.web.OriginRule;
import dev.realtime.web.WebSocketOptions;
import dev.realtime.webflux.RealtimeWebSocketHandler;
import dev.realtime.webflux.RealtimeWebSocketMapping;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.web.reactive.socket.WebSocketHandler;
import reactor.core.publisher.Mono;

/** The way in for clients: where it is, with which settings, and what of it an application can replace. */
class RealtimeWebFluxAutoConfigurationTests {

    private final ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner()
            .withConfiguration(RealtimeFacets.with(RealtimeWebFluxAutoConfiguration.class));

    @Test
    void endpointIsMappedWhereCentrifugoHasIt() {
        runner.run(context -> assertThat(context)
                .getBean("realtimeWebSocketMapping", RealtimeWebSocketMapping.class)
                .satisfies(mapping -> assertThat(mapping.getUrlMap()).containsOnlyKeys("/connection/websocket")));
    }

    @Test
    void pathCanBeChosen() {
        runner.withPropertyValues("realtime.websocket.path=/live")
                .run(context -> assertThat(context)
                        .getBean(RealtimeWebSocketMapping.class)
                        .satisfies(mapping -> assertThat(mapping.getUrlMap()).containsOnlyKeys("/live")));
    }

    @Test
    void handlerRemainsWithoutTheMapping() {
        runner.withPropertyValues("realtime.websocket.enabled=false")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(RealtimeWebSocketMapping.class)
                        .hasSingleBean(RealtimeWebSocketHandler.class));
    }

    @Test
    void handlerOfTheApplicationForItsOwnSocketsDoesNotReplaceOurs() {
        runner.withBean("ownSocket", WebSocketHandler.class, () -> session -> Mono.empty())
                .run(context -> assertThat(context)
                        .hasSingleBean(RealtimeWebSocketHandler.class)
                        .hasSingleBean(RealtimeWebSocketMapping.class));
    }

    @Test
    void beansOfTheApplicationReplaceOurs() {
        OriginRule originRule = new OriginRule(List.of("https://example.org"));
        WebSocketOptions options = WebSocketOptions.DEFAULTS.withMessageSizeLimit(10);
        RealtimeWebSocketHandler handler = new RealtimeWebSocketHandler(
                transport -> {
                    throw new IllegalStateException("no client connects in this test");
                },
                options);

        runner.withBean("ownRule", OriginRule.class, () -> originRule)
                .withBean("ownOptions", WebSocketOptions.class, () -> options)
                .withBean("ownHandler", RealtimeWebSocketHandler.class, () -> handler)
                .run(context -> {
                    assertThat(context).getBean(OriginRule.class).isSameAs(originRule);
                    assertThat(context).getBean(WebSocketOptions.class).isSameAs(options);
                    assertThat(context).getBean(RealtimeWebSocketHandler.class).isSameAs(handler);
                });
    }

    @Test
    void withoutPropertiesTheSettingsAreTheDefaultsOfTheTransport() {
        runner.run(
                context -> assertThat(context).getBean(WebSocketOptions.class).isEqualTo(WebSocketOptions.DEFAULTS));
    }

    @Test
    void propertiesReachTheTransport() {
        runner.withPropertyValues(
                        "realtime.websocket.message-size-limit=128KB",
                        "realtime.websocket.write-timeout=2s",
                        "realtime.websocket.compression=true",
                        "realtime.websocket.compression-min-size=1KB",
                        "realtime.client.ping-interval=20s",
                        "realtime.client.pong-timeout=5s")
                .run(context -> assertThat(context)
                        .getBean(WebSocketOptions.class)
                        .isEqualTo(new WebSocketOptions(
                                131_072,
                                Duration.ofSeconds(2),
                                true,
                                1024,
                                Duration.ofSeconds(20),
                                Duration.ofSeconds(5))));
    }

    @Test
    void messageSizeLimitIsAlsoThatOfTheDecoder() {
        runner.withPropertyValues("realtime.websocket.message-size-limit=1MB")
                .run(context -> assertThat(context.getBean(RealtimeNode.class)
                                .protocolLimits()
                                .messageBytes())
                        .isEqualTo(1_048_576));
    }

    private static boolean allows(OriginRule rule, MockServerHttpRequest request) {
        return rule.allows(request.getHeaders(), request.getURI());
    }

    @Test
    void allowedOriginsReachTheHandshake() {
        runner.withPropertyValues("realtime.client.allowed-origins=https://example.org,https://*.example.com")
                .run(context -> {
                    OriginRule rule = context.getBean(OriginRule.class);

                    assertThat(allows(rule, from("https://example.org"))).isTrue();
                    assertThat(allows(rule, from("https://chat.example.com"))).isTrue();
                    assertThat(allows(rule, from("https://example.net"))).isFalse();
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            realtime.websocket.path=                        | `realtime.websocket.path` is ``, so clients could not find the endpoint.
            realtime.websocket.path=connection/websocket    | `realtime.websocket.path` is `connection/websocket`, but a path begins with a slash.
            realtime.websocket.path=/api/**                 | `realtime.websocket.path` is `/api/**`, but an endpoint has one exact path, without patterns and spaces.
            realtime.websocket.path=/live/{room}            | `realtime.websocket.path` is `/live/{room}`, but an endpoint has one exact path, without patterns and spaces.
            realtime.websocket.message-size-limit=0         | `realtime.websocket.message-size-limit` is `0B`, so no client could send anything.
            realtime.websocket.write-timeout=-1s            | `realtime.websocket.write-timeout` is `-1s`, but it cannot be negative.
            realtime.websocket.compression-min-size=-1B     | `realtime.websocket.compression-min-size` is `-1B`, but it cannot be negative.
            realtime.client.allowed-origins=example.org     | `realtime.client.allowed-origins` contains `example.org`, which no page could match: an origin is a scheme, a host and perhaps a port, without a path.
            realtime.client.allowed-origins=https://a.org/  | `realtime.client.allowed-origins` contains `https://a.org/`, which no page could match: an origin is a scheme, a host and perhaps a port, without a path.
            """)
    void propertyThatCannotWorkIsRefused(String property, String description) {
        runner.withPropertyValues(property)
                .run(context ->
                        assertThat(Refusals.analyze(context).getDescription()).startsWith(description));
    }

    @Test
    void malformedOriginPatternIsRefused() {
        runner.withPropertyValues("realtime.client.allowed-origins=glob:https://[a-z")
                .run(context -> assertThat(Refusals.analyze(context).getDescription())
                        .startsWith("`realtime.client.allowed-origins` contains an entry that cannot be read: "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "https://*",
                "*://*",
                "http*",
                "http*://*",
                "*:*",
                "https://*:*",
                "https://*:[*]",
                "https://*:[8080;9090]",
                "*.*",
                "https://*.*",
                "http*s://*",
                "https://app*",
                "https://www.example.*",
                "https://*.com",
                "https://*.xyz",
                "https://*.de",
                "https://*.app",
                "https://*.xyz:8443",
                "https://*.com:[9000;9001]",
                "https://b*.com",
                "https://*-shop.de",
                "https://*.b*.com",
                "*.xyz",
                "https://*xyz",
                "HTTPS://*.XYZ",
                "glob:https://*.xyz",
                "glob:https://*.{example.org;xyz}",
                "glob:https://*.{a;{b;xyz}}:*",
                "glob:https://*.??",
                "https://*.example.org*",
                "*example.org*",
                "null",
                "glob:*",
                "glob:{http;https}://*",
                "glob:?*",
                "glob:*?",
                "glob:https://?*",
                "glob:[!x]*",
                "glob:https://????????.com",
                "glob:https://[a-z]*",
            })
    void everyOriginIsRefusedWhereThePrincipalOfTheRequestCanBecomeTheUser(String origin) {
        runner.withBean(Authenticator.class, () -> client -> Mono.empty())
                .withPropertyValues(
                        "realtime.client.allowed-origins[0]=https://example.org",
                        "realtime.client.allowed-origins[1]=" + origin.replace(';', ','))
                .run(context -> {
                    FailureAnalysis analysis = Refusals.analyze(context);

                    assertThat(analysis.getDescription())
                            .startsWith(
                                    ("`realtime.client.allowed-origins` contains `%s`, which admits pages that anybody"
                                                    + " can make, while the principal of the HTTP request identifies"
                                                    + " clients: such a page could connect in the name of a user that"
                                                    + " visits it.")
                                            .formatted(origin.replace(';', ',')));
                    assertThat(analysis.getAction())
                            .isEqualTo("List the origins of your own pages. Or set"
                                    + " `realtime.client.ignore-http-principal=true`, if clients are identified"
                                    + " by what they send in the connect command alone, such as a token.");
                });
    }

    @Test
    void everyOriginIsAcceptedWhereThePrincipalIsIgnored() {
        runner.withPropertyValues("realtime.client.allowed-origins=*", "realtime.client.ignore-http-principal=true")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.org",
                "https://*.example.org",
                "https://example.org:[8080;8081]",
                "*://*.example.org",
                "*.example.org",
                "http://localhost:*",
                "http://*.localhost:*",
                "http://192.168.*.1:[*]",
                "https://app-*.example.org",
                "glob:http?://*.example.org:*",
                "glob:https://[a-z]*.example.co.uk",
                "glob:{https;http}://{www;app}.example.org"
            })
    void hostsBelowADomainAreAccepted(String origin) {
        runner.withPropertyValues("realtime.client.allowed-origins[0]=" + origin.replace(';', ','))
                .run(context -> assertThat(context).hasNotFailed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://{a;b}.example.org",
                "https://[a-z].example.org",
                "http?://example.org",
                "https://\\*.org",
                "https://example.org:[80"
            })
    void globWithoutItsPrefixIsRefused(String origin) {
        String entry = origin.replace(';', ',');
        runner.withPropertyValues("realtime.client.allowed-origins[0]=" + entry).run(context -> {
            FailureAnalysis analysis = Refusals.analyze(context);

            assertThat(analysis.getDescription())
                    .startsWith("`realtime.client.allowed-origins` contains `" + entry
                            + "`, which no page could match: in patterns of Spring only `*` and a list of ports");
            assertThat(analysis.getAction()).contains("`glob:" + entry + "`");
        });
    }

    @Test
    void thereIsNoWayInWithoutANode() {
        runner.withPropertyValues("realtime.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(RealtimeWebSocketHandler.class)
                        .doesNotHaveBean(RealtimeWebSocketMapping.class));
    }

    private static MockServerHttpRequest from(String origin) {
        return MockServerHttpRequest.get("http://localhost/connection/websocket")
                .header("Origin", origin)
                .build();
    }
}
