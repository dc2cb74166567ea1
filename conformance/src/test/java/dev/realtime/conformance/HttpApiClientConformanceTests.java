package dev.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The published Python client of Centrifugo's server API, unchanged, calls the HTTP API while a client is connected.
 */
@ExtendWith(ConformanceServer.class)
class HttpApiClientConformanceTests {

    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final URI server;

    HttpApiClientConformanceTests(URI server) {
        this.server = server;
    }

    @Test
    void pythonClientCallsEveryMethodItKnows() {
        JavaSdkClient client = new JavaSdkClient(server);
        String id = client.connect();
        client.subscribed("here:python");

        String printed = new Program(
                        List.of(
                                Program.ofPython("python"),
                                "src/test/python/api_client.py",
                                server + "/api",
                                ConformanceServer.API_KEY,
                                client.user,
                                id),
                        LONGEST)
                .run();

        assertThat(printed).endsWith("all calls answered\n");
        assertThat(client.disconnected.next().getCode()).isEqualTo(3503);
    }
}
