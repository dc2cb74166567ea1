package dev.realtime.starter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.transport.RawWebSocketClient;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;

/** With a management port of its own, operators come in there and clients do not. */
@SpringBootTest(
        classes = HostApplication.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"management.server.port=0", "realtime.http-api.key=" + ManagementPortIntegrationTests.KEY})
class ManagementPortIntegrationTests {

    static final String KEY = "0123456789abcdef01234567";

    @LocalServerPort
    private int port;

    @LocalManagementPort
    private int managementPort;

    @Test
    void clientsConnectToThePortOfTheApplicationOnly() throws IOException {
        assertThat(upgrade(port)).startsWith("HTTP/1.1 101");
        assertThat(upgrade(managementPort)).startsWith("HTTP/1.1 404");
    }

    @Test
    void otherProgramsCallTheApiOnThePortOfTheApplicationOnly() throws IOException {
        assertThat(info(port)).startsWith("HTTP/1.1 200");
        assertThat(info(managementPort)).startsWith("HTTP/1.1 404");
    }

    private static String info(int port) throws IOException {
        return RawWebSocketClient.request(
                        port,
                        List.of(
                                "POST /api/info HTTP/1.1",
                                "Host: localhost:" + port,
                                "X-API-Key: " + KEY,
                                "Content-Length: 2",
                                "Connection: close",
                                "",
                                "{}"))
                .get(0);
    }

    private static String upgrade(int port) throws IOException {
        return RawWebSocketClient.request(
                        port,
                        List.of(
                                "GET /connection/websocket HTTP/1.1",
                                "Host: localhost:" + port,
                                "Upgrade: websocket",
                                "Connection: Upgrade",
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                                "Sec-WebSocket-Version: 13"))
                .get(0);
    }
}
