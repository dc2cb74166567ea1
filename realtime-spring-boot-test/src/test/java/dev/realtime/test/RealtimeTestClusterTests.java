package dev.realtime.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.RealtimeClients;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.test.ChatHandlers.Message;
import dev.realtime.test.autoconfigure.AutoConfigureRealtime;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

@SpringBootTest(webEnvironment = WebEnvironment.NONE)
@AutoConfigureRealtime
class RealtimeTestClusterTests {

    @Autowired
    private RealtimeTestClients clients;

    @Autowired
    private RealtimeTestCluster cluster;

    @Autowired
    private RealtimeTestClock clock;

    @Autowired
    private RealtimePublisher publisher;

    @Autowired
    private RealtimeClients connections;

    @Autowired
    private RealtimeChannels channels;

    @Test
    void publicationsAndPresenceAreSharedByBothNodes() {
        RealtimeTestSubscription ann = clients.connectAs("ann").subscribe("chat:both");
        RealtimeTestSubscription bob = cluster.second().connectAs("bob").subscribe("chat:both");

        publisher.publish("chat:both", new Message("from the first")).block();
        bob.publish(new Message("from the second")).expectSuccess();

        for (RealtimeTestSubscription room : new RealtimeTestSubscription[] {ann, bob}) {
            assertThat(room.awaitPublications(Message.class, 2))
                    .extracting(Message::text)
                    .containsExactly("from the first", "from the second");
            assertThat(room.presence().users()).containsExactly("ann", "bob");
        }
        assertThat(ann.awaitJoin().userId()).isEqualTo("ann");
        assertThat(ann.awaitJoin().userId()).isEqualTo("bob");
        assertThat(channels.list("chat:both").block()).containsEntry("chat:both", 2);
        assertThat(connections.nodes().block()).hasSize(2);
    }

    @Test
    void userIsDisconnectedOnTheOtherNode() {
        RealtimeTestClient bob = cluster.second().connectAs("bob");

        connections.disconnect("bob").block();

        bob.expectDisconnect(3503);
    }

    @Test
    void clientMovesToTheOtherNodeAndRecovers() {
        RealtimeTestClient bob = cluster.second().connectAs("bob");
        RealtimeTestSubscription room = bob.subscribe("chat:moving");
        publisher.publish("chat:moving", new Message("seen")).block();
        room.awaitPublication();

        cluster.second().crash();
        publisher.publish("chat:moving", new Message("missed")).block();
        bob.reconnect(cluster.first());

        room.expectRecovered();
        assertThat(room.awaitPublication(Message.class).text()).isEqualTo("missed");
    }

    @Test
    void clientsOfANodeThatStopsGoElsewhere() {
        RealtimeTestClient bob = cluster.second().connectAs("bob");

        cluster.second().stop();

        bob.expectDisconnect(3001);
        bob.reconnect(cluster.first()).rpc("numbers").expectSuccess();
    }

    @Test
    void clientsOfANodeThatCrashedArePresentUntilTheirTimeIsOver() {
        RealtimeTestSubscription ann = clients.connectAs("ann").subscribe("chat:crash");
        cluster.second().connectAs("bob").subscribe("chat:crash").expectSubscribed();

        cluster.second().crash();

        assertThat(ann.presence().users()).containsExactly("ann", "bob");
        clock.advance(Duration.ofSeconds(61));
        assertThat(ann.presence().users()).containsExactly("ann");
    }

    @Test
    void nodeThatIsCutOffMissesWhatIsPublishedElsewhere() {
        RealtimeTestSubscription bob = cluster.second().connectAs("bob").subscribe("chat:partition");
        bob.awaitJoin();

        cluster.second().engine().cutOff();
        publisher.publish("chat:partition", new Message("missed")).block();
        bob.expectNoPublication();
        cluster.second().engine().heal();

        bob.expectUnsubscribed(2500);
        bob.resubscribe().expectRecovered();
        assertThat(bob.awaitPublication(Message.class).text()).isEqualTo("missed");
    }

    @Test
    void nodeOfTheApplicationCannotBeStopped() {
        assertThatIllegalStateException()
                .isThrownBy(() -> cluster.first().crash())
                .withMessageContaining("second()");
    }
}
