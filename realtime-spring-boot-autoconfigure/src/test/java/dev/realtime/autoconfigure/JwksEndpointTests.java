package dev.realtime.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Fetching a key set from a real web server. */
class JwksEndpointTests {

    private final List<String> requests = new CopyOnWriteArrayList<>();

    private HttpServer server;

    private volatile int status = 200;

    private volatile byte[] body = "{\"keys\":[]}".getBytes(StandardCharsets.UTF_8);

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            exchange.sendResponseHeaders(status, body.length);
            try (var out = exchange.getResponseBody()) {
                out.write(body);
            } catch (IOException clientWentAway) {
                // It may, when the body is too long for it.
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private byte[] fetch() {
        return new JwksEndpoint(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys"))
                .get()
                .block(Duration.ofSeconds(20));
    }

    @Test
    void documentIsFetchedAsItIs() {
        assertThat(fetch()).isEqualTo(body);
        assertThat(requests).containsExactly("GET /keys");
    }

    @Test
    void redirectIsNotFollowed() {
        status = 302;

        assertThatThrownBy(this::fetch).hasMessage("the answer was status 302");
        assertThat(requests).containsExactly("GET /keys");
    }

    @Test
    void otherStatusFails() {
        status = 503;

        assertThatThrownBy(this::fetch).hasMessage("the answer was status 503");
    }

    @Test
    void documentThatIsTooLongIsGivenUp() {
        body = new byte[5_000_000];

        assertThatThrownBy(this::fetch).hasRootCauseMessage("the answer is longer than 262144 bytes");
    }

    @Test
    void serverThatIsNotThereFails() {
        server.stop(0);

        assertThatThrownBy(this::fetch).hasCauseInstanceOf(ConnectException.class);
    }
}
