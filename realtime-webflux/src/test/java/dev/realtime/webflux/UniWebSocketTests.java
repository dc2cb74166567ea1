package dev.realtime.webflux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.api.client.Disconnect;
import dev.realtime.json.WireWriter;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.spi.transport.RawWebSocketClient;
import dev.realtime.spi.transport.RecordingListener;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.WireForm;
import dev.realtime.web.OriginRule;
import dev.realtime.web.UniWebSocketOptions;
import dev.realtime.web.WebSocketOptions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The unidirectional WebSocket: its one message, its pings, its end, and what options change. */
@ExtendWith(BufferLeaks.class)
class UniWebSocketTests {

    private static final String PATH = RealtimeUniWebSocketMapping.DEFAULT_PATH;

    private enum Server {
        REACTOR_NETTY,
        TOMCAT
    }

    private final BlockingQueue<RecordingListener> accepted = new LinkedBlockingQueue<>();

    private RealtimeUniWebSocketMapping mapping;

    private WebServer server;

    @AfterEach
    void stop() {
        server.close();
        mapping.close();
    }

    @ParameterizedTest
    @EnumSource
    void firstMessageIsTheConnectRequestAndOthersAreIgnored(Server kind) throws Exception {
        start(kind, UniWebSocketOptions.DEFAULTS);
        try (RawWebSocketClient client = client(PATH)) {
            RecordingListener listener = listener();

            client.sendText("{\"token\":\"t\"}");
            client.sendText("{}");
            client.sendText("nonsense");

            await().untilAsserted(() -> assertThat(listener.messages()).containsExactly("{\"token\":\"t\"}"));
            assertThat(listener.transport().wireForm()).isEqualTo(WireForm.UNI_JSON_WEBSOCKET);
            assertThat(listener.transport().describe().name()).isEqualTo("uni_websocket");
            assertThat(listener.transport().describe().capabilities().pong()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void queryCanHaveTheConnectRequest(Server kind) throws Exception {
        start(kind, UniWebSocketOptions.DEFAULTS);
        try (RawWebSocketClient client = client(PATH + "?x=1&cf_connect=%7B%22token%22%3A%22a+b%22%7D")) {
            RecordingListener listener = listener();

            client.sendText("{}");

            await().untilAsserted(() -> assertThat(listener.messages()).containsExactly("{\"token\":\"a b\"}"));
            assertThat(listener.transport().describe().uri()).endsWith(PATH + "?x=1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void disconnectPushPrecedesTheCloseFrame(Server kind) throws Exception {
        start(kind, UniWebSocketOptions.DEFAULTS);
        try (RawWebSocketClient client = client(PATH)) {
            RecordingListener listener = listener();

            run(listener, transport -> {
                transport.write(frame("{}"));
                transport.close(Disconnect.SHUTDOWN);
            });

            assertThat(client.readMessage().text()).isEqualTo("{}");
            assertThat(client.readMessage().text())
                    .isEqualTo("{\"disconnect\":{\"code\":3001,\"reason\":\"shutdown\"}}");
            assertThat(client.read().closeCode()).isEqualTo(3001);
            client.sendClose(3001);
            await().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void malformedConnectRequestHasACloseFrameOnly(Server kind) throws Exception {
        start(kind, UniWebSocketOptions.DEFAULTS);
        try (RawWebSocketClient client = client(PATH)) {
            RecordingListener listener = listener();
            client.sendText("nonsense");
            await().untilAsserted(() -> assertThat(listener.messages()).hasSize(1));

            // As the connection does.
            run(listener, transport -> transport.close(Disconnect.BAD_REQUEST));

            assertThat(client.read().closeCode()).isEqualTo(3501);
        }
    }

    @ParameterizedTest
    @EnumSource
    void disconnectPushCanBeDisabled(Server kind) throws Exception {
        start(kind, new UniWebSocketOptions(false, false, true));
        try (RawWebSocketClient client = client(PATH)) {
            RecordingListener listener = listener();

            run(listener, transport -> transport.close(Disconnect.SHUTDOWN));

            assertThat(client.read().closeCode()).isEqualTo(3001);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "REACTOR_NETTY")
    void closingHandshakeCanBeDisabled(Server kind) throws Exception {
        start(kind, new UniWebSocketOptions(false, true, false));
        try (RawWebSocketClient client = client(PATH)) {
            RecordingListener listener = listener();

            run(listener, transport -> transport.close(Disconnect.SHUTDOWN));

            assertThat(client.readMessage().text()).contains("3001");
            assertThat(client.ended()).isTrue();
            await().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void pushesThatLeaveTogetherCanShareAMessage(Server kind) throws Exception {
        start(kind, new UniWebSocketOptions(true, false, false));
        try (RawWebSocketClient client = client(PATH)) {
            RecordingListener listener = listener();
            String large = "x".repeat(70_000);

            run(listener, transport -> {
                transport.write(frame("one"));
                transport.write(frame(large));
                transport.write(frame("three"));
                assertThat(transport.queuedBytes()).isGreaterThan(70_000);
                transport.flush();
                transport.write(frame("alone"));
                transport.flush();
            });

            assertThat(client.readMessage().text()).isEqualTo("one\n" + large + "\nthree");
            assertThat(client.readMessage().text()).isEqualTo("alone");
        }
    }

    @ParameterizedTest
    @EnumSource
    void pushesThatWaitForAFlushAreReleasedAtTheEnd(Server kind) throws Exception {
        start(kind, new UniWebSocketOptions(true, false, false));
        ByteBuf held = frame("never");
        try (RawWebSocketClient client = client(PATH)) {
            RecordingListener listener = listener();

            run(listener, transport -> transport.write(held));
            client.reset();

            await().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
        }
        await().untilAsserted(() -> assertThat(held.refCnt()).isZero());
    }

    @ParameterizedTest
    @EnumSource
    void lostClientIsFoundByPingFrames(Server kind) throws Exception {
        start(kind, UniWebSocketOptions.DEFAULTS, Duration.ofMillis(300), Duration.ofMillis(100));
        try (RawWebSocketClient client = client(PATH)) {
            RecordingListener listener = listener();

            assertThat(client.read().opcode()).isEqualTo(RawWebSocketClient.PING);

            await().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
        }
    }

    private void start(Server kind, UniWebSocketOptions options) throws Exception {
        start(kind, options, Duration.ofSeconds(25), Duration.ofSeconds(8));
    }

    private void start(Server kind, UniWebSocketOptions uniOptions, Duration ping, Duration pong) throws Exception {
        WebSocketOptions options = WebSocketOptions.DEFAULTS.withPings(ping, pong);
        mapping = new RealtimeUniWebSocketMapping(
                PATH,
                RealtimeUniWebSocketMapping.DEFAULT_ORDER,
                transport -> {
                    RecordingListener listener = new RecordingListener(transport);
                    accepted.add(listener);
                    return listener;
                },
                new OriginRule(List.of()),
                () -> true,
                new HandshakeRefusals(refusal -> {}),
                options,
                uniOptions,
                ProtocolLimits.DEFAULTS);
        server = kind == Server.TOMCAT ? WebServer.tomcat(mapping) : WebServer.reactorNetty(mapping);
    }

    private RawWebSocketClient client(String target) throws Exception {
        return RawWebSocketClient.connect(server.port(), target, "Sec-WebSocket-Protocol: centrifuge-protobuf");
    }

    private RecordingListener listener() throws InterruptedException {
        RecordingListener listener = accepted.poll(10, TimeUnit.SECONDS);
        assertThat(listener).as("accepted connection").isNotNull();
        return listener;
    }

    private static void run(RecordingListener listener, Consumer<Transport> action) throws Exception {
        listener.transport()
                .executor()
                .submit(() -> action.accept(listener.transport()))
                .get(10, TimeUnit.SECONDS);
    }

    private static ByteBuf frame(String text) {
        WireWriter message = new WireWriter();
        message.write(text.getBytes(StandardCharsets.UTF_8));
        return WireForm.UNI_JSON_WEBSOCKET.frame(message, ByteBufAllocator.DEFAULT);
    }
}
