package dev.realtime.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.client.EngineException;
import dev.realtime.api.data.PublishResult;
import dev.realtime.test.ChatHandlers.Message;
import dev.realtime.test.autoconfigure.AutoConfigureRealtime;
import dev.realtime.test.engine.EngineCall;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

@SpringBootTest(webEnvironment = WebEnvironment.NONE)
@AutoConfigureRealtime
class FaultTests {

    private static final int MORE_THAN_A_QUEUE_HOLDS = 2_000_000;

    @Autowired
    private RealtimeTestClients clients;

    @Autowired
    private RealtimeTestEngine engine;

    @Autowired
    private RealtimeTestClock clock;

    @Autowired
    private RealtimePublisher publisher;

    private void publish(String channel, String text) {
        publisher.publish(channel, new Message(text)).block();
    }

    @Test
    void clientThatWasAwayRecoversWhatItMissed() {
        RealtimeTestClient ann = clients.connectAs("ann");
        RealtimeTestSubscription room = ann.subscribe("chat:away");
        publish("chat:away", "seen");
        room.awaitPublication();

        ann.drop();
        publish("chat:away", "missed 1");
        publish("chat:away", "missed 2");
        ann.reconnect();

        room.expectRecovered();
        assertThat(room.awaitPublications(Message.class, 2))
                .extracting(Message::text)
                .containsExactly("missed 1", "missed 2");
        room.expectNoPublication();
    }

    @Test
    void clientThatWasAwayWhileHistoryWasLostIsNotified() {
        RealtimeTestClient ann = clients.connectAs("ann");
        RealtimeTestSubscription room = ann.subscribe("chat:lost");
        publish("chat:lost", "seen");
        room.awaitPublication();

        ann.drop();
        publish("chat:lost", "missed");
        engine.loseHistory();
        ann.reconnect();

        room.expectNotRecovered().expectNoPublication();
    }

    @Test
    void subscriberNoticesThatHistoryWasLost() {
        RealtimeTestSubscription room = clients.connectAs("ann").subscribe("chat:positioned");
        publish("chat:positioned", "seen");
        room.awaitPublication();

        engine.loseHistory();

        room.expectUnsubscribed(2500);
        room.resubscribe().expectNotRecovered();
        publish("chat:positioned", "again");
        assertThat(room.awaitPublication(Message.class).text()).isEqualTo("again");
    }

    @Test
    void serverSideSubscriptionIsRecoveredTo() {
        RealtimeTestClient ann = clients.connectAs("ann");
        RealtimeTestSubscription personal = ann.subscription("#ann");

        ann.drop().reconnect();
        publisher.publishToUser("ann", new Message("welcome back")).block();

        assertThat(personal.awaitPublication(Message.class).text()).isEqualTo("welcome back");
    }

    @Test
    void clientThatDoesNotReadIsDisconnected() {
        RealtimeTestClient ann = clients.connectAs("ann");
        ann.subscribe("chat:slow").expectSubscribed();

        ann.pause();
        publish("chat:slow", "x".repeat(MORE_THAN_A_QUEUE_HOLDS));

        ann.expectDisconnect(3008);
    }

    @Test
    void clientThatReadsAgainFindsWhatWaited() {
        RealtimeTestClient ann = clients.connectAs("ann");
        RealtimeTestSubscription room = ann.subscribe("chat:paused");

        ann.pause();
        publish("chat:paused", "waits");
        room.expectNoPublication();
        ann.resume();

        assertThat(room.awaitPublication(Message.class).text()).isEqualTo("waits");
    }

    @Test
    void engineFailsOnCommand() {
        RealtimeTestSubscription room = clients.connectAs("ann").subscribe("chat:failing");

        engine.fail(EngineCall.PUBLISH);

        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> publish("chat:failing", "lost"))
                .withMessageContaining("PUBLISH");
        assertThat(room.publish(new Message("lost")).expectError(100).temporary())
                .isTrue();
        engine.heal();
        room.publish(new Message("found")).expectSuccess();
        assertThat(room.awaitPublication(Message.class).text()).isEqualTo("found");
    }

    @Test
    void engineIsSlowOnCommand() {
        engine.delay(Duration.ofHours(2), EngineCall.PUBLISH);

        CompletableFuture<PublishResult> published =
                publisher.publish("chat:late", new Message("late")).toFuture();
        clock.advance(Duration.ofHours(1));
        assertThat(published).isNotDone();
        clock.advance(Duration.ofHours(1).plusSeconds(1));

        assertThat(published).isCompleted();
    }

    @Test
    void faultsEndWithTheirTest() {
        RealtimeTestSubscription room = clients.connectAs("ann").subscribe("chat:healthy");

        room.publish(new Message("fine")).expectSuccess();
    }

    @Test
    void nodeThatWasCutOffNotifiesThoseWhoMissedSomething() {
        RealtimeTestSubscription room = clients.connectAs("ann").subscribe("chat:cut");
        room.awaitJoin();

        engine.cutOff();
        assertThatExceptionOfType(EngineException.class).isThrownBy(() -> publish("chat:cut", "refused"));
        engine.heal();

        publish("chat:cut", "after");
        assertThat(room.awaitPublication(Message.class).text()).isEqualTo("after");
    }
}
