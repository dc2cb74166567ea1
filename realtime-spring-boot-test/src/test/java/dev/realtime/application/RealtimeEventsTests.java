package dev.realtime.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.Disconnect;
import dev.realtime.event.ChannelOccupiedEvent;
import dev.realtime.event.ChannelVacatedEvent;
import dev.realtime.event.ClientConnectedEvent;
import dev.realtime.event.ClientDisconnectedEvent;
import dev.realtime.event.RealtimeEvent;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.RealtimeTestClients;
import dev.realtime.test.autoconfigure.AutoConfigureRealtime;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;

/** What clients do becomes events of the application context, in order. */
@SpringBootTest(
        classes = RealtimeEventsTests.Application.class,
        webEnvironment = WebEnvironment.NONE,
        properties = {
            "realtime.client.allow-anonymous-connect-without-token=true",
            "realtime.channel.without-namespace.allow-subscribe-for-client=true",
            "realtime.channel.without-namespace.allow-subscribe-for-anonymous=true"
        })
@AutoConfigureRealtime
class RealtimeEventsTests {

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Listener.class)
    static class Application {}

    static class Listener {

        private final BlockingQueue<RealtimeEvent> events = new LinkedBlockingQueue<>();

        // tag::listener[]
        @EventListener
        void whatHappens(RealtimeEvent event) {
            events.add(event);
        }
        // end::listener[]

        @Nullable
        RealtimeEvent next() throws InterruptedException {
            return events.poll(10, TimeUnit.SECONDS);
        }
    }

    @Autowired
    private RealtimeTestClients clients;

    @Autowired
    private Listener listener;

    @Test
    void clientsAndChannelsBecomeEvents() throws InterruptedException {
        RealtimeTestClient client = clients.connect();
        client.subscribe("a").expectSubscribed();
        client.drop();

        assertThat(listener.next()).isInstanceOf(ClientConnectedEvent.class);
        assertThat(listener.next()).isEqualTo(new ChannelOccupiedEvent("a"));
        assertThat(listener.next()).isEqualTo(new ChannelVacatedEvent("a"));
        assertThat(listener.next())
                .isInstanceOfSatisfying(
                        ClientDisconnectedEvent.class,
                        event -> assertThat(event.disconnect()).isEqualTo(Disconnect.CONNECTION_CLOSED));
    }
}
