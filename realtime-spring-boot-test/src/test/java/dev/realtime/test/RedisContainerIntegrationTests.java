package dev.realtime.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.RealtimePublisher;
import dev.realtime.test.ChatHandlers.Message;
import dev.realtime.test.autoconfigure.AutoConfigureRealtime;
import dev.realtime.test.autoconfigure.AutoConfigureRealtime.TestEngine;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

/** Clients in the JVM, and the application's engine in a container. */
@Tag("containers")
// tag::redis[]
@Testcontainers
@SpringBootTest(properties = "realtime.engine=redis")
@AutoConfigureRealtime(engine = TestEngine.APPLICATION)
class RedisContainerIntegrationTests {

    @Container
    @ServiceConnection
    static final GenericContainer<?> redis = new GenericContainer<>("redis:7").withExposedPorts(6379);

    @Autowired
    private RealtimeTestClients clients;

    @Autowired
    private RealtimePublisher publisher;

    @Test
    void clientRecoversFromRedis() {
        RealtimeTestClient ann = clients.connectAs("ann");
        RealtimeTestSubscription room = ann.subscribe("chat:lobby").expectSubscribed();

        ann.drop();
        publisher.publish("chat:lobby", new Message("missed")).block();
        ann.reconnect();

        room.expectRecovered();
        assertThat(room.awaitPublication(Message.class).text()).isEqualTo("missed");
    }
}
// end::redis[]
