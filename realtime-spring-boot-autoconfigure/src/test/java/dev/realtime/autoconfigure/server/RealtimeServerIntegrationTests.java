package dev.realtime.autoconfigure.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.actuate.RealtimeHealthIndicator;
import dev.realtime.spi.transport.RawWebSocketClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** The port of its own, open, in applications of every type. */
@ExtendWith(OutputCaptureExtension.class)
class RealtimeServerIntegrationTests {

    private static final String PATH = "/connection/websocket";

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    private static ConfigurableApplicationContext run(WebApplicationType type, String... properties) {
        return new SpringApplicationBuilder(Application.class)
                .web(type)
                .properties(
                        "server.port=0",
                        "realtime.server.port=0",
                        "realtime.client.insecure=true",
                        "logging.level.dev.realtime.autoconfigure.server=info")
                .properties(properties)
                .run();
    }

    private static int port(ConfigurableApplicationContext context) {
        return context.getEnvironment().getRequiredProperty("local.realtime.port", Integer.class);
    }

    @ParameterizedTest
    @EnumSource
    void clientsConnectAtThePortInEveryApplication(WebApplicationType type, CapturedOutput output) throws IOException {
        int port;
        try (ConfigurableApplicationContext context = run(type)) {
            port = port(context);

            connects(port);
            assertThat(loopThreads()).isNotEmpty();
            assertThat(context.getBean(RealtimeHealthIndicator.class)
                            .health()
                            .block()
                            .getDetails())
                    .containsEntry("port", port);
        } finally {
            LoggingSystem.get(getClass().getClassLoader())
                    .setLogLevel("dev.realtime.autoconfigure.server", LogLevel.WARN);
        }
        assertThat(output)
                .containsOnlyOnce("Realtime serves WebSocket at port " + port + " (Reactor Netty), to pages of the same"
                        + " host and port (realtime.client.allowed-origins is not set)")
                .doesNotContain("clients cannot connect");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(loopThreads()).isEmpty());
    }

    private static void connects(int port) throws IOException {
        try (RawWebSocketClient client = RawWebSocketClient.connect(port, PATH)) {
            client.sendText("{\"id\":1,\"connect\":{}}");

            assertThat(client.read().text()).startsWith("{\"id\":1,\"connect\":{\"client\":");
        }
    }

    private static List<String> loopThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("realtime-server-"))
                .toList();
    }

    @Test
    void portOfAReactiveApplicationServesClientsToo() throws IOException {
        try (ConfigurableApplicationContext context = run(WebApplicationType.REACTIVE)) {
            connects(context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
            connects(port(context));
        }
    }

    @Test
    void limitOfConnectionsIsOneForBothPorts() throws IOException {
        try (ConfigurableApplicationContext context =
                run(WebApplicationType.REACTIVE, "realtime.client.connection-limit=1")) {
            int portOfTheApplication = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);

            try (RawWebSocketClient client = RawWebSocketClient.connect(portOfTheApplication, PATH)) {
                client.sendText("{\"id\":1,\"connect\":{}}");
                client.read();

                assertThat(upgrade(port(context), "localhost:" + port(context))).startsWith("HTTP/1.1 503");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "framework"})
    void headersOfATrustedProxyNameTheHost(String strategy) throws IOException {
        String[] forwarded = {"X-Forwarded-Host: example.org", "X-Forwarded-Proto: https"};
        try (ConfigurableApplicationContext context =
                run(WebApplicationType.NONE, "server.forward-headers-strategy=" + strategy)) {
            assertThat(upgradeFrom("https://example.org", port(context), forwarded))
                    .startsWith("HTTP/1.1 101");
        }
    }

    @Test
    void headersOfAProxyAreNotTrustedUnlessConfigured() throws IOException {
        String[] forwarded = {"X-Forwarded-Host: example.org", "X-Forwarded-Proto: https"};
        try (ConfigurableApplicationContext context = run(WebApplicationType.NONE)) {
            assertThat(upgradeFrom("https://example.org", port(context), forwarded))
                    .startsWith("HTTP/1.1 403");
        }
    }

    private static String upgradeFrom(String origin, int port, String... headers) throws IOException {
        return upgrade(port, "localhost:" + port, "Origin: " + origin, headers[0], headers[1]);
    }

    private static String upgrade(int port, String host, String... headers) throws IOException {
        List<String> head = new ArrayList<>(List.of(
                "GET " + PATH + " HTTP/1.1",
                "Host: " + host,
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version: 13"));
        head.addAll(List.of(headers));
        return RawWebSocketClient.request(port, head).get(0);
    }
}
