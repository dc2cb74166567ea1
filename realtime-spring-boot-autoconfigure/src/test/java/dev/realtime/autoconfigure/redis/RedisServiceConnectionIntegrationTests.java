package dev.realtime.autoconfigure.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.RealtimePublisher;
import dev.realtime.engine.redis.options.RedisAddresses.Source;
import dev.realtime.spi.transport.RawWebSocketClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

/** A container and an annotation are enough: no address is written anywhere. Needs a Docker engine. */
@Tag("containers")
@Testcontainers
@SpringBootTest(
        classes = RedisApplication.Everything.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.main.web-application-type=reactive",
            "realtime.engine=redis",
            "realtime.client.insecure=true",
            "realtime.shutdown.spread=0s",
            "realtime.channel.namespaces.chat.history-size=10",
            "realtime.channel.namespaces.chat.history-ttl=1m"
        })
class RedisServiceConnectionIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    // tag::container[]
    @Container
    @ServiceConnection
    static final GenericContainer<?> redis = new GenericContainer<>("redis:7").withExposedPorts(6379);
    // end::container[]

    @Autowired
    private RealtimePublisher publisher;

    @Autowired
    private RedisTarget target;

    @LocalServerPort
    private int port;

    @Test
    void engineFindsTheContainer() throws IOException {
        try (RawWebSocketClient client = RawWebSocketClient.connect(port, "/connection/websocket")) {
            client.sendText("{\"id\":1,\"connect\":{}}");
            client.read();
            client.sendText("{\"id\":2,\"subscribe\":{\"channel\":\"chat:room\"}}");
            client.read();

            publisher.publish("chat:room", Map.of("text", "hello")).block(PATIENCE);

            assertThat(client.read().text()).contains("\"text\":\"hello\"", "\"offset\":1");
        }
        assertThat(target.source()).isEqualTo(Source.CONNECTION_DETAILS);
    }
}
