package dev.realtime.starter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.transport.RawWebSocketClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.util.ClassUtils;

/** The starter is a good guest: what the application had before works as before, beside ours. */
@SpringBootTest(
        classes = HostApplication.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "realtime.client.allow-anonymous-connect-without-token=true",
            "management.endpoint.health.show-details=always"
        })
class HostApplicationIntegrationTests {

    private final HttpClient http = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    @Test
    void healthIsUpWithoutAnyRedis() throws Exception {
        HttpResponse<String> health = get("/actuator/health");

        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body())
                .contains("\"status\":\"UP\"")
                .contains("\"realtime\":{\"details\":{\"engine\":\"memory\"")
                .doesNotContain("redis");
    }

    @Test
    void bootDoesNotConnectToRedisBecauseOfTheStarter() {
        assertThat(isPresent("io.lettuce.core.RedisClient")).isTrue();
        assertThat(isPresent("org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory"))
                .isTrue();
        assertThat(isPresent("org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration"))
                .isFalse();
    }

    @Test
    void applicationKeepsItsApi() throws Exception {
        assertThat(get("/api/publish").body()).isEqualTo("own publish");
        assertThat(get("/api/orders").body()).isEqualTo("own orders");
    }

    @Test
    void applicationKeepsItsSocketAndItsSettings() throws IOException {
        try (RawWebSocketClient client = RawWebSocketClient.connect(port, "/own/socket")) {
            client.sendText("hello");
            assertThat(client.read().text()).isEqualTo("own hello");

            client.sendText("x".repeat(HostApplication.OWN_FRAME_LIMIT + 1));
            assertThat(client.read().closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void officialClientsConnectBesideIt() throws IOException {
        try (RawWebSocketClient client = RawWebSocketClient.connect(port, "/connection/websocket")) {
            client.sendText("{\"id\":1,\"connect\":{\"name\":\"js\"}}");

            assertThat(client.read().text()).startsWith("{\"id\":1,\"connect\":{\"client\":");
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://localhost:" + port + path);
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private static boolean isPresent(String type) {
        return ClassUtils.isPresent(type, HostApplicationIntegrationTests.class.getClassLoader());
    }
}
