package dev.realtime.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.RealtimePublisher;
import dev.realtime.node.RealtimeNode;
import dev.realtime.test.ChatHandlers.Message;
import dev.realtime.test.autoconfigure.AutoConfigureRealtime;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.annotation.DirtiesContext.MethodMode;

/** Tests one after the other: in one cached application context, and in one that a test has spoilt. */
class ContextReuseTests {

    @Nested
    @SpringBootTest(webEnvironment = WebEnvironment.NONE)
    @AutoConfigureRealtime
    class InOneContext {

        @Autowired
        private RealtimeTestClients clients;

        @Autowired
        private RealtimeTestClock clock;

        @Autowired
        private RealtimeTestCluster cluster;

        @Autowired
        private RealtimeTestEngine engine;

        @Autowired
        private PublicationRecorder recorder;

        @Autowired
        private RealtimePublisher publisher;

        @Autowired
        private RealtimeNode node;

        @RepeatedTest(3)
        void nothingIsLeftOfTheTestBefore() {
            assertThat(node.describe().clients()).isZero();
            assertThat(recorder).hasNoPublications();

            RealtimeTestSubscription room =
                    clients.client().named("ann").user("ann").connect().subscribe("chat:reuse");
            publisher.publish("chat:reuse", new Message("hello")).block();
            room.awaitPublication();
            cluster.second().connectAs("bob");
            clock.advance(Duration.ofMinutes(5));
            engine.fail();
        }
    }

    @Nested
    @SpringBootTest(webEnvironment = WebEnvironment.NONE, properties = "test.spoilt=true")
    @AutoConfigureRealtime
    class InSpoiltContexts {

        private static final Set<String> nodes = new HashSet<>();

        @Autowired
        private RealtimeTestClients clients;

        @Autowired
        private RealtimeNode node;

        @RepeatedTest(2)
        @DirtiesContext(methodMode = MethodMode.AFTER_METHOD)
        void eachHasAServerOfItsOwn() {
            assertThat(nodes.add(node.id())).isTrue();

            clients.connectAs("ann").rpc("numbers").expectSuccess();
        }
    }
}
