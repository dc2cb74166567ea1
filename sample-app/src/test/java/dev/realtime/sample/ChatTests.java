package dev.realtime.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.RealtimePublisher;
import dev.realtime.sample.AnnouncementController.Announcement;
import dev.realtime.sample.AnnouncementController.Message;
import dev.realtime.sample.ChatHandlers.Pin;
import dev.realtime.sample.ChatHandlers.Roll;
import dev.realtime.sample.Visitors.Visitor;
import dev.realtime.test.PublicationRecorder;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.RealtimeTestClients;
import dev.realtime.test.RealtimeTestClock;
import dev.realtime.test.RealtimeTestCluster;
import dev.realtime.test.RealtimeTestEngine;
import dev.realtime.test.RealtimeTestSubscription;
import dev.realtime.test.autoconfigure.AutoConfigureRealtime;
import dev.realtime.test.engine.EngineCall;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.security.test.context.support.WithMockUser;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The chat as its clients see it, without a port. */
// tag::class[]
@SpringBootTest
@AutoConfigureRealtime
class ChatTests {

    @Autowired
    private RealtimeTestClients clients;

    @Test
    void staffRoomIsClosedToOthers() {
        RealtimeTestClient ann = clients.connectAs("ann");

        ann.subscribe("staff:room").expectError(103);
    }
    // end::class[]

    @Autowired
    private RealtimePublisher publisher;

    @Autowired
    private PublicationRecorder published;

    @Autowired
    private RealtimeTestEngine engine;

    @Autowired
    private RealtimeTestClock clock;

    @Autowired
    private RealtimeTestCluster cluster;

    @Autowired
    private Pins pins;

    @Autowired
    private PlatformTransactionManager transactions;

    private static Message message(String text) {
        return new Message(text, Instant.now());
    }

    // tag::mock-user[]
    @Test
    @WithMockUser(username = "sam", roles = "STAFF")
    void staffRoomIsOpenToStaff() {
        clients.connect().subscribe("staff:room").expectSubscribed();
    }
    // end::mock-user[]

    // tag::connect[]
    @Test
    void guestNeedsAName() {
        clients.client()
                .data(new Visitor("0123456789abcdef", "Ada"))
                .connect()
                .subscribe("chat:lobby")
                .expectSubscribed();

        clients.client().data(new Visitor("0123456789abcdef", "")).tryConnect().expectConnectError(1000);
    }
    // end::connect[]

    // tag::publish[]
    @Test
    void whatIsSaidIsChecked() {
        RealtimeTestSubscription lobby = clients.connectAs("ann").subscribe("chat:lobby");

        lobby.publish(new Announcement("   ")).expectError(107);
        lobby.publish(new Announcement("  hello ")).expectSuccess();

        assertThat(lobby.awaitPublication(Message.class).text()).isEqualTo("hello");
        lobby.expectNoPublication();
    }
    // end::publish[]

    // tag::rpc[]
    @Test
    void onlyStaffPinsNotesInTheStaffRoom() {
        Pin note = new Pin("staff", new Announcement("cake"));

        clients.connectAs("ann", "USER").rpc("pin", note).expectError(103);
        clients.connectAs("sam", "STAFF").rpc("pin", note).expectSuccess();
    }

    @Test
    void diceShowOneToSix() {
        int[] dice = clients.connectAs("ann").rpc("roll", new Roll(6)).data(int[].class);

        assertThat(dice).hasSize(6);
    }
    // end::rpc[]

    // tag::commit[]
    @Test
    void pinIsAnnouncedOnceItIsCommitted() {
        pins.pin("lobby", "cake");

        assertThat(published)
                .data("chat:lobby", Message.class)
                .singleElement()
                .extracting(Message::text)
                .isEqualTo("Pinned: cake");
    }

    @Test
    void pinThatIsRolledBackIsNotAnnounced() {
        new TransactionTemplate(transactions).executeWithoutResult(status -> {
            pins.pin("lobby", "cake");
            status.setRollbackOnly();
        });

        assertThat(published).hasNoPublications();
    }
    // end::commit[]

    // tag::away[]
    @Test
    void whoWasAwayFindsWhatWasSaid() {
        RealtimeTestClient ann = clients.connectAs("ann");
        RealtimeTestSubscription room = ann.subscribe("chat:garden");

        ann.drop();
        publisher.publish("chat:garden", message("you missed this")).block();
        ann.reconnect();

        room.expectRecovered();
        assertThat(room.awaitPublication(Message.class).text()).isEqualTo("you missed this");
    }

    @Test
    void whoWasAwayForTooLongIsNotified() {
        RealtimeTestClient ann = clients.connectAs("ann");
        RealtimeTestSubscription room = ann.subscribe("chat:garden");

        ann.drop();
        publisher.publish("chat:garden", message("lost")).block();
        engine.loseHistory();
        ann.reconnect();

        room.expectNotRecovered().expectNoPublication();
    }
    // end::away[]

    // tag::slow[]
    @Test
    void clientThatDoesNotReadIsSentAway() {
        RealtimeTestClient ann = clients.connectAs("ann");
        ann.subscribe("chat:lobby").expectSubscribed();

        ann.pause();
        publisher.publish("chat:lobby", message("x".repeat(2_000_000))).block();

        ann.expectDisconnect(3008);
    }
    // end::slow[]

    // tag::engine[]
    @Test
    void clientIsAskedToTryAgainWhileTheEngineFails() {
        RealtimeTestSubscription lobby = clients.connectAs("ann").subscribe("chat:lobby");

        engine.fail(EngineCall.PUBLISH);

        assertThat(lobby.publish(new Announcement("hello")).expectError(100).temporary())
                .isTrue();
    }
    // end::engine[]

    // tag::time[]
    @Test
    void messagesAreKeptForTenMinutes() {
        RealtimeTestSubscription room = clients.connectAs("ann").subscribe("chat:attic");
        publisher.publish("chat:attic", message("old")).block();

        clock.advance(Duration.ofMinutes(11));

        assertThat(room.history().publications(Message.class)).isEmpty();
    }
    // end::time[]

    // tag::cluster[]
    @Test
    void roomIsOneForClientsOfBothNodes() {
        RealtimeTestClient ann = clients.connectAs("ann");
        RealtimeTestClient bob = cluster.second().connectAs("bob");
        RealtimeTestSubscription room = bob.subscribe("chat:lobby").expectSubscribed();

        ann.subscribe("chat:lobby").publish(new Announcement("hello")).expectSuccess();
        assertThat(room.awaitPublication(Message.class).text()).isEqualTo("hello");

        cluster.second().crash();
        bob.reconnect(cluster.first());
        room.expectRecovered();
    }
    // end::cluster[]
}
