package dev.realtime.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.protocol.Disconnect;
import dev.realtime.transport.RawWebSocketClient;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.test.annotation.DirtiesContext;

/** What clients do becomes events of the application context, in order. */
@SpringBootTest(
        classes = RealtimeEventsIntegrationTests.Application.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "realtime.client.allow-anonymous-connect-without-token=true",
            "realtime.channel.without-namespace.allow-subscribe-for-client=true",
            "realtime.channel.without-namespace.allow-subscribe-for-anonymous=true"
        })
@DirtiesContext
class RealtimeEventsIntegrationTests {

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Listener.class)
    static class Application {}

    static class Listener {

        private final BlockingQueue<RealtimeEvent> told = new LinkedBlockingQueue<>();

        // tag::listener[]
        @EventListener
        void whatHappens(RealtimeEvent event) {
            told.add(event);
        }
        // end::listener[]

        @Nullable
        RealtimeEvent next() throws InterruptedException {
            return told.poll(10, TimeUnit.SECONDS);
        }
    }

    @LocalServerPort
    private int port;

    @Autowired
    private Listener listener;

    @Test
    void clientsAndChannelsAreToldOf() throws Exception {
        try (RawWebSocketClient client = RawWebSocketClient.connect(port, "/connection/websocket")) {
            client.sendText("{\"id\":1,\"connect\":{}}");
            client.read();
            client.sendText("{\"id\":2,\"subscribe\":{\"channel\":\"a\"}}");
            client.read();
        }

        assertThat(listener.next()).isInstanceOf(ClientConnectedEvent.class);
        assertThat(listener.next()).isEqualTo(new ChannelOccupiedEvent("a"));
        assertThat(listener.next()).isEqualTo(new ChannelVacatedEvent("a"));
        assertThat(listener.next())
                .isInstanceOfSatisfying(
                        ClientDisconnectedEvent.class,
                        event -> assertThat(event.disconnect()).isEqualTo(Disconnect.CONNECTION_CLOSED));
    }
}
