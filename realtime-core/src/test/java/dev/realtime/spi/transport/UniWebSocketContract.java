package dev.realtime.spi.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.api.client.Disconnect;
import dev.realtime.json.WireWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What every unidirectional WebSocket must do, tried on a real server: its one message, its pings, its end, and what
 * options change.
 */
@ExtendWith(BufferLeaks.class)
public abstract class UniWebSocketContract {

    private static final String PATH = "/connection/uni_websocket";

    /**
     * Settings of an endpoint.
     *
     * @param joinPushMessages whether pushes that leave together share a message
     * @param disableClosingHandshake whether the socket is closed without a close frame
     * @param disableDisconnectPush whether the close frame is not preceded by a disconnect push
     */
    public record Settings(
            boolean joinPushMessages,
            boolean disableClosingHandshake,
            boolean disableDisconnectPush,
            Duration pingInterval,
            Duration pongTimeout) {}

    /** Starts a server with the endpoint at {@code /connection/uni_websocket}. */
    protected abstract TestServer start(Settings settings, Function<Transport, TransportListener> node)
            throws Exception;

    /** Returns whether what was written before a socket is closed without a close frame reaches the client. */
    protected boolean flushesBeforeAbort() {
        return true;
    }

    private final BlockingQueue<RecordingListener> accepted = new LinkedBlockingQueue<>();

    private TestServer server;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void firstMessageIsTheConnectRequestAndOthersAreIgnored() throws Exception {
        start(false, false, false);
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

    @Test
    void queryCanHaveTheConnectRequest() throws Exception {
        start(false, false, false);
        try (RawWebSocketClient client = client(PATH + "?x=1&cf_connect=%7B%22token%22%3A%22a+b%22%7D")) {
            RecordingListener listener = listener();

            client.sendText("{}");

            await().untilAsserted(() -> assertThat(listener.messages()).containsExactly("{\"token\":\"a b\"}"));
            assertThat(listener.transport().describe().uri()).endsWith(PATH + "?x=1");
        }
    }

    @Test
    void disconnectPushPrecedesTheCloseFrame() throws Exception {
        start(false, false, false);
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

    @Test
    void malformedConnectRequestHasACloseFrameOnly() throws Exception {
        start(false, false, false);
        try (RawWebSocketClient client = client(PATH)) {
            RecordingListener listener = listener();
            client.sendText("nonsense");
            await().untilAsserted(() -> assertThat(listener.messages()).hasSize(1));

            // As the connection does.
            run(listener, transport -> transport.close(Disconnect.BAD_REQUEST));

            assertThat(client.read().closeCode()).isEqualTo(3501);
        }
    }

    @Test
    void disconnectPushCanBeDisabled() throws Exception {
        start(false, false, true);
        try (RawWebSocketClient client = client(PATH)) {
            RecordingListener listener = listener();

            run(listener, transport -> transport.close(Disconnect.SHUTDOWN));

            assertThat(client.read().closeCode()).isEqualTo(3001);
        }
    }

    @Test
    void closingHandshakeCanBeDisabled() throws Exception {
        start(false, true, false);
        try (RawWebSocketClient client = client(PATH)) {
            RecordingListener listener = listener();

            run(listener, transport -> transport.close(Disconnect.SHUTDOWN));

            if (flushesBeforeAbort()) {
                assertThat(client.readMessage().text()).contains("3001");
                assertThat(client.ended()).isTrue();
            }
            await().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
        }
    }

    @Test
    void pushesThatLeaveTogetherCanShareAMessage() throws Exception {
        start(true, false, false);
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

    @Test
    void pushesThatWaitForAFlushAreReleasedAtTheEnd() throws Exception {
        start(true, false, false);
        ByteBuf held = frame("never");
        try (RawWebSocketClient client = client(PATH)) {
            RecordingListener listener = listener();

            run(listener, transport -> transport.write(held));
            client.reset();

            await().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
        }
        await().untilAsserted(() -> assertThat(held.refCnt()).isZero());
    }

    @Test
    void lostClientIsFoundByPingFrames() throws Exception {
        start(new Settings(false, false, false, Duration.ofMillis(300), Duration.ofMillis(100)));
        try (RawWebSocketClient client = client(PATH)) {
            RecordingListener listener = listener();

            assertThat(client.read().opcode()).isEqualTo(RawWebSocketClient.PING);

            await().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
        }
    }

    private void start(boolean joinPushMessages, boolean disableClosingHandshake, boolean disableDisconnectPush)
            throws Exception {
        start(new Settings(
                joinPushMessages,
                disableClosingHandshake,
                disableDisconnectPush,
                Duration.ofSeconds(25),
                Duration.ofSeconds(8)));
    }

    private void start(Settings settings) throws Exception {
        server = start(settings, transport -> {
            RecordingListener listener = new RecordingListener(transport);
            accepted.add(listener);
            return listener;
        });
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
