package dev.realtime.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.RealtimePublisher;
import dev.realtime.node.RealtimeNode;
import dev.realtime.test.ChatHandlers.Message;
import dev.realtime.test.autoconfigure.AutoConfigureRealtime;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/** An application configured for Redis, which a test does not need; in the web environment that is the default. */
@SpringBootTest(
        properties = {
            "realtime.engine=redis",
            "realtime.redis.cluster-address=redis://nowhere.invalid:6379",
            "realtime.channel.namespaces.chat.publish-ack=replicated"
        })
@AutoConfigureRealtime
class EngineChoiceTests {

    @Autowired
    private RealtimeTestClients clients;

    @Autowired
    private RealtimePublisher publisher;

    @Autowired
    private RealtimeNode node;

    @Test
    void engineIsInMemoryWhateverTheApplicationSays() {
        RealtimeTestSubscription room = clients.connectAs("ann").subscribe("chat:lobby");

        publisher.publish("chat:lobby", new Message("hello")).block();

        assertThat(room.awaitPublication(Message.class).text()).isEqualTo("hello");
        assertThat(node.engine().name()).isEqualTo("memory");
    }
}
