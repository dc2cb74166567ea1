package dev.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The cases of the Autobahn test suite for WebSocket servers (RFC 6455, and RFC 7692 where compression is on) against
 * {@link EchoApplication} on Reactor Netty.
 */
class AutobahnConformanceTests {

    /** The cases whose messages are binary; everything else sends text. */
    private static final List<String> BINARY = List.of("1.2.*", "9.2.*", "9.4.*", "9.6.*", "9.8.*");

    private static final List<String> TEXT =
            List.of("1.1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "9.1.*", "9.3.*", "9.5.*", "9.7.*", "10.*");

    /**
     * All 216 take many minutes: of each kind of data, messages from 16 bytes to 128 KiB, whole and in fragments.
     * Offers of nothing but a smaller window for what the server compresses (13.3 to 13.6) are declined, so there is
     * nothing to try.
     */
    private static final List<String> COMPRESSED_TEXT = List.of(
            "12.1.1", "12.1.4", "12.1.10", "12.1.13", "12.4.7", "12.4.14", "13.1.7", "13.2.7", "13.2.14", "13.7.7");

    private static final List<String> COMPRESSED_BINARY = List.of("12.2.4", "12.2.7", "12.3.7", "12.3.12", "12.5.7");

    private static ConfigurableApplicationContext plain;

    private static ConfigurableApplicationContext compressing;

    @BeforeAll
    static void start() {
        plain = EchoApplication.start(WebServer.REACTOR_NETTY);
        compressing = EchoApplication.start(WebServer.REACTOR_NETTY, "--realtime.websocket.compression=true");
    }

    @AfterAll
    static void stop() {
        plain.close();
        compressing.close();
    }

    @Test
    void framesAndTextMessages() throws IOException {
        Map<String, String> behaviour = Autobahn.run("text", plain, "", TEXT);

        assertThat(behaviour).hasSize(266);
        Autobahn.assertPassed(behaviour);
    }

    @Test
    void binaryMessages() throws IOException {
        Map<String, String> behaviour = Autobahn.run("binary", plain, "?format=protobuf", BINARY);

        assertThat(behaviour).hasSize(35);
        Autobahn.assertPassed(behaviour);
    }

    @Test
    void compressedTextMessages() throws IOException {
        Map<String, String> behaviour = Autobahn.run("compressed-text", compressing, "", COMPRESSED_TEXT);

        assertThat(behaviour).hasSameSizeAs(COMPRESSED_TEXT);
        Autobahn.assertPassed(behaviour);
    }

    @Test
    void compressedBinaryMessages() throws IOException {
        Map<String, String> behaviour =
                Autobahn.run("compressed-binary", compressing, "?format=protobuf", COMPRESSED_BINARY);

        assertThat(behaviour).hasSameSizeAs(COMPRESSED_BINARY);
        Autobahn.assertPassed(behaviour);
    }
}
