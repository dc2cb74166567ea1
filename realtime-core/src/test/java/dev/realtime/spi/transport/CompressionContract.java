package dev.realtime.spi.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.json.WireWriter;
import dev.realtime.spi.transport.RawWebSocketClient.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract of every server that compresses messages (RFC 7692). */
@ExtendWith(BufferLeaks.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class CompressionContract {

    /** Size in bytes from which messages are compressed. */
    protected static final int MIN_SIZE = 100;

    private static final String DEFLATE =
            "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover; server_no_context_takeover";

    private static final String LONG_TEXT = "c".repeat(10_000);

    private final BlockingQueue<RecordingListener> accepted = new LinkedBlockingQueue<>();

    private int port;

    /**
     * Starts a server once for all tests, with a message size limit of 65536 bytes, compression from {@link #MIN_SIZE}
     * and the endpoint at {@code /connection/websocket}.
     *
     * @param node to be asked for each connection
     * @return its port
     */
    protected abstract int start(Function<Transport, TransportListener> node) throws Exception;

    /** Returns whether the server sends small messages as they are; Jetty compresses all. */
    protected boolean keepsSmallMessages() {
        return true;
    }

    @BeforeAll
    void start() throws Exception {
        port = start(transport -> {
            RecordingListener listener = new RecordingListener(transport);
            accepted.add(listener);
            return listener;
        });
    }

    private RawWebSocketClient client(String... headers) throws Exception {
        return RawWebSocketClient.connect(port, "/connection/websocket", headers);
    }

    private RecordingListener accepted() throws InterruptedException {
        RecordingListener listener = accepted.poll(10, TimeUnit.SECONDS);
        assertThat(listener).as("accepted connection").isNotNull();
        return listener;
    }

    @Test
    void compressedMessagesGoBothWaysAndSmallOnesStayAsTheyAre() throws Exception {
        try (RawWebSocketClient client = client(DEFLATE)) {
            RecordingListener listener = accepted();

            write(listener, LONG_TEXT);
            write(listener, "small");
            client.send(0xC1, deflate("d".repeat(10_000)));
            client.send(0x81, "plain".getBytes(StandardCharsets.UTF_8));

            assertCompressed(client.readMessage());
            Frame small = client.readMessage();
            if (keepsSmallMessages()) {
                assertThat(small.firstByte()).isEqualTo(0x81);
                assertThat(small.text()).isEqualTo("small");
            } else {
                assertThat(inflate(small.payload())).isEqualTo("small");
            }
            await().untilAsserted(() -> assertThat(listener.messages()).containsExactly("d".repeat(10_000), "plain"));
        }
    }

    @Test
    void eachMessageIsCompressedByItself() throws Exception {
        try (RawWebSocketClient client = client(DEFLATE)) {
            RecordingListener listener = accepted();

            write(listener, LONG_TEXT, LONG_TEXT);
            write(listener, LONG_TEXT);

            for (int i = 0; i < 3; i++) {
                assertCompressed(client.readMessage());
            }
        }
    }

    private static void assertCompressed(Frame message) throws Exception {
        assertThat(message.firstByte()).isEqualTo(0xC1);
        assertThat(message.payload()).hasSizeLessThan(200);
        assertThat(inflate(message.payload())).isEqualTo(LONG_TEXT);
    }

    @Test
    void messageThatInflatesOverTheLimitIsRefused() throws Exception {
        try (RawWebSocketClient client = client(DEFLATE)) {
            RecordingListener listener = accepted();

            client.send(0xC1, deflate("d".repeat(65_536)));
            await().untilAsserted(() -> assertThat(listener.messages()).hasSize(1));
            client.send(0xC1, deflate("d".repeat(10_000_000)));

            assertThat(client.read().closeCode()).isEqualTo(1009);
            await().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
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
                "permessage-deflate; server_max_window_bits=10               | false",
                "permessage-deflate; client_max_window_bits=99               | false",
                "permessage-deflate; client_max_window_bits=99999999999      | false",
                "permessage-deflate; client_max_window_bits=99, permessage-deflate | true",
                "permessage-deflate; something=else                          | false",
                "deflate-frame                                               | false",
            })
    void onlyLegalOffersOfDeflateAreTaken(String offer, boolean taken) throws Exception {
        try (RawWebSocketClient client = client("Sec-WebSocket-Extensions: " + offer)) {
            RecordingListener listener = accepted();
            write(listener, LONG_TEXT);

            assertThat(client.read().firstByte() & 0x40).isEqualTo(taken ? 0x40 : 0);
        }
    }

    /** RFC 7692 section 6: the first bit belongs to the first frame of a message, and to no control frame. */
    @ParameterizedTest
    @ValueSource(ints = {0xC9, 0xCA, 0xC8, 0xA1, 0x91, 0xE1, 0xC0})
    void reservedBitsThatTheExtensionDoesNotAllowAreRefused(int firstByte) throws Exception {
        try (RawWebSocketClient client = client(DEFLATE)) {
            RecordingListener listener = accepted();
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
        try (RawWebSocketClient client = client(DEFLATE)) {
            RecordingListener listener = accepted();
            byte[] compressed = deflate("text");

            client.send(0x41, Arrays.copyOf(compressed, 2));
            client.send(0x89, new byte[0]);
            client.send(0x80, Arrays.copyOfRange(compressed, 2, compressed.length));

            assertThat(client.read().opcode()).isEqualTo(RawWebSocketClient.PONG);
            await().untilAsserted(() -> assertThat(listener.messages()).containsExactly("text"));
        }
    }

    /** Among them a stored block of ten bytes of which one arrived. SDKs connect again after 1007, not after 1009. */
    @ParameterizedTest
    @ValueSource(strings = {"ffffffff", "07", "0600ff", "000a00f5ff74"})
    void brokenDeflateStreamClosesWithACodeAfterWhichSdksComeBack(String payload) throws Exception {
        try (RawWebSocketClient client = client(DEFLATE)) {
            RecordingListener listener = accepted();

            client.send(0xC1, HexFormat.of().parseHex(payload));
            client.send(0xC1, deflate("text"));

            assertThat(client.read().closeCode()).isEqualTo(1007);
            await().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
            assertThat(listener.messages()).isEmpty();
        }
    }

    private static void write(RecordingListener listener, String... texts) throws Exception {
        listener.transport()
                .executor()
                .submit(() -> {
                    for (String text : texts) {
                        WireWriter message = new WireWriter();
                        message.write(text.getBytes(StandardCharsets.UTF_8));
                        ByteBuf frame = WireForm.JSON_WEBSOCKET.frame(message, ByteBufAllocator.DEFAULT);
                        listener.transport().write(frame);
                    }
                    listener.transport().flush();
                })
                .get();
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
