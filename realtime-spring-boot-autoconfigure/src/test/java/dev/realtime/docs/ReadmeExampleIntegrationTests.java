package dev.realtime.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.transport.RawWebSocketClient;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What the README shows works as it is shown: with that configuration and those beans, a client hears the news. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"spring.main.web-application-type=reactive", "spring.config.location=classpath:/docs/news.yml"})
class ReadmeExampleIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Autowired
    private News news;

    @Autowired
    private BlockingNews blockingNews;

    @LocalServerPort
    private int port;

    @Test
    void clientHearsTheNewsAndRecoversWhatItMissed() throws IOException {
        try (RawWebSocketClient client = RawWebSocketClient.connect(port, "/connection/websocket")) {
            client.sendText("{\"id\":1,\"connect\":{}}");
            assertThat(client.read().text()).contains("\"connect\":");
            client.sendText("{\"id\":2,\"subscribe\":{\"channel\":\"news:today\"}}");
            assertThat(client.read().text()).contains("\"recoverable\":true");

            news.announce("Rain").block(PATIENCE);

            assertThat(client.read().text())
                    .contains("\"channel\":\"news:today\"", "\"data\":{\"headline\":\"Rain\"}", "\"offset\":1");
        }

        blockingNews.announce("Sun");

        try (RawWebSocketClient client = RawWebSocketClient.connect(port, "/connection/websocket")) {
            client.sendText("{\"id\":1,\"connect\":{}}");
            client.read();
            client.sendText("{\"id\":2,\"subscribe\":{\"channel\":\"news:today\",\"recover\":true,\"offset\":1}}");
            assertThat(client.read().text()).contains("\"recovered\":true", "\"data\":{\"headline\":\"Sun\"}");
        }
    }
}
