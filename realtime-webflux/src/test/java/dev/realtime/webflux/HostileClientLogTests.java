package dev.realtime.webflux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.realtime.spi.transport.RawWebSocketClient;
import dev.realtime.spi.transport.RecordingListener;
import dev.realtime.web.WebSocketOptions;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Clients that have not been authenticated cannot fill the log: nothing above DEBUG, and no stack trace of ours. What
 * is not even HTTP does not reach us; the server logs it as for any path of the application.
 */
class HostileClientLogTests {

    /** Ours, and those of the server. */
    private static final List<String> LOGGERS = List.of("dev.realtime", "io.netty", "reactor");

    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);

    private final Logger ours = (Logger) LoggerFactory.getLogger("dev.realtime");

    private final Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();

    private final AppenderBase<ILoggingEvent> recorder = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            events.add(event);
        }
    };

    @BeforeEach
    void record() {
        recorder.setContext(root.getLoggerContext());
        recorder.start();
        root.addAppender(recorder);
        ours.setLevel(Level.DEBUG);
    }

    @AfterEach
    void forget() {
        root.detachAppender(recorder);
        ours.setLevel(null);
    }

    private void assertQuiet() {
        assertThat(events)
                // Threads that other tests left behind may log what they like.
                .filteredOn(event -> LOGGERS.stream().anyMatch(event.getLoggerName()::startsWith))
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.INFO)
                        || (event.getLoggerName().startsWith("dev.realtime") && event.getThrowableProxy() != null))
                .extracting(event -> event.getLevel() + " " + event.getFormattedMessage())
                .isEmpty();
    }

    @Test
    void handshakesAndFramesOfHostileClientsLeaveNoTrace() throws Exception {
        try (RunningEndpoint endpoint = new RunningEndpoint(WebSocketOptions.DEFAULTS.withCompression(0))) {
            for (String header : List.of(
                    "Sec-WebSocket-Extensions: ;",
                    "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=x",
                    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=99999999999",
                    "Sec-WebSocket-Extensions: permessage-deflate;;",
                    "Sec-WebSocket-Extensions: deflate-frame, x-webkit-deflate-frame; no_context_takeover",
                    "Sec-WebSocket-Protocol: x, y",
                    "Cookie: ;;=\"")) {
                answerTo(endpoint.port(), header);
            }
            for (byte[] frame : List.of(
                    RawWebSocketClient.maskedFrame(0xC1, new byte[] {-1, -1}),
                    RawWebSocketClient.maskedFrame(0xC1, new byte[] {7}),
                    RawWebSocketClient.maskedFrame(0xF1, new byte[] {7}),
                    RawWebSocketClient.maskedFrame(0xC9, new byte[] {7}),
                    RawWebSocketClient.maskedFrame(0x81, new byte[] {-1}),
                    RawWebSocketClient.maskedFrame(0x88, new byte[] {1}),
                    RawWebSocketClient.maskedFrame(0x80, new byte[] {1}),
                    new byte[] {(byte) 0x81, 1, 'a'},
                    new byte[] {(byte) 0x81, (byte) 0xFF, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0})) {
                try (RawWebSocketClient client = endpoint.client("Sec-WebSocket-Extensions: permessage-deflate")) {
                    RecordingListener listener = endpoint.listener();
                    client.sendBytes(frame);
                    await().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
                }
            }
        }
        assertQuiet();
    }

    @Test
    void bytesThatAreNoTlsLeaveNoTrace() throws Exception {
        SelfSigned certificate = SelfSigned.forLocalhost();
        try (RunningEndpoint endpoint = new RunningEndpoint(
                WebSocketOptions.DEFAULTS, http -> http.secure(tls -> tls.sslContext(certificate.server())))) {
            Socket plain = RawWebSocketClient.socket(endpoint.port(), 0);
            Socket encrypted = certificate.client().createSocket(plain, "localhost", plain.getPort(), true);
            RawWebSocketClient.connect(encrypted, RealtimeWebSocketMapping.DEFAULT_PATH);
            RecordingListener listener = endpoint.listener();

            plain.getOutputStream().write("neither a record nor a frame".getBytes(StandardCharsets.UTF_8));

            await().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
            plain.close();
        }
        assertQuiet();
    }

    private static void answerTo(int port, String header) throws IOException {
        List<String> head = List.of(
                "GET /connection/websocket HTTP/1.1",
                "Host: localhost:" + port,
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version: 13",
                header);
        try {
            RawWebSocketClient.request(port, head);
        } catch (EOFException | SocketException closed) {
            // Without an answer, which is one too.
        }
    }
}
