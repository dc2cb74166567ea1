package dev.realtime.spi.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Contract of every server at the opening handshake: a socket that it upgrades reaches the node, and no other is
 * upgraded.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class UpgradeContract {

    private static final byte[] NOTHING = {};

    private final BlockingQueue<RecordingListener> accepted = new LinkedBlockingQueue<>();

    private int port;

    /**
     * Starts a server once for all tests, with the default options and the endpoint at
     * {@code /connection/websocket}.
     *
     * @param node to be asked for each connection
     * @return its port
     */
    protected abstract int start(Function<Transport, TransportListener> node) throws Exception;

    /** Returns whether the server finds {@code websocket} among other protocols; Jetty refuses to. */
    protected boolean upgradesFromLists() {
        return true;
    }

    /** Returns whether the server takes a host with an underscore; Tomcat refuses such requests itself. */
    protected boolean takesUnderscores() {
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

    private List<String> head(String... lines) {
        List<String> head = new ArrayList<>(List.of("GET /connection/websocket HTTP/1.1", "Host: localhost:" + port));
        head.addAll(List.of("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13"));
        head.addAll(List.of(lines));
        return head;
    }

    private List<String> upgrade(String... lines) {
        List<String> head = head(lines);
        head.addAll(List.of("Upgrade: websocket", "Connection: Upgrade"));
        return head;
    }

    private static int status(List<String> answer) {
        return Integer.parseInt(answer.get(0).split(" ")[1]);
    }

    private RecordingListener accepted() throws InterruptedException {
        RecordingListener listener = accepted.poll(10, TimeUnit.SECONDS);
        assertThat(listener).as("accepted connection").isNotNull();
        return listener;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x        | centrifuge-json     | centrifuge-json     | JSON_WEBSOCKET",
                "x, y     | centrifuge-protobuf | centrifuge-protobuf | PROTOBUF_WEBSOCKET",
                "centrifuge-protobuf | x     | centrifuge-protobuf | PROTOBUF_WEBSOCKET",
            })
    void subprotocolsOnSeveralLinesAreOneList(String first, String second, String chosen, WireForm form)
            throws Exception {
        List<String> head = upgrade("Sec-WebSocket-Protocol: " + first, "Sec-WebSocket-Protocol: " + second);
        try (RawWebSocketClient client = RawWebSocketClient.send(port, head, NOTHING)) {
            assertThat(client.readHead())
                    .anySatisfy(line -> assertThat(line).isEqualToIgnoringCase("sec-websocket-protocol: " + chosen));
            RecordingListener listener = accepted();
            assertThat(listener.transport().wireForm()).isEqualTo(form);
            client.sendText("served");
            await().untilAsserted(() -> assertThat(listener.messages()).containsExactly("served"));
        }
    }

    @Test
    void upgradeMayNameOtherProtocolsToo() throws Exception {
        for (List<String> lines : List.of(
                List.of("Upgrade: foo, WebSocket", "Connection: keep-alive, Upgrade"),
                List.of("Upgrade: foo", "Upgrade: websocket", "Connection: keep-alive", "Connection: upgrade"))) {
            try (RawWebSocketClient client =
                    RawWebSocketClient.send(port, head(lines.toArray(String[]::new)), NOTHING)) {
                assertThat(status(client.readHead())).as(lines.toString()).isEqualTo(upgradesFromLists() ? 101 : 400);
            }
            if (upgradesFromLists()) {
                accepted();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /connection/websocket HTTP/1.0", "CONNECT /connection/websocket HTTP/1.1"})
    void otherRequestLinesAreRefused(String requestLine) throws IOException {
        List<String> head = upgrade();
        head.set(0, requestLine);

        assertThat(status(RawWebSocketClient.request(port, head))).isBetween(400, 505);
        assertThat(accepted).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 3",
                "Transfer-Encoding: chunked",
                "Sec-WebSocket-Extensions: ;",
                "Sec-WebSocket-Extensions: permessage-deflate; =1",
                "Sec-WebSocket-Extensions: permessage-deflate; a=",
            })
    void headersThatAreWrongInAHandshakeAreRefused(String header) throws IOException {
        assertThat(status(RawWebSocketClient.request(port, upgrade(header)))).isEqualTo(400);
        assertThat(accepted).isEmpty();
    }

    @Test
    void framesSentTogetherWithTheHandshakeAreServed() throws Exception {
        byte[] first = RawWebSocketClient.maskedFrame(0x81, "first".getBytes(StandardCharsets.UTF_8));
        byte[] second = RawWebSocketClient.maskedFrame(0x81, "second".getBytes(StandardCharsets.UTF_8));
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        for (int early : new int[] {both.length, first.length, first.length + 1, 1, first.length - 1}) {
            try (RawWebSocketClient client = RawWebSocketClient.send(port, upgrade(), Arrays.copyOf(both, early))) {
                assertThat(status(client.readHead())).isEqualTo(101);
                client.sendBytes(Arrays.copyOfRange(both, early, both.length));
                RecordingListener listener = accepted();
                await().untilAsserted(() -> assertThat(listener.messages())
                        .as("%s bytes with the handshake", early)
                        .containsExactly("first", "second"));
            }
        }
    }

    @Test
    void pageOfTheSameHostWithAnUnderscoreIsUpgraded() throws Exception {
        List<String> head = upgrade("Origin: http://my_app.test:8080");
        head.set(1, "Host: my_app.test:8080");
        try (RawWebSocketClient client = RawWebSocketClient.send(port, head, NOTHING)) {
            assertThat(status(client.readHead())).isEqualTo(takesUnderscores() ? 101 : 400);
        }
        if (takesUnderscores()) {
            accepted();
        }
    }

    /** Whatever a handshake looks like: either the node has the socket, or the client has a status and no socket. */
    @Test
    void everySocketThatIsUpgradedReachesTheNode() throws Exception {
        List<List<String>> choices = List.of(
                List.of(
                        "GET /connection/websocket HTTP/1.1", "GET /connection/websocket?a=%zz HTTP/1.1",
                        "GET http://localhost/connection/websocket HTTP/1.1", "CONNECT /connection/websocket HTTP/1.1",
                        "POST /connection/websocket HTTP/1.1", "GET /connection/websocket HTTP/1.0"),
                List.of("Host: localhost", "Host: my_app", "Host: [::1]:80", "Host:", "X: y"),
                List.of(
                        "Upgrade: websocket",
                        "Upgrade: WEBSOCKET",
                        "Upgrade: foo, websocket",
                        "Upgrade: websocket, foo",
                        "Upgrade: foo\r\nUpgrade: websocket",
                        "Upgrade: ,websocket,",
                        "Upgrade: websockets",
                        "X: y"),
                List.of(
                        "Connection: Upgrade",
                        "Connection: keep-alive, Upgrade",
                        "Connection: close, upgrade",
                        "Connection: keep-alive\r\nConnection: upgrade",
                        "Connection: upgrade, close",
                        "X: y"),
                List.of(
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Key:  dGhlIHNhbXBsZSBub25jZQ== ",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Key: x", "Sec-WebSocket-Key: x"),
                List.of(
                        "Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 13, 8",
                        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 8", "Sec-WebSocket-Version: 8"),
                List.of(
                        "X: y",
                        "Sec-WebSocket-Protocol: centrifuge-json",
                        "Sec-WebSocket-Protocol: x, centrifuge-protobuf",
                        "Sec-WebSocket-Protocol: x\r\nSec-WebSocket-Protocol: centrifuge-json",
                        "Sec-WebSocket-Protocol: ,,",
                        "Sec-WebSocket-Protocol:",
                        "Sec-WebSocket-Protocol: Centrifuge-JSON",
                        "Sec-WebSocket-Protocol: \tcentrifuge-json\t,x",
                        "Sec-WebSocket-Protocol: \"centrifuge-json\""),
                List.of(
                        "X: y",
                        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
                        "Sec-WebSocket-Extensions: ;",
                        "Sec-WebSocket-Extensions: foo, , bar;a=1",
                        "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=x"),
                List.of(
                        "X: y",
                        "Expect: 100-continue",
                        "Content-Length: 0",
                        "Content-Length: 2",
                        "Transfer-Encoding: chunked",
                        "Cookie: a=b; c"));
        Random random = new Random(12);
        int upgraded = 0;
        for (int i = 0; i < 400; i++) {
            List<String> head = new ArrayList<>();
            for (List<String> choice : choices) {
                // Mostly the first, so that one or two things are unusual.
                head.add(choice.get(random.nextInt(3) > 0 ? 0 : random.nextInt(choice.size())));
            }
            try (RawWebSocketClient client = RawWebSocketClient.send(port, head, NOTHING)) {
                int status = firstStatus(client);
                if (status == 101) {
                    upgraded++;
                    if (closes(head)) {
                        await().until(() -> !accepted.isEmpty() || client.hasEnded());
                    }
                    RecordingListener listener = accepted.poll(closes(head) ? 0 : 10, TimeUnit.SECONDS);
                    if (listener == null && closes(head)) {
                        continue;
                    }
                    assertThat(listener).as("socket of %s", head).isNotNull();
                    client.sendText("served");
                    await().untilAsserted(() ->
                            assertThat(listener.messages()).as(head.toString()).containsExactly("served"));
                } else {
                    assertThat(status).as(head.toString()).isBetween(400, 505);
                }
            }
            assertThat(accepted).as(head.toString()).isEmpty();
        }
        assertThat(upgraded).isGreaterThan(40);
    }

    /** Returns whether the client wants the connection closed after the answer, as some servers do even with a 101. */
    private static boolean closes(List<String> head) {
        return head.stream().anyMatch(line -> line.startsWith("Connection:") && line.contains("close"));
    }

    /** Of the answer after an interim one; a connection that the server closed without a word counts as refused. */
    private static int firstStatus(RawWebSocketClient client) throws IOException {
        try {
            int status = status(client.readHead());
            return status == 100 ? status(client.readHead()) : status;
        } catch (EOFException | SocketException closed) {
            return 400;
        }
    }
}
