package dev.realtime.starter.webmvc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.realtime.spi.transport.RawWebSocketClient;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

/** The starter is a good guest: what the application had before works as before, beside ours. */
class HostApplicationIntegrationTests {

    @Test
    void applicationKeepsItsTypeItsApiAndItsHealth() throws Exception {
        try (RunningHost host =
                RunningHost.start("realtime.http-api.key=", "management.endpoint.health.show-details=always")) {
            assertThat(host.context()).isInstanceOf(ServletWebServerApplicationContext.class);
            assertThat(host.get("/api/publish").body()).isEqualTo("own publish");
            assertThat(host.get("/api/orders").body()).isEqualTo("own orders");
            HttpResponse<String> health = host.get("/actuator/health");
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body())
                    .contains("\"realtime\":{\"details\":{\"engine\":\"memory\"")
                    .doesNotContain("redis");
        }
    }

    @Test
    void officialClientsConnectBesideIt() throws IOException {
        try (RunningHost host = RunningHost.start();
                RawWebSocketClient client = host.open(RunningHost.ENDPOINT)) {
            client.sendText("{\"id\":1,\"connect\":{\"name\":\"js\"}}");

            assertThat(client.read().text()).startsWith("{\"id\":1,\"connect\":{\"client\":");
        }
    }

    @Test
    void clientsAndProgramsComeInOnThePortOfTheApplicationOnly() throws IOException {
        try (RunningHost host = RunningHost.start("management.server.port=0")) {
            assertThat(RunningHost.upgrade(host.port())).startsWith("HTTP/1.1 101");
            assertThat(RunningHost.upgrade(host.managementPort())).startsWith("HTTP/1.1 404");
            assertThat(RunningHost.info(host.port())).startsWith("HTTP/1.1 200");
            assertThat(RunningHost.info(host.managementPort())).startsWith("HTTP/1.1 404");
        }
    }

    @Test
    void contextPathOfTheApplicationIsThatOfTheEndpointToo() throws IOException {
        try (RunningHost host =
                RunningHost.start("server.servlet.context-path=/app", "spring.mvc.servlet.path=/live")) {
            host.open("/app/live" + RunningHost.ENDPOINT).close();

            assertThatIOException()
                    .isThrownBy(() -> host.open(RunningHost.ENDPOINT))
                    .withMessageContaining("404");
        }
    }

    @Test
    void pageOfTheHostThatAProxyForwardsPasses() throws IOException {
        String[] forwarded = {
            "X-Forwarded-Host: chat.example", "X-Forwarded-Proto: https", "Origin: https://chat.example"
        };
        for (String strategy : new String[] {"framework", "native"}) {
            try (RunningHost host = RunningHost.start("server.forward-headers-strategy=" + strategy)) {
                host.open(RunningHost.ENDPOINT, forwarded).close();
            }
        }
        try (RunningHost host = RunningHost.start("server.forward-headers-strategy=none")) {
            assertThatIOException()
                    .isThrownBy(() -> host.open(RunningHost.ENDPOINT, forwarded))
                    .withMessageContaining("403");
        }
    }

    @Test
    void lazyBeansAreMadeWhereClientsNeedThem() throws IOException {
        try (RunningHost host = RunningHost.start("spring.main.lazy-initialization=true");
                RawWebSocketClient client = host.open(RunningHost.ENDPOINT)) {
            client.sendText("{\"id\":1,\"connect\":{}}");

            assertThat(client.read().text()).contains("\"connect\":{");
        }
    }
}
