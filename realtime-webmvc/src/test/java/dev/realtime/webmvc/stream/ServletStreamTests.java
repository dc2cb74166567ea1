package dev.realtime.webmvc.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.spi.transport.RawHttpClient;
import dev.realtime.spi.transport.RawWebSocketClient;
import dev.realtime.spi.transport.RecordingListener;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportCalls;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.web.stream.StreamKind;
import dev.realtime.web.stream.StreamOptions;
import dev.realtime.webmvc.WebServer;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that do not read, and containers that cannot process a request asynchronously. */
@ExtendWith(BufferLeaks.class)
class ServletStreamTests {

    private static final int SOCKET_BUFFER = 64 * 1024;

    private final BlockingQueue<RecordingListener> accepted = new LinkedBlockingQueue<>();

    private StreamServer server;

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void abortClosesTheConnectionOfAClientThatDoesNotRead(StreamServer.Kind kind) throws Exception {
        start(kind, Duration.ZERO);
        try (RawHttpClient client = slowClient()) {
            RecordingListener listener = listener();
            fill(listener);

            TransportCalls.run(listener, Transport::abort);

            // Fails with a timeout if the connection stays open.
            client.skipToEndOfConnection();
            await().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void clientThatTakesNothingForTooLongIsCut(StreamServer.Kind kind) throws Exception {
        start(kind, Duration.ofMillis(300));
        try (RawHttpClient client = slowClient()) {
            RecordingListener listener = listener();
            fill(listener);

            await().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
            assertThat(TransportCalls.queuedBytes(listener)).isZero();
            client.skipToEndOfConnection();
        }
    }

    @Test
    void filterWithoutSupportForAsynchronousRequestsIsExplained() throws Exception {
        server = StreamServer.start(
                WebServer::synchronousTomcat,
                StreamKind.SSE,
                StreamOptions.DEFAULTS,
                this::accept,
                () -> true,
                List.of());

        try (RawHttpClient client =
                RawHttpClient.open(server.port()).send("GET", "/connection/sse?cf_connect=%7B%7D", "")) {
            assertThat(client.readHead()).isEqualTo(500);
            assertThat(client.readAll()).isEqualTo("A filter or the servlet does not support asynchronous requests");
        }
        assertThat(accepted).isEmpty();
    }

    private void start(StreamServer.Kind kind, Duration writeTimeout) throws Exception {
        server = StreamServer.start(
                kind,
                StreamKind.HTTP_STREAM,
                StreamOptions.DEFAULTS.withWriteTimeout(writeTimeout),
                this::accept,
                () -> true,
                List.of());
    }

    private TransportListener accept(Transport transport) {
        RecordingListener listener = new RecordingListener(transport);
        accepted.add(listener);
        return listener;
    }

    private RawHttpClient slowClient() throws Exception {
        return RawHttpClient.on(RawWebSocketClient.socket(server.port(), SOCKET_BUFFER))
                .send("POST", "/connection/http_stream", "{\"id\":1,\"connect\":{}}");
    }

    private RecordingListener listener() throws InterruptedException {
        RecordingListener listener = accepted.poll(10, TimeUnit.SECONDS);
        assertThat(listener).as("accepted connection").isNotNull();
        return listener;
    }

    /** Writes more than the sockets of both sides hold. */
    private static void fill(RecordingListener listener) throws Exception {
        TransportCalls.writeMuch(
                listener, Unpooled.copiedBuffer("x".repeat(65_000) + "\n", StandardCharsets.US_ASCII), 250);
    }
}
