package dev.realtime.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.realtime.api.RealtimePublisher;
import dev.realtime.handler.OnRpc;
import dev.realtime.spi.transport.RawWebSocketClient;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Settings of the host that concern all of an application: the server takes part in each. */
class HostSettingsIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String[] OPEN = {
        "server.port=0", "realtime.shutdown.spread=0s", "realtime.client.insecure=true", "realtime.http-api.key=secret"
    };

    @Test
    void basePathOfTheApplicationIsThatOfTheEndpointToo() throws IOException {
        try (ConfigurableApplicationContext context = start("spring.webflux.base-path=/app")) {
            RawWebSocketClient.connect(port(context), "/app/connection/websocket")
                    .close();

            assertThatIOException()
                    .isThrownBy(() -> RawWebSocketClient.connect(port(context), "/connection/websocket"))
                    .withMessageContaining("404");
        }
    }

    @Test
    void pageOfTheHostThatAProxyForwardsPasses() throws IOException {
        String[] forwarded = {
            "X-Forwarded-Host: chat.example", "X-Forwarded-Proto: https", "Origin: https://chat.example"
        };
        try (ConfigurableApplicationContext context = start("server.forward-headers-strategy=framework")) {
            RawWebSocketClient.connect(port(context), "/connection/websocket", forwarded)
                    .close();
        }
        try (ConfigurableApplicationContext context = start("server.forward-headers-strategy=none")) {
            assertThatIOException()
                    .isThrownBy(() -> RawWebSocketClient.connect(port(context), "/connection/websocket", forwarded))
                    .withMessageContaining("403");
        }
    }

    @Test
    void lazyBeansAreMadeWhereClientsNeedThem() throws IOException {
        try (ConfigurableApplicationContext context = start("spring.main.lazy-initialization=true");
                RawWebSocketClient client = RawWebSocketClient.connect(port(context), "/connection/websocket")) {
            client.sendText("{\"id\":1,\"connect\":{}}");
            assertThat(client.read().text()).contains("\"connect\":{");
            client.sendText("{\"id\":2,\"rpc\":{\"method\":\"twice\",\"data\":21}}");
            assertThat(client.read().text()).isEqualTo("{\"id\":2,\"rpc\":{\"data\":42}}");
            client.sendText("{\"id\":3,\"subscribe\":{\"channel\":\"news\"}}");
            client.read();

            context.getBean(RealtimePublisher.class).publish("news", "hello").block(PATIENCE);

            assertThat(client.read().text()).contains("\"data\":\"hello\"");
        }
    }

    @Test
    void applicationsInOneVirtualMachineHaveServersOfTheirOwn() throws IOException {
        try (ConfigurableApplicationContext one = start();
                ConfigurableApplicationContext other = start();
                RawWebSocketClient client = RawWebSocketClient.connect(port(one), "/connection/websocket")) {
            client.sendText("{\"id\":1,\"connect\":{}}");
            client.read();
            client.sendText("{\"id\":2,\"subscribe\":{\"channel\":\"news\"}}");
            client.read();

            other.getBean(RealtimePublisher.class)
                    .publish("news", "of the other")
                    .block(PATIENCE);
            one.getBean(RealtimePublisher.class).publish("news", "of its own").block(PATIENCE);

            assertThat(client.read().text()).contains("\"data\":\"of its own\"");
        }
    }

    private static ConfigurableApplicationContext start(String... properties) {
        return new SpringApplicationBuilder(HostApplication.class, Handlers.class)
                .properties(OPEN)
                .properties(properties)
                .run();
    }

    private static int port(ConfigurableApplicationContext context) {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    @Configuration(proxyBeanMethods = false)
    static class Handlers {

        @Bean
        Twice twice() {
            return new Twice();
        }
    }

    static class Twice {

        @OnRpc
        int twice(int number) {
            return 2 * number;
        }
    }
}
