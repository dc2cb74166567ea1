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
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    void compressedMessagesGoBothWaysAndSmallOnesStayAsTheyAre() throws Exception {
        endpoint = new RunningEndpoint(WebSocketOptions.DEFAULTS.withCompression(100));
        try (RawWebSocketClient client = endpoint.client(DEFLATE)) {
            RecordingListener listener = endpoint.listener();

            write(listener, "c".repeat(10_000), 1);
            write(listener, "small", 1);
            client.send(0xC1, deflate("d".repeat(10_000)));

            Frame compressed = client.readMessage();
            assertThat(compressed.firstByte()).isEqualTo(0xC1);
            assertThat(compressed.payload()).hasSizeLessThan(200);
            assertThat(inflate(compressed.payload())).isEqualTo("c".repeat(10_000));
            Frame small = client.read();
            assertThat(small.firstByte()).isEqualTo(0x81);
            assertThat(small.text()).isEqualTo("small");
            await().untilAsserted(() -> assertThat(listener.messages()).containsExactly("d".repeat(10_000)));
        }
    }

    @Test
    void messageThatInflatesOverTheLimitIsRefused() throws Exception {
        endpoint = new RunningEndpoint(WebSocketOptions.DEFAULTS.withCompression(0));
        try (RawWebSocketClient client = endpoint.client(DEFLATE)) {
            RecordingListener listener = endpoint.listener();

            client.send(0xC1, deflate("d".repeat(65_536)));
            await().untilAsserted(() -> assertThat(listener.messages()).hasSize(1));
            client.send(0xC1, deflate("d".repeat(10_000_000)));

            assertThat(client.read().closeCode()).isEqualTo(1009);
            assertThat(listener.messages()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "permessage-deflate                                          | true",
                "foo, permessage-deflate; client_max_window_bits             | true",
                "permessage-deflate; client_max_window_bits=\"10\"            | true",
                "permessage-deflate; server_no_context_takeover              | true",
                "permessage-deflate; client_max_window_bits=99               | false",
                "permessage-deflate; client_max_window_bits=99999999999      | false",
                "permessage-deflate; client_max_window_bits=99, permessage-deflate | true",
                "permessage-deflate; something=else                          | false",
                "deflate-frame                                               | false",
            })
    void onlyLegalOffersOfDeflateAreTaken(String offer, boolean taken) throws Exception {
        endpoint = new RunningEndpoint(WebSocketOptions.DEFAULTS.withCompression(0));

        try (RawWebSocketClient client = endpoint.client("Sec-WebSocket-Extensions: " + offer)) {
            RecordingListener listener = endpoint.listener();
            write(listener, "text", 1);

            assertThat(client.read().firstByte()).isEqualTo(taken ? 0xC1 : 0x81);
        }
    }

    /** RFC 7692 section 6: the first bit belongs to the first frame of a message, and to no control frame. */
    @ParameterizedTest
    @ValueSource(ints = {0xC9, 0xCA, 0xC8, 0xA1, 0x91, 0xE1, 0xC0})
    void reservedBitsThatTheExtensionDoesNotAllowAreRefused(int firstByte) throws Exception {
        endpoint = new RunningEndpoint(WebSocketOptions.DEFAULTS.withCompression(0));
        try (RawWebSocketClient client = endpoint.client(DEFLATE)) {
            RecordingListener listener = endpoint.listener();
            byte[] compressed = deflate("text");
            if (firstByte == 0xC0) {
                client.send(0x41, compressed);
            }

            client.send(firstByte, (firstByte & 0x08) == 0 ? compressed : new byte[0]);

            assertThat(client.read().closeCode()).isEqualTo(1002);
            await().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
            assertThat(listener.messages()).isEmpty();
        }
    }

    @Test
    void compressedMessageInFragmentsIsRead() throws Exception {
        endpoint = new RunningEndpoint(WebSocketOptions.DEFAULTS.withCompression(0));
        try (RawWebSocketClient client = endpoint.client(DEFLATE)) {
            RecordingListener listener = endpoint.listener();
            byte[] compressed = deflate("text");

            client.send(0x41, Arrays.copyOf(compressed, 2));
            client.send(0x89, new byte[0]);
            client.send(0x80, Arrays.copyOfRange(compressed, 2, compressed.length));

            assertThat(client.read().opcode()).isEqualTo(RawWebSocketClient.PONG);
            await().untilAsserted(() -> assertThat(listener.messages()).containsExactly("text"));
        }
    }

    /** SDKs connect again after 1007, and never after 1009. */
    @ParameterizedTest
    @ValueSource(strings = {"ffffffff", "07", "0600ff"})
    void brokenDeflateStreamClosesWithACodeAfterWhichSdksComeBack(String payload) throws Exception {
        endpoint = new RunningEndpoint(WebSocketOptions.DEFAULTS.withCompression(0));
        try (RawWebSocketClient client = endpoint.client(DEFLATE)) {
            RecordingListener listener = endpoint.listener();

            client.send(0xC1, HexFormat.of().parseHex(payload));
            client.send(0xC1, deflate("text"));

            assertThat(client.read().closeCode()).isEqualTo(1007);
            await().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
            assertThat(listener.messages()).isEmpty();
        }
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

    /** As in RFC 7692: raw deflate, flushed, without the four bytes each flush ends with. */
    private static byte[] deflate(String text) {
        Deflater deflater = new Deflater(6, true);
        deflater.setInput(text.getBytes(StandardCharsets.UTF_8));
        byte[] out = new byte[100_000];
        int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(out, length - 4);
    }

    private static String inflate(byte[] payload) throws Exception {
        Inflater inflater = new Inflater(true);
        byte[] in = Arrays.copyOf(payload, payload.length + 4);
        in[payload.length + 2] = (byte) 0xFF;
        in[payload.length + 3] = (byte) 0xFF;
        inflater.setInput(in);
        byte[] out = new byte[100_000];
        int length = inflater.inflate(out);
        inflater.end();
        return new String(out, 0, length, StandardCharsets.UTF_8);
    }
}
