package dev.realtime.webmvc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.spi.transport.RawWebSocketClient;
import dev.realtime.spi.transport.RecordingListener;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportDescription;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.web.WebSocketOptions;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.web.servlet.HandlerMapping;

/** The handshake in an application with a context path, and what a connection keeps of it. */
class ServletHandshakeTests {

    private static final String TARGET = "/app/connection/websocket";

    /** Containers under the endpoint. */
    private enum Server {
        TOMCAT,
        JETTY;

        WebServer start(HandlerMapping mapping) throws Exception {
            return this == TOMCAT ? WebServer.tomcat("/app", mapping) : WebServer.jetty("/app", mapping);
        }
    }

    private final BlockingQueue<RecordingListener> accepted = new LinkedBlockingQueue<>();

    private final AtomicBoolean full = new AtomicBoolean();

    private RealtimeWebSocketHandler handler;

    private WebServer server;

    private void start(Server kind) throws Exception {
        start(kind, WebSocketOptions.DEFAULTS);
    }

    private void start(Server kind, WebSocketOptions options) throws Exception {
        handler = new RealtimeWebSocketHandler(
                transport -> {
                    RecordingListener listener = new RecordingListener(transport);
                    accepted.add(listener);
                    return listener;
                },
                options);
        server = kind.start(Endpoint.of(handler, () -> !full.get()));
    }

    @AfterEach
    void stop() {
        server.close();
        handler.close();
    }

    @ParameterizedTest
    @EnumSource
    void foreignOriginIsRefused(Server kind) throws Exception {
        start(kind);

        assertThat(status("GET", "Origin: https://elsewhere.example")).isEqualTo(403);
        assertThat(status("GET", "Origin: http://localhost:" + server.port())).isEqualTo(101);
    }

    @ParameterizedTest
    @EnumSource
    void fullNodeIsUnavailable(Server kind) throws Exception {
        start(kind);
        full.set(true);

        assertThat(status("GET", "X: y")).isEqualTo(503);
        assertThat(accepted).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void otherMethodsAreNotAllowed(Server kind) throws Exception {
        start(kind);

        List<String> answer = upgrade("POST", "X: y");

        assertThat(answer.get(0)).contains(" 405");
        assertThat(answer).anySatisfy(line -> assertThat(line).isEqualToIgnoringCase("Allow: GET"));
    }

    @ParameterizedTest
    @EnumSource
    void connectionKeepsWhatTheRequestSaid(Server kind) throws Exception {
        start(kind);
        try (RawWebSocketClient client = RawWebSocketClient.connect(
                server.port(), TARGET + "?a=b%20c&cf_ws_frame_ping_pong=true", "X-Tenant: One", "X-User: alice")) {
            TransportDescription description = listener().transport().describe();

            assertThat(description.name()).isEqualTo("websocket");
            assertThat(description.capabilities().ping()).isFalse();
            assertThat(description.principal()).extracting(Principal::getName).isEqualTo("alice");
            assertThat(description.headers()).containsEntry("x-tenant", List.of("One"));
            assertThat(description.uri()).endsWith(TARGET + "?a=b%20c&cf_ws_frame_ping_pong=true");
            assertThat(description.remoteAddress()).contains("127.0.0.1").matches(".*:\\d+");
            client.sendClose(1000);
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutCompressionTheOfferIsNotTaken(Server kind) throws Exception {
        start(kind);

        assertThat(upgrade("GET", "Sec-WebSocket-Extensions: permessage-deflate"))
                .noneMatch(line -> line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-extensions"));
    }

    @ParameterizedTest
    @EnumSource
    void compressionKeepsNoCompressorForAConnection(Server kind) throws Exception {
        start(kind, WebSocketOptions.DEFAULTS.withCompression(0));

        assertThat(upgrade("GET", "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"))
                .anySatisfy(line -> assertThat(line.toLowerCase(Locale.ROOT))
                        .startsWith("sec-websocket-extensions: permessage-deflate")
                        .contains("server_no_context_takeover"));
    }

    @ParameterizedTest
    @EnumSource
    void filtersOfTheApplicationRunBeforeTheUpgrade(Server kind) throws Exception {
        start(kind);

        assertThat(upgrade("GET", "X: y"))
                .anySatisfy(line -> assertThat(line).isEqualToIgnoringCase("X-Filtered: yes"));
    }

    @ParameterizedTest
    @EnumSource
    void clientThatAsksForNativePingsIsClosedWithoutPong(Server kind) throws Exception {
        start(kind, WebSocketOptions.DEFAULTS.withPings(Duration.ofMillis(300), Duration.ofMillis(100)));
        try (RawWebSocketClient client =
                RawWebSocketClient.connect(server.port(), TARGET + "?cf_ws_frame_ping_pong=true")) {
            assertThat(client.read().opcode()).isEqualTo(RawWebSocketClient.PING);
            RecordingListener listener = listener();

            assertThat(client.read().closeCode()).isEqualTo(3012);
            await().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void idleConnectionsNeedNoThreads(Server kind) throws Exception {
        start(kind);
        List<RawWebSocketClient> clients = new ArrayList<>();
        try {
            connect(clients, 50);
            int before = Thread.activeCount();

            connect(clients, 500);

            assertThat(Thread.activeCount()).isLessThanOrEqualTo(before + 20);
        } finally {
            for (RawWebSocketClient client : clients) {
                client.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void failureToAcceptClosesWithServerError(Server kind) throws Exception {
        handler = new RealtimeWebSocketHandler(
                transport -> {
                    throw new IllegalStateException("no");
                },
                WebSocketOptions.DEFAULTS);
        server = kind.start(Endpoint.of(handler));
        try (RawWebSocketClient client = RawWebSocketClient.connect(server.port(), TARGET)) {
            assertThat(client.read().closeCode()).isEqualTo(3004);
        }
    }

    @ParameterizedTest
    @EnumSource
    void failureInAMessageClosesWithServerErrorAndNotifiesOnce(Server kind) throws Exception {
        BlockingQueue<String> closed = new LinkedBlockingQueue<>();
        TransportListener failing = new TransportListener() {

            @Override
            public void onMessage(ByteBuf frame) {
                throw new NoClassDefFoundError("on/Purpose");
            }

            @Override
            public void onClosed() {
                closed.add("closed");
            }
        };
        handler = new RealtimeWebSocketHandler((Transport transport) -> failing, WebSocketOptions.DEFAULTS);
        server = kind.start(Endpoint.of(handler));
        try (RawWebSocketClient client = RawWebSocketClient.connect(server.port(), TARGET)) {
            client.sendText("{}");

            assertThat(client.read().closeCode()).isEqualTo(3004);
            client.sendClose(3004);
            assertThat(client.ended()).isTrue();
        }
        assertThat(closed.poll(5, TimeUnit.SECONDS)).isEqualTo("closed");
        assertThat(closed).isEmpty();
    }

    private void connect(List<RawWebSocketClient> clients, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            clients.add(RawWebSocketClient.connect(server.port(), TARGET));
            listener();
        }
    }

    private RecordingListener listener() throws InterruptedException {
        RecordingListener listener = accepted.poll(10, TimeUnit.SECONDS);
        assertThat(listener).as("accepted connection").isNotNull();
        return listener;
    }

    private int status(String method, String header) throws IOException {
        return Integer.parseInt(upgrade(method, header).get(0).split(" ")[1]);
    }

    private List<String> upgrade(String method, String header) throws IOException {
        return RawWebSocketClient.request(
                server.port(),
                List.of(
                        method + " " + TARGET + " HTTP/1.1",
                        "Host: localhost:" + server.port(),
                        "Upgrade: websocket",
                        "Connection: Upgrade",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                        "Sec-WebSocket-Version: 13",
                        header));
    }
}
