package dev.realtime.spi.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.node.EmulationOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Statuses that every server must have for the commands that clients of streams post. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class EmulationEndpointContract {

    private static final String COMMANDS = "{\"session\":\"s\",\"node\":\"%s\",\"data\":\"{\\\"id\\\":2}\"}";

    /** Node that passes commands to the node that has a session. */
    public interface Node {

        /** Passes on the commands of a client. */
        Mono<EmulationOutcome> emulate(String nodeId, String session, byte[] data);
    }

    private final Queue<String> posted = new ConcurrentLinkedQueue<>();

    private TestServer server;

    /**
     * Starts a server with the endpoint at {@code /emulation}, for bodies of up to 64 KiB.
     *
     * @param bodyTimeout time until the body of a request must have arrived
     * @param allowedOrigin origin of pages that may post
     */
    protected abstract TestServer start(Node node, Duration bodyTimeout, String allowedOrigin) throws Exception;

    @BeforeAll
    void start() throws Exception {
        server = start(this::emulate, Duration.ofMillis(500), "https://app.example");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @BeforeEach
    void forget() {
        posted.clear();
    }

    private Mono<EmulationOutcome> emulate(String node, String session, byte[] data) {
        posted.add(node + " " + session + " " + new String(data, StandardCharsets.UTF_8));
        return switch (node) {
            case "gone" -> Mono.just(EmulationOutcome.UNKNOWN_NODE);
            case "busy" -> Mono.just(EmulationOutcome.TOO_MANY_WAITING);
            case "broken" -> Mono.error(new IllegalStateException("no"));
            default -> Mono.just(EmulationOutcome.ACCEPTED);
        };
    }

    @ParameterizedTest
    @CsvSource({"here, 204", "gone, 404", "busy, 429", "broken, 500", "'', 404"})
    void statusShowsWhatBecameOfTheCommands(String node, int status) throws Exception {
        try (RawHttpClient client = post(COMMANDS.formatted(node))) {
            assertThat(client.readHead()).isEqualTo(status);
        }
    }

    @Test
    void commandsArePassedOnAsTheyAre() throws Exception {
        try (RawHttpClient client = post(COMMANDS.formatted("here"))) {
            client.readHead();
        }

        assertThat(posted).containsExactly("here s {\"id\":2}");
    }

    @Test
    void protobufIsReadIfTheContentTypeSaysSo() throws Exception {
        byte[] body = {10, 4, 'h', 'e', 'r', 'e', 18, 1, 's', 26, 2, '{', '}'};

        try (RawHttpClient client = open().send("POST", "/emulation", body, "Content-Type: application/octet-stream")) {
            assertThat(client.readHead()).isEqualTo(204);
        }
        assertThat(posted).containsExactly("here s {}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "nonsense", ""})
    void jsonIsReadWhateverOtherTypeItHas(String type) throws Exception {
        String body = COMMANDS.formatted("here");

        try (RawHttpClient client = open().send("POST", "/emulation", body, "Content-Type: " + type)) {
            assertThat(client.readHead()).isEqualTo(204);
        }
        assertThat(posted).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"''", "{", "[]", "1", "{\"session\":1}", "{} {}"})
    void malformedBodyIsRefused(String body) throws Exception {
        try (RawHttpClient client = post(body)) {
            assertThat(client.readHead()).isEqualTo(400);
        }
        assertThat(posted).isEmpty();
    }

    @Test
    void onlyPostIsAllowed() throws Exception {
        for (String method : List.of("GET", "HEAD", "PUT", "DELETE")) {
            try (RawHttpClient client = open().send(method, "/emulation", "")) {
                assertThat(client.readHead()).as(method).isEqualTo(405);
                assertThat(client.header("Allow")).isEqualTo("POST, OPTIONS");
            }
        }
    }

    @Test
    void largeAndSlowBodiesAreRefused() throws Exception {
        try (RawHttpClient client = post("x".repeat(65_537))) {
            assertThat(client.readHead()).isEqualTo(413);
        }
        try (RawHttpClient client = open()) {
            client.sendBytes("POST /emulation HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(client.readHead()).isEqualTo(408);
            assertThat(client.header("Connection")).isEqualTo("close");
        }
    }

    @Test
    void pageOfAnotherOriginIsRefused() throws Exception {
        try (RawHttpClient client =
                open().send("POST", "/emulation", COMMANDS.formatted("here"), "Origin: https://evil.example")) {
            assertThat(client.readHead()).isEqualTo(403);
        }
        assertThat(posted).isEmpty();
    }

    @Test
    void allowedPageMayAskAndPost() throws Exception {
        try (RawHttpClient client = open()) {
            client.send(
                    "OPTIONS",
                    "/emulation",
                    "",
                    "Origin: https://app.example",
                    "Access-Control-Request-Method: POST",
                    "Access-Control-Request-Headers: content-type");
            assertThat(client.readHead()).isEqualTo(204);
            assertThat(client.header("Access-Control-Allow-Methods")).isEqualTo("POST, OPTIONS");
            client.send("POST", "/emulation", COMMANDS.formatted("here"), "Origin: https://app.example");
            assertThat(client.readHead()).isEqualTo(204);
            assertThat(client.header("Access-Control-Allow-Origin")).isEqualTo("https://app.example");
            assertThat(client.header("Access-Control-Allow-Credentials")).isEqualTo("true");
        }
    }

    private RawHttpClient open() throws Exception {
        return RawHttpClient.open(server.port());
    }

    private RawHttpClient post(String body) throws Exception {
        return open().send("POST", "/emulation", body, "Content-Type: application/json");
    }
}
