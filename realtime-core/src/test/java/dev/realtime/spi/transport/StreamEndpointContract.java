package dev.realtime.spi.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Statuses, headers and first bytes that every server must have for requests that open streams. */
public abstract class StreamEndpointContract {

    private static final String CONNECT = "{\"id\":1,\"connect\":{}}";

    private static final String HTTP_STREAM = "http_stream";

    private static final String SSE = "sse";

    private static final String UNI_SSE = "uni_sse";

    /**
     * Settings of an endpoint.
     *
     * @param transport name of the transport; the endpoint is at {@code /connection/} and this name
     * @param bodyTimeout time until the body of a request must have arrived; its maximum is 64 KiB
     * @param decidesFirst whether connects are decided before the response begins
     * @param statuses disconnect codes with the statuses that replace them then
     * @param allowedOrigins origins of pages that may connect
     * @param admission whether the node accepts clients
     */
    public record Settings(
            String transport,
            Duration bodyTimeout,
            boolean decidesFirst,
            Map<Integer, Integer> statuses,
            List<String> allowedOrigins,
            BooleanSupplier admission) {}

    /** Starts a server with one endpoint. */
    protected abstract TestServer start(Settings settings, Function<Transport, TransportListener> node)
            throws Exception;

    /** Returns whether the server notices without a write that a client has gone. */
    protected boolean noticesLostClients() {
        return true;
    }

    /** Returns whether requests with a malformed query reach the endpoint. */
    protected boolean passesMalformedQueries() {
        return true;
    }

    private final BlockingQueue<RecordingListener> accepted = new LinkedBlockingQueue<>();

    private final AtomicBoolean full = new AtomicBoolean();

    private TestServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void eventsBeginWithALineEnd() throws Exception {
        start(SSE);

        try (RawHttpClient client = get("/connection/sse?x=1&cf_connect=" + encoded(CONNECT))) {
            assertThat(client.readHead()).isEqualTo(200);
            assertThat(client.header("Content-Type").replace(" ", ""))
                    .isEqualToIgnoringCase("text/event-stream;charset=utf-8");
            assertStreamHeaders(client);
            assertThat(client.readBytes(2)).containsExactly('\r', '\n');
            RecordingListener listener = listener();
            await().untilAsserted(() -> assertThat(listener.messages()).containsExactly(CONNECT));
            Transport transport = listener.transport();
            assertThat(transport.describe().uri()).endsWith("/connection/sse?x=1");
            write(transport, "data: {}\n\n");
            assertThat(client.readBytes(10)).isEqualTo("data: {}\n\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void httpStreamSpeaksProtobufToBinaryRequests() throws Exception {
        start(HTTP_STREAM);

        try (RawHttpClient client = open()) {
            client.send(
                    "POST", "/connection/http_stream", new byte[] {2, 8, 1}, "Content-Type: application/octet-stream");
            assertThat(client.readHead()).isEqualTo(200);
            assertThat(client.header("Content-Type")).isEqualTo("application/octet-stream");
            assertStreamHeaders(client);
            RecordingListener listener = listener();
            assertThat(listener.transport().wireForm()).isEqualTo(WireForm.PROTOBUF_DELIMITED);
            close(listener.transport(), Disconnect.SHUTDOWN);
            byte[] push = client.readToEnd();
            assertThat(push[0]).isEqualTo((byte) (push.length - 1));
        }
    }

    @Test
    void otherMethodsAreNotAllowed() throws Exception {
        start(HTTP_STREAM);

        assertRefusal("GET", "/connection/http_stream", "", 405, "POST, OPTIONS");
        assertRefusal("HEAD", "/connection/http_stream", "", 405, "POST, OPTIONS");
        assertRefusal("PUT", "/connection/http_stream", "", 405, "POST, OPTIONS");
        server.close();
        start(SSE);
        assertRefusal("OPTIONS", "/connection/sse", "", 405, "GET, POST");
        assertRefusal("PUT", "/connection/sse", "", 405, "GET, POST");
        assertRefusal("GET", "/connection/sse", "", 400, "");
    }

    @Test
    void largeAndSlowBodiesAreRefused() throws Exception {
        start(HTTP_STREAM);

        assertRefusal("POST", "/connection/http_stream", "x".repeat(65_537), 413, "");
        try (RawHttpClient client = open()) {
            client.sendBytes(("POST /connection/http_stream HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked"
                            + "\r\n\r\n" + "10001\r\n" + "x".repeat(65_537))
                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(client.readHead()).isEqualTo(413);
        }
        try (RawHttpClient client = open()) {
            client.sendBytes(
                    "POST /connection/http_stream HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nxxx"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(client.readHead()).isEqualTo(408);
        }
        try (RawHttpClient client = open()) {
            client.send("POST", "/connection/http_stream", "x".repeat(65_536));
            assertThat(client.readHead()).isEqualTo(200);
            RecordingListener listener = listener();
            await().untilAsserted(() -> assertThat(listener.messages()).hasSize(1));
        }
    }

    /** The time is that of the whole body, so a byte now and then gains nothing. */
    @Test
    void bodyThatDripsIsRefusedInTime() throws Exception {
        start(HTTP_STREAM);

        String head = "POST /connection/http_stream HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n";
        try (RawHttpClient client = open()) {
            client.sendBytes(head.getBytes(StandardCharsets.US_ASCII));
            CompletableFuture<Integer> status = new CompletableFuture<>();
            Thread reader = new Thread(() -> {
                try {
                    status.complete(client.readHead());
                } catch (IOException failure) {
                    status.completeExceptionally(failure);
                }
            });
            reader.start();
            await().pollInterval(Duration.ofMillis(50)).until(() -> {
                if (!status.isDone()) {
                    drip(client);
                }
                return status.isDone();
            });
            assertThat(status.get()).isEqualTo(408);
        }
        assertThat(accepted).isEmpty();
    }

    private static void drip(RawHttpClient client) {
        try {
            client.sendBytes(new byte[] {'x'});
        } catch (IOException closed) {
            // The reader has the status.
        }
    }

    @Test
    void bodyThatEndsWithTheConnectionReachesNoNode() throws Exception {
        start(HTTP_STREAM);

        String head = "POST /connection/http_stream HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n";
        try (RawHttpClient client = open()) {
            client.sendBytes((head + CONNECT).getBytes(StandardCharsets.US_ASCII));
            client.endOutput();
            client.skipToEndOfConnection();
        }
        assertThat(accepted).isEmpty();
    }

    @Test
    void bodyIsJsonUnlessItsTypeIsThatOfBytes() throws Exception {
        start(HTTP_STREAM);

        for (String type : List.of(
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=b",
                "application/json; charset=utf-16",
                "nonsense",
                "")) {
            try (RawHttpClient client = open()) {
                client.send("POST", "/connection/http_stream", CONNECT, "Content-Type: " + type);
                assertThat(client.readHead()).as(type).isEqualTo(200);
                RecordingListener listener = listener();
                await().untilAsserted(
                                () -> assertThat(listener.messages()).as(type).containsExactly(CONNECT));
                assertThat(listener.transport().wireForm()).isEqualTo(WireForm.JSON_LINES);
            }
        }
    }

    @Test
    void pagesOfOtherOriginsAreRefusedAndAllowedOnesMayReadTheResponse() throws Exception {
        start(HTTP_STREAM, false, Map.of(), List.of("https://app.example"));

        try (RawHttpClient client = open()) {
            client.send("POST", "/connection/http_stream", CONNECT, "Origin: https://evil.example");
            assertThat(client.readHead()).isEqualTo(403);
            assertThat(client.header("Access-Control-Allow-Origin")).isEmpty();
        }
        try (RawHttpClient client = open()) {
            client.send("POST", "/connection/http_stream", CONNECT, "Origin: https://app.example");
            assertThat(client.readHead()).isEqualTo(200);
            assertThat(client.header("Access-Control-Allow-Origin")).isEqualTo("https://app.example");
            assertThat(client.header("Access-Control-Allow-Credentials")).isEqualTo("true");
        }
        try (RawHttpClient client = open()) {
            client.send(
                    "OPTIONS",
                    "/connection/http_stream",
                    "",
                    "Origin: https://app.example",
                    "Access-Control-Request-Method: POST",
                    "Access-Control-Request-Headers: content-type");
            assertThat(client.readHead()).isEqualTo(204);
            assertThat(client.header("Access-Control-Allow-Origin")).isEqualTo("https://app.example");
            assertThat(client.header("Access-Control-Allow-Headers")).isEqualTo("content-type");
            assertThat(client.header("Access-Control-Allow-Methods")).isEqualTo("POST, OPTIONS");
            assertThat(client.header("Access-Control-Max-Age")).isEqualTo("300");
        }
    }

    @Test
    void fullNodeRefusesBeforeTheStream() throws Exception {
        start(HTTP_STREAM);
        full.set(true);

        assertRefusal("POST", "/connection/http_stream", CONNECT, 503, "");
        assertThat(accepted).isEmpty();
    }

    @Test
    void principalOfTheRequestIsThatOfTheConnection() throws Exception {
        start(HTTP_STREAM);

        try (RawHttpClient client = open()) {
            client.send("POST", "/connection/http_stream", CONNECT, "X-User: alice");
            assertThat(client.readHead()).isEqualTo(200);
            assertThat(client.header("X-Filtered")).isEqualTo("yes");
            assertThat(listener().transport().describe().principal().getName()).isEqualTo("alice");
        }
    }

    @Test
    void clientOfHttp10ReadsToTheEndOfTheConnection() throws Exception {
        start(SSE);

        try (RawHttpClient client = open()) {
            client.sendBytes(
                    ("GET /connection/sse?cf_connect=" + encoded(CONNECT) + " HTTP/1.0\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(client.readHead()).isEqualTo(200);
            assertThat(client.header("Transfer-Encoding")).isEmpty();
            assertThat(client.header("Connection")).isNotEqualToIgnoringCase("keep-alive");
            close(listener().transport(), Disconnect.SHUTDOWN);
            assertThat(new String(client.readToEnd(), StandardCharsets.UTF_8))
                    .isEqualTo("\r\ndata: {\"push\":{\"disconnect\":{\"code\":3001,\"reason\":\"shutdown\"}}}\n\n");
        }
    }

    @Test
    void connectionThatServesNoOtherRequestSaysSo() throws Exception {
        start(HTTP_STREAM);

        try (RawHttpClient client = open()) {
            client.send("POST", "/connection/http_stream", CONNECT);
            assertThat(client.readHead()).isEqualTo(200);
            boolean closes = client.header("Connection").equalsIgnoreCase("close");
            close(listener().transport(), Disconnect.SHUTDOWN);
            client.readToEnd();

            if (closes) {
                assertThat(client.closed()).isTrue();
            } else {
                client.send("GET", "/connection/http_stream", "");
                assertThat(client.readHead()).isEqualTo(405);
            }
        }
    }

    @Test
    void unidirectionalConnectRequestIsCheckedFirst() throws Exception {
        start(UNI_SSE);

        assertRefusal("GET", "/connection/uni_sse?cf_connect=" + encoded("{"), "", 400, "");
        if (passesMalformedQueries()) {
            assertRefusal("GET", "/connection/uni_sse?cf_connect=%", "", 400, "");
        }
        assertRefusal("POST", "/connection/uni_sse", "", 400, "");
        assertRefusal("POST", "/connection/uni_sse", "[]", 400, "");
        assertRefusal("PUT", "/connection/uni_sse", "{}", 405, "GET, POST");
        try (RawHttpClient client = get("/connection/uni_sse")) {
            assertThat(client.readHead()).isEqualTo(200);
            RecordingListener listener = listener();
            await().untilAsserted(() -> assertThat(listener.messages()).containsExactly("{}"));
        }
        try (RawHttpClient client = open()) {
            client.send("POST", "/connection/uni_sse", "null");
            assertThat(client.readHead()).isEqualTo(200);
        }
    }

    @Test
    void refusedConnectBecomesAStatusWhereThatIsConfigured() throws Exception {
        start(UNI_SSE, true, Map.of(3500, 401, 4000, 402), List.of());

        try (RawHttpClient client = get("/connection/uni_sse")) {
            Transport transport = listener().transport();
            transport
                    .executor()
                    .submit(() -> transport.connectFailed(new ClientError(4000, "of the application", false)))
                    .get(10, TimeUnit.SECONDS);
            close(transport, Disconnect.SERVER_ERROR);
            assertThat(client.readHead()).isEqualTo(402);
        }
        try (RawHttpClient client = get("/connection/uni_sse")) {
            RecordingListener listener = listener();
            close(listener.transport(), Disconnect.INVALID_TOKEN);
            assertThat(client.readHead()).isEqualTo(401);
            await().untilAsserted(() -> assertThat(listener.closed()).isEqualTo(1));
        }
        try (RawHttpClient client = get("/connection/uni_sse")) {
            close(listener().transport(), Disconnect.EXPIRED);
            assertThat(client.readHead()).isEqualTo(200);
            assertThat(new String(client.readToEnd(), StandardCharsets.UTF_8))
                    .startsWith("\r\ndata: {\"disconnect\":{\"code\":3005,")
                    .endsWith("}\n\n");
        }
        try (RawHttpClient client = get("/connection/uni_sse")) {
            write(listener().transport(), "data: {\"connect\":{}}\n\n");
            assertThat(client.readHead()).isEqualTo(200);
            assertThat(client.readLine()).isEqualTo("\r");
            assertThat(client.readLine()).isEqualTo("data: {\"connect\":{}}");
        }
    }

    @Test
    void clientThatLeavesBeforeTheDecisionIsNoticed() throws Exception {
        start(UNI_SSE, true, Map.of(), List.of());
        RawHttpClient client = get("/connection/uni_sse");
        RecordingListener listener = listener();

        client.reset();

        await().untilAsserted(() -> {
            if (!noticesLostClients()) {
                write(listener.transport(), "data: {}\n\n");
            }
            assertThat(listener.closed()).isEqualTo(1);
        });
    }

    @Test
    void failingNodeEndsTheStreamWithServerError() throws Exception {
        TransportListener failing = new TransportListener() {

            @Override
            public void onMessage(ByteBuf frame) {
                throw new IllegalStateException("no");
            }

            @Override
            public void onClosed() {}
        };
        server = start(settings(HTTP_STREAM, false, Map.of(), List.of()), transport -> failing);

        try (RawHttpClient client = open()) {
            client.send("POST", "/connection/http_stream", CONNECT);
            assertThat(client.readHead()).isEqualTo(200);
            assertThat(client.readLine()).contains("\"code\":3004");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    private void start(String transport) throws Exception {
        start(transport, false, Map.of(), List.of());
    }

    private void start(
            String transport, boolean decidesFirst, Map<Integer, Integer> statuses, List<String> allowedOrigins)
            throws Exception {
        server = start(settings(transport, decidesFirst, statuses, allowedOrigins), connection -> {
            RecordingListener listener = new RecordingListener(connection);
            accepted.add(listener);
            return listener;
        });
    }

    private Settings settings(
            String transport, boolean decidesFirst, Map<Integer, Integer> statuses, List<String> allowedOrigins) {
        return new Settings(
                transport, Duration.ofMillis(700), decidesFirst, statuses, allowedOrigins, () -> !full.get());
    }

    private RawHttpClient open() throws IOException {
        return RawHttpClient.open(server.port());
    }

    private RawHttpClient get(String target) throws IOException {
        return open().send("GET", target, "");
    }

    private RecordingListener listener() throws InterruptedException {
        RecordingListener listener = accepted.poll(10, TimeUnit.SECONDS);
        assertThat(listener).as("accepted connection").isNotNull();
        return listener;
    }

    private void assertRefusal(String method, String target, String body, int status, String allowed)
            throws IOException {
        try (RawHttpClient client = open()) {
            client.send(method, target, body);
            assertThat(client.readHead()).as("%s %s", method, target).isEqualTo(status);
            assertThat(client.header("Allow")).isEqualTo(allowed);
        }
    }

    private static void assertStreamHeaders(RawHttpClient client) {
        assertThat(client.header("X-Accel-Buffering")).isEqualTo("no");
        assertThat(client.header("Cache-Control")).isEqualTo("private, no-cache, no-store, must-revalidate, max-age=0");
        assertThat(client.header("Pragma")).isEqualTo("no-cache");
        assertThat(client.header("Transfer-Encoding")).isEqualToIgnoringCase("chunked");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static void write(Transport transport, String bytes) throws Exception {
        transport
                .executor()
                .submit(() -> {
                    transport.write(Unpooled.copiedBuffer(bytes, StandardCharsets.UTF_8));
                    transport.flush();
                })
                .get(10, TimeUnit.SECONDS);
    }

    private static void close(Transport transport, Disconnect disconnect) throws Exception {
        transport.executor().submit(() -> transport.close(disconnect)).get(10, TimeUnit.SECONDS);
    }
}
