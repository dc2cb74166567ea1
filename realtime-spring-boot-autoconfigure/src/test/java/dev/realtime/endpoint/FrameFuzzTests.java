package dev.realtime.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.api.client.Disconnect;
import dev.realtime.fuzz.Campaign;
import dev.realtime.fuzz.Pieces;
import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.spi.transport.RawWebSocketClient;
import dev.realtime.spi.transport.RawWebSocketClient.Frame;
import dev.realtime.webflux.RealtimeWebSocketMapping;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Octets of all kinds follow the handshake of real sockets on the whole server. Whatever they are, the server replies
 * in frames that are as the RFC wants them, ends the connection when the client is done, and keeps nothing of it.
 */
@ExtendWith(BufferLeaks.class)
class FrameFuzzTests {

    private static final String[] MESSAGES = {
        "{\"id\":1,\"connect\":{}}",
        "{\"id\":2,\"subscribe\":{\"channel\":\"met:a\"}}",
        "{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"met:a\"}}\n"
                + "{\"id\":3,\"presence\":{\"channel\":\"met:a\"}}",
        "{}",
        ""
    };

    /** First octets of frames: of data, whole and in fragments, of control frames, and some that are not allowed. */
    private static final int[] BEGINNINGS = {
        0x81, 0x81, 0x81, 0x82, 0x01, 0x02, 0x00, 0x80, 0x88, 0x89, 0x8A, 0x09, 0xC1, 0xA1, 0x91, 0x83, 0x8B
    };

    private static final Set<Integer> CODES = Set.of(1000, 1001, 1002, 1003, 1005, 1007, 1009, 3501, 3502, 3508, 3509);

    private static ApiServer server;

    @BeforeAll
    static void start() {
        server = ApiServer.start(Stack.WEBFLUX);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void anyOctetsAreAnsweredInFramesAndTheConnectionEnds() {
        new Campaign("frames", LoopThreads::cpuNanos).run(FrameFuzzTests::frames, FrameFuzzTests::exchange);

        await().untilAsserted(() ->
                assertThat(server.clients()).as("clients that are left").isZero());
    }

    private static List<byte[]> frames(Random random) {
        return Pieces.random(random, 5, FrameFuzzTests::frame);
    }

    private static byte[] frame(Random random) {
        int beginning = BEGINNINGS[random.nextInt(BEGINNINGS.length)];
        byte[] message = MESSAGES[random.nextInt(MESSAGES.length)].getBytes(StandardCharsets.UTF_8);
        return switch (random.nextInt(8)) {
            case 0 -> RawWebSocketClient.maskedFrame(beginning, Pieces.noise(random));
            case 1 -> RawWebSocketClient.maskedFrame(beginning, new byte[random.nextInt(70_000)]);
            case 2 ->
                RawWebSocketClient.maskedFrame(
                        0x88, new byte[] {(byte) random.nextInt(20), (byte) random.nextInt(256)});
            case 3, 4 -> RawWebSocketClient.maskedFrame(beginning, message);
            default -> RawWebSocketClient.maskedFrame(0x81, message);
        };
    }

    private static void exchange(List<byte[]> pieces) throws IOException {
        try (RawWebSocketClient client =
                RawWebSocketClient.connect(server.port(), RealtimeWebSocketMapping.DEFAULT_PATH)) {
            try {
                for (byte[] piece : pieces) {
                    client.sendBytes(piece);
                }
                client.endOutput();
            } catch (SocketException closedMeanwhile) {
                // The server may have had enough before the client has said everything.
            }

            List<Frame> answer = client.readToEnd();

            assertThat(answer).allSatisfy(FrameFuzzTests::assertWellFormed);
            assertThat(answer.stream().filter(frame -> frame.opcode() == RawWebSocketClient.CLOSE))
                    .hasSizeLessThanOrEqualTo(1)
                    .allSatisfy(FrameFuzzTests::assertExpectedClose);
        }
    }

    /**
     * The code the client closed with comes back to it, so that 3004 of the server's own is known by its reason alone.
     */
    private static void assertExpectedClose(Frame close) {
        assertThat(close.closeCode()).matches(code -> CODES.contains(code) || (code >= 3000 && code < 5000), "a code");
        assertThat(close.closeReason()).isNotEqualTo(Disconnect.SERVER_ERROR.reason());
    }

    private static void assertWellFormed(Frame frame) {
        assertThat(frame.firstByte() & 0xF0).as("final, nothing reserved").isEqualTo(0x80);
        assertThat(frame.opcode())
                .isIn(
                        RawWebSocketClient.TEXT,
                        RawWebSocketClient.BINARY,
                        RawWebSocketClient.CLOSE,
                        RawWebSocketClient.PING,
                        RawWebSocketClient.PONG);
    }
}
