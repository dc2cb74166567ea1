package dev.realtime.webflux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.spi.transport.RawWebSocketClient;
import dev.realtime.spi.transport.RecordingListener;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportDescription;
import dev.realtime.spi.transport.WireForm;
import dev.realtime.web.WebSocketOptions;
import java.io.IOException;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an upgrade request is answered, and what the node learns of it. */
class HandshakeTests {

    private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

    private RunningEndpoint endpoint;

    @BeforeEach
    void start() {
        endpoint = new RunningEndpoint(WebSocketOptions.DEFAULTS);
    }

    @AfterEach
    void stop() {
        endpoint.close();
    }

    @Test
    void plainGetIsRefusedWith400() throws IOException {
        assertThat(status(endpoint.request("GET /connection/websocket HTTP/1.1", "Host: localhost")))
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "Upgrade: h2c, 400",
        "Connection: close, 400",
        "Sec-WebSocket-Version: 12, 400",
        "Sec-WebSocket-Version: 8, 400",
        "Sec-WebSocket-Key: c2hvcnQ=, 400",
        "Sec-WebSocket-Key: not base64 at all!, 400",
        "Origin: https://elsewhere.example, 403",
        "Origin: null, 403",
    })
    void wrongHeaderIsRefused(String header, int status) throws IOException {
        assertThat(status(upgrade("GET", header))).isEqualTo(status);
    }

    /** By the web server, which reads no more of it than its own limit. */
    @Test
    void longHeadIsRefusedWith431() throws IOException {
        assertThat(status(upgrade("GET", "X-Long: " + "x".repeat(100_000)))).isEqualTo(431);
    }

    @Test
    void missingHeadersAreRefusedWith400() throws IOException {
        assertThat(status(upgrade("GET", "Sec-WebSocket-Key"))).isEqualTo(400);
        assertThat(status(upgrade("GET", "Sec-WebSocket-Version"))).isEqualTo(400);
        assertThat(status(upgrade("GET", "Upgrade"))).isEqualTo(400);
        assertThat(status(upgrade("GET", "Connection"))).isEqualTo(400);
    }

    @Test
    void postIsRefusedWith405() throws IOException {
        assertThat(status(upgrade("POST", "Content-Length: 0"))).isEqualTo(405);
    }

    @Test
    void fullNodeAnswers503AndKeepsTheClientsItHas() throws IOException, InterruptedException {
        try (RawWebSocketClient client = endpoint.client()) {
            endpoint.becomesFull();

            assertThat(status(upgrade("GET", "Accept: */*"))).isEqualTo(503);
            client.sendText("still here");
            RecordingListener listener = endpoint.listener();
            await().untilAsserted(() -> assertThat(listener.messages()).containsExactly("still here"));
        }
    }

    @Test
    void otherPathsAreNotOurs() throws IOException {
        assertThat(status(endpoint.request("GET /connection/websocket/more HTTP/1.1", "Host: localhost")))
                .isEqualTo(404);
    }

    @Test
    void requestWithoutOriginIsUpgraded() throws IOException {
        assertThat(status(upgrade("GET", "Accept: */*"))).isEqualTo(101);
    }

    @Test
    void originOfTheSameHostIsUpgraded() throws IOException {
        assertThat(status(upgrade("GET", "Origin: http://localhost:" + endpoint.port())))
                .isEqualTo(101);
    }

    @Test
    void otherOriginsThanListedAreRefused() throws IOException {
        endpoint.close();
        endpoint = new RunningEndpoint(WebSocketOptions.DEFAULTS, "https://*.example.org");

        assertThat(status(upgrade("GET", "Origin: https://shop.example.org"))).isEqualTo(101);
        assertThat(status(upgrade("GET", "Origin: https://elsewhere.example"))).isEqualTo(403);
        assertThat(status(upgrade("GET", "Origin: http://localhost:" + (endpoint.port() + 1))))
                .isEqualTo(403);
    }

    @Test
    void originOfTheSameHostIsUpgradedBesideAnyList() throws IOException {
        endpoint.close();
        endpoint = new RunningEndpoint(WebSocketOptions.DEFAULTS, "https://*.example.org");

        assertThat(status(upgrade("GET", "Origin: http://localhost:" + endpoint.port())))
                .isEqualTo(101);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "centrifuge-protobuf              | centrifuge-protobuf | PROTOBUF_WEBSOCKET",
                "centrifuge-json                  | centrifuge-json     | JSON_WEBSOCKET",
                "mine, centrifuge-protobuf        | centrifuge-protobuf | PROTOBUF_WEBSOCKET",
                "centrifuge-json,centrifuge-protobuf | centrifuge-json  | JSON_WEBSOCKET",
            })
    void firstKnownSubprotocolIsChosen(String offered, String chosen, WireForm wireForm) throws Exception {
        List<String> answer = upgrade("GET", "Sec-WebSocket-Protocol: " + offered);

        assertThat(answer)
                .anySatisfy(line -> assertThat(line).isEqualToIgnoringCase("sec-websocket-protocol: " + chosen));
        assertThat(transport().wireForm()).isEqualTo(wireForm);
    }

    @Test
    void unknownSubprotocolsAreUpgradedWithoutOneAndSpeakJson() throws Exception {
        List<String> answer = upgrade("GET", "Sec-WebSocket-Protocol: mine, yours");

        assertThat(status(answer)).isEqualTo(101);
        assertThat(answer).noneMatch(line -> line.toLowerCase().startsWith("sec-websocket-protocol"));
        assertThat(transport().wireForm()).isEqualTo(WireForm.JSON_WEBSOCKET);
    }

    @ParameterizedTest
    @CsvSource({
        "format=protobuf, PROTOBUF_WEBSOCKET",
        "cf_protocol=protobuf, PROTOBUF_WEBSOCKET",
        "format=json, JSON_WEBSOCKET",
        "a=b, JSON_WEBSOCKET",
    })
    void queryChoosesTheEncoding(String query, WireForm wireForm) throws Exception {
        upgrade("GET", "/connection/websocket?" + query, "Accept: */*");

        assertThat(transport().wireForm()).isEqualTo(wireForm);
    }

    @Test
    void nodeLearnsOfTheRequest() throws Exception {
        upgrade("GET", "/connection/websocket?a=b%20c&cf_ws_frame_ping_pong=true", "X-Tenant: One");

        TransportDescription description = transport().describe();
        assertThat(description.name()).isEqualTo("websocket");
        assertThat(description.capabilities().emulation()).isFalse();
        assertThat(description.capabilities().ping()).isFalse();
        assertThat(description.principal()).isNull();
        assertThat(description.headers()).containsEntry("x-tenant", List.of("One"));
        assertThat(description.uri()).endsWith("/connection/websocket?a=b%20c&cf_ws_frame_ping_pong=true");
        assertThat(description.remoteAddress()).startsWith("127.0.0.1:");
    }

    @Test
    void filtersOfTheApplicationRunBeforeTheUpgrade() throws Exception {
        List<String> answer = upgrade("GET", "X-User: alice");

        assertThat(answer).anySatisfy(line -> assertThat(line).isEqualToIgnoringCase("X-Filtered: yes"));
        assertThat(transport().describe().principal())
                .extracting(Principal::getName)
                .isEqualTo("alice");
    }

    @Test
    void firstMessageIsNotLostWhenFiltersWentToAnotherThread() throws Exception {
        for (int number = 0; number < 100; number++) {
            try (RawWebSocketClient client = endpoint.client("X-User: alice")) {
                client.sendText("first");

                RecordingListener listener = endpoint.listener();
                await().untilAsserted(() -> assertThat(listener.messages()).containsExactly("first"));
            }
        }
    }

    /** @param header replaces the header of that name; without a colon it is left out */
    private List<String> upgrade(String method, String header) throws IOException {
        return upgrade(method, "/connection/websocket", header);
    }

    private List<String> upgrade(String method, String target, String header) throws IOException {
        List<String> head = new ArrayList<>(List.of(
                method + " " + target + " HTTP/1.1",
                "Host: localhost:" + endpoint.port(),
                "Upgrade: websocket",
                "Connection: Upgrade",
                KEY,
                "Sec-WebSocket-Version: 13"));
        String name = header.split(":")[0] + ":";
        head.removeIf(line -> line.startsWith(name));
        if (header.contains(":")) {
            head.add(header);
        }
        return RawWebSocketClient.request(endpoint.port(), head);
    }

    private static int status(List<String> answer) {
        return Integer.parseInt(answer.get(0).split(" ")[1]);
    }

    /** Of the connection opened last. */
    private Transport transport() throws InterruptedException {
        return endpoint.listener().transport();
    }
}
