package dev.realtime.spi.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.spi.transport.RawWebSocketClient.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients that break the rules of RFC 6455. Each gets a close frame with the code the RFC gives for its offence and no
 * reason, the end of the stream behind it, and nothing reaches the node.
 */
@ExtendWith(BufferLeaks.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class HostileFramesContract {

    private static final byte[] NOTHING = {};

    private static final byte[] LONG_FOR_CONTROL = new byte[126];

    private static final byte[] NOT_UTF_8 = {'a', (byte) 0xC3, 0x28};

    private static final byte[] CUT_UTF_8 = {'a', (byte) 0xE2, (byte) 0x82};

    private static final byte[] SURROGATE = {(byte) 0xED, (byte) 0xA0, (byte) 0x80};

    private final BlockingQueue<RecordingListener> accepted = new LinkedBlockingQueue<>();

    private int port;

    /**
     * Starts a server once for all tests, with a message size limit of 65536 bytes and the endpoint at
     * {@code /connection/websocket}.
     *
     * @param node to be asked for each connection
     * @return its port
     */
    protected abstract int start(Function<Transport, TransportListener> node) throws Exception;

    @BeforeAll
    void start() throws Exception {
        port = start(transport -> {
            RecordingListener listener = new RecordingListener(transport);
            accepted.add(listener);
            return listener;
        });
    }

    @BeforeEach
    void forgetConnections() {
        accepted.clear();
    }

    private RawWebSocketClient client() throws IOException {
        return RawWebSocketClient.connect(port, "/connection/websocket");
    }

    private RecordingListener listener() throws InterruptedException {
        RecordingListener listener = accepted.poll(10, TimeUnit.SECONDS);
        assertThat(listener).as("accepted connection").isNotNull();
        return listener;
    }

    static Stream<Arguments> offences() {
        return Stream.of(
                offence("first reserved bit", 1002, masked(0xC1, NOTHING)),
                offence("second reserved bit", 1002, masked(0xA1, NOTHING)),
                offence("third reserved bit on a ping", 1002, masked(0x99, NOTHING)),
                offence("reserved data opcode", 1002, masked(0x83, NOTHING)),
                offence("reserved control opcode", 1002, masked(0x8B, NOTHING)),
                offence("frame without mask", 1002, new byte[] {(byte) 0x81, 2, '{', '}'}),
                offence("fragmented ping", 1002, masked(0x09, NOTHING)),
                offence("fragmented close", 1002, masked(0x08, NOTHING)),
                offence("ping over 125 bytes", 1002, masked(0x89, LONG_FOR_CONTROL)),
                offence("close over 125 bytes", 1002, masked(0x88, LONG_FOR_CONTROL)),
                offence("continuation of nothing", 1002, masked(0x80, NOTHING)),
                offence("message inside a message", 1002, join(masked(0x01, NOTHING), masked(0x81, NOTHING))),
                offence("length not in its shortest form", 1002, new byte[] {(byte) 0x81, (byte) 0xFE, 0, 5}),
                offence("negative length", 1002, new byte[] {(byte) 0x81, (byte) 0xFF, -1, 0, 0, 0, 0, 0, 0, 0}),
                offence("close code of one byte", 1002, masked(0x88, new byte[] {3})),
                offence("close code 999", 1002, close(999)),
                offence("close code 1005", 1002, close(1005)),
                offence("close code 1006", 1002, close(1006)),
                offence("close code 1015", 1002, close(1015)),
                offence("close code 2999", 1002, close(2999)),
                offence("close code 5000", 1002, close(5000)),
                offence("close code 65535", 1002, close(65_535)),
                offence("close reason not UTF-8", 1007, masked(0x88, join(new byte[] {3, (byte) 0xE8}, NOT_UTF_8))),
                offence("text not UTF-8", 1007, masked(0x81, NOT_UTF_8)),
                offence("text that ends inside a character", 1007, masked(0x81, CUT_UTF_8)),
                offence("text with a surrogate", 1007, masked(0x81, SURROGATE)),
                offence("fragments not UTF-8 together", 1007, join(masked(0x01, CUT_UTF_8), masked(0x80, NOTHING))),
                offence("frame over the limit", 1009, masked(0x81, new byte[65_537])),
                offence("head of a frame of 2 GiB", 1009, new byte[] {(byte) 0x82, -1, 0, 0, 0, 0, -128, 0, 0, 0}),
                offence(
                        "fragments over the limit together",
                        1009,
                        join(masked(0x02, new byte[65_536]), masked(0x00, new byte[1]))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("offences")
    void offenceClosesWithCodeAndEmptyReason(String name, int code, byte[] bytes) throws Exception {
        try (RawWebSocketClient client = client()) {
            RecordingListener listener = listener();

            client.sendBytes(bytes);

            Frame close = client.read();
            assertThat(close.opcode()).isEqualTo(RawWebSocketClient.CLOSE);
            assertThat(close.closeCode()).isEqualTo(code);
            assertThat(close.closeReason()).isEmpty();
            assertThat(client.ended()).isTrue();
            await().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
            assertThat(listener.messages()).isEmpty();
        }
    }

    @Test
    void closeFrameArrivesThoughTheClientSendsOn() throws Exception {
        try (RawWebSocketClient client = client()) {
            listener();

            client.sendBytes(masked(0x81, new byte[4_000_000]));

            assertThat(client.read().closeCode()).isEqualTo(1009);
            assertThat(client.ended()).isTrue();
        }
    }

    /** Only their bytes are kept, so that their number costs nothing. */
    @Test
    void emptyFragmentsMayBeAsManyAsTheClientLikes() throws Exception {
        try (RawWebSocketClient client = client()) {
            RecordingListener listener = listener();
            ByteArrayOutputStream fragments = new ByteArrayOutputStream();
            IntStream.range(0, 20_000).forEach(count -> fragments.writeBytes(masked(0x00, NOTHING)));

            client.send(0x01, "{".getBytes(StandardCharsets.UTF_8));
            client.sendBytes(fragments.toByteArray());
            client.send(0x80, "}".getBytes(StandardCharsets.UTF_8));

            await().untilAsserted(() -> assertThat(listener.messages()).containsExactly("{}"));
        }
    }

    @Test
    void fragmentsMaySplitACharacter() throws Exception {
        byte[] euro = "€".getBytes(StandardCharsets.UTF_8);
        try (RawWebSocketClient client = client()) {
            RecordingListener listener = listener();

            client.send(0x01, new byte[] {euro[0]});
            client.send(0x80, new byte[] {euro[1], euro[2]});

            await().untilAsserted(() ->
                    assertThat(listener.messages()).containsExactly(new String(euro, StandardCharsets.ISO_8859_1)));
        }
    }

    @Test
    void validCloseCodesAreEchoed() throws Exception {
        for (int code : new int[] {1000, 1001, 1003, 1007, 1011, 3000, 3999, 4000, 4999}) {
            try (RawWebSocketClient client = client()) {
                client.sendClose(code);

                assertThat(client.read().closeCode()).isEqualTo(code);
                assertThat(client.ended()).isTrue();
            }
        }
    }

    @Test
    void closeWithoutCodeIsAnsweredWithoutCode() throws Exception {
        try (RawWebSocketClient client = client()) {
            client.send(0x88, NOTHING);

            assertThat(client.read().payload()).isEmpty();
            assertThat(client.ended()).isTrue();
        }
    }

    private static Arguments offence(String name, int code, byte[] bytes) {
        return Arguments.of(name, code, bytes);
    }

    private static byte[] masked(int firstByte, byte[] payload) {
        return RawWebSocketClient.maskedFrame(firstByte, payload);
    }

    private static byte[] close(int code) {
        return masked(0x88, new byte[] {(byte) (code >> 8), (byte) code});
    }

    private static byte[] join(byte[] first, byte[] second) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.writeBytes(first);
        joined.writeBytes(second);
        return joined.toByteArray();
    }
}
