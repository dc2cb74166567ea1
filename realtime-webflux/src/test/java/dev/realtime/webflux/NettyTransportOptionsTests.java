package dev.realtime.webflux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.json.WireWriter;
import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.spi.transport.RawWebSocketClient;
import dev.realtime.spi.transport.RawWebSocketClient.Frame;
import dev.realtime.spi.transport.RecordingListener;
import dev.realtime.spi.transport.WireForm;
import dev.realtime.web.WebSocketOptions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What each of {@link WebSocketOptions} changes on the channel of Reactor Netty. */
@ExtendWith(BufferLeaks.class)
class NettyTransportOptionsTests {

    private static final String DEFLATE =
            "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover; server_no_context_takeover";

    private RunningEndpoint endpoint;

    @AfterEach
    void stop() {
        endpoint.close();
    }

    @Test
    void clientThatTakesNothingForTheWriteTimeoutIsCut() throws Exception {
        endpoint = new RunningEndpoint(WebSocketOptions.DEFAULTS.withWriteTimeout(Duration.ofMillis(300)));
        try (RawWebSocketClient client = endpoint.client()) {
            RecordingListener listener = endpoint.listener();

            write(listener, "b".repeat(65_000), 400);

            await().atMost(Duration.ofSeconds(4))
                    .untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
            assertThat(client.readToClose()).noneMatch(frame -> frame.opcode() == RawWebSocketClient.CLOSE);
        }
    }

    @Test
    void clientThatReadsSlowlyIsNotCutByTheWriteTimeout() throws Exception {
        endpoint = new RunningEndpoint(WebSocketOptions.DEFAULTS.withWriteTimeout(Duration.ofSeconds(5)));
        try (RawWebSocketClient client = endpoint.client()) {
            RecordingListener listener = endpoint.listener();
            int frames = 400;

            write(listener, "b".repeat(65_000), frames);

            // Longer than the timeout by far, though no pause is as long.
            for (int i = 0; i < frames; i++) {
                assertThat(client.readMessage().payload()).hasSize(65_000);
                await().pollDelay(Duration.ofMillis(40)).until(() -> true);
            }
            assertThat(listener.closed()).isZero();
        }
    }

    @Test
    void nativePingsGoOnWhileTheyAreAnsweredAndThenCloseWithNoPong() throws Exception {
        endpoint = new RunningEndpoint(
                WebSocketOptions.DEFAULTS.withPings(Duration.ofMillis(1500), Duration.ofMillis(1000)));
        try (RawWebSocketClient client = endpoint.clientWithQuery("cf_ws_frame_ping_pong=true")) {
            RecordingListener listener = endpoint.listener();

            for (int i = 0; i < 3; i++) {
                Frame ping = client.read();
                assertThat(ping.opcode()).isEqualTo(RawWebSocketClient.PING);
                client.send(0x80 | RawWebSocketClient.PONG, ping.payload());
            }
            assertThat(client.read().opcode()).isEqualTo(RawWebSocketClient.PING);

            Frame close = client.read();
            assertThat(close.closeCode()).isEqualTo(3012);
            assertThat(close.closeReason()).isEqualTo("no pong");
            await().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
        }
    }

    @Test
    void messageSizeLimitIsConfigurable() throws Exception {
        endpoint = new RunningEndpoint(WebSocketOptions.DEFAULTS.withMessageSizeLimit(10));
        try (RawWebSocketClient client = endpoint.client()) {
            RecordingListener listener = endpoint.listener();

            client.sendText("0123456789");
            client.sendText("01234567890");

            assertThat(client.read().closeCode()).isEqualTo(1009);
            assertThat(listener.messages()).containsExactly("0123456789");
        }
    }

    @Test
    void withoutCompressionTheOfferIsNotTaken() throws Exception {
        endpoint = new RunningEndpoint(WebSocketOptions.DEFAULTS);
        try (RawWebSocketClient client = endpoint.client(DEFLATE)) {
            RecordingListener listener = endpoint.listener();

            write(listener, "plain", 1);

            assertThat(client.read().text()).isEqualTo("plain");
        }
    }

    @Test
    void compressionKeepsNoWindowEvenIfTheClientOffersOne() throws Exception {
        endpoint = new RunningEndpoint(WebSocketOptions.DEFAULTS.withCompression(0));

        List<String> reply = endpoint.request(
                "GET /connection/websocket HTTP/1.1",
                "Host: localhost",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits");

        assertThat(reply)
                .filteredOn(line -> line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-extensions"))
                .singleElement()
                .asString()
                .endsWith(": permessage-deflate; server_no_context_takeover; client_no_context_takeover");
    }

    private static void write(RecordingListener listener, String text, int times) throws Exception {
        WireWriter message = new WireWriter();
        message.write(text.getBytes(StandardCharsets.UTF_8));
        ByteBuf frame = WireForm.JSON_WEBSOCKET.frame(message, ByteBufAllocator.DEFAULT);
        listener.transport()
                .executor()
                .submit(() -> {
                    for (int i = 0; i < times; i++) {
                        listener.transport().write(frame.retainedSlice());
                    }
                    listener.transport().flush();
                })
                .get();
        frame.release();
    }
}
