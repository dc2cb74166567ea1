package dev.realtime.connection;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static dev.realtime.node.Pushes.push;
import static dev.realtime.node.Pushes.unsubscribe;
import static dev.realtime.node.SubscribedReply.positioned;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.PublishOptions;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.transport.BufferLeaks;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A subscriber receives every offset once and in order, or it is notified. */
@ExtendWith(BufferLeaks.class)
class PositioningTests {

    private static final HistoryOptions TEN = keeping(10, Duration.ofHours(1));

    private static final String INSUFFICIENT_STATE = unsubscribe("watched:a", 2500, "insufficient state");

    private static ScriptedServer.Setup setup() {
        return ScriptedServer.setup()
                .client(options -> options.pongTimeout(Duration.ofHours(1)))
                .namespace(
                        "watched",
                        options -> options.subscribeAccess(ANYONE).history(TEN).forcePositioning(true))
                .namespace(
                        "present",
                        options -> options.subscribeAccess(ANYONE)
                                .history(TEN)
                                .forcePositioning(true)
                                .presence(true))
                .namespace("kept", options -> options.subscribeAccess(ANYONE).history(TEN))
                .tokensAreUsers();
    }

    @RegisterExtension
    final ScriptedServer server = setup().start();

    private void deliver(String channel, long offset, String epoch) {
        server.engine()
                .deliver(
                        channel,
                        Publication.of(Payload.ofText("\"" + offset + "\"")).at(offset),
                        new StreamPosition(offset, epoch));
    }

    private void lose(String channel, Object data) {
        server.engine().losePublications(true);
        server.publish(channel, data);
        server.engine().losePublications(false);
    }

    // ---- Live

    @Test
    void gapInOffsetsUnsubscribesWithInsufficientState() {
        ScriptedClient client = server.client().connected().subscribed("watched:a");
        server.publish("watched:a", 1);
        lose("watched:a", 2);

        server.publish("watched:a", 3, 4);

        assertThat(client.heard()).containsExactly(push("watched:a", 1), INSUFFICIENT_STATE);
        assertThat(client.closedWith()).isNull();
        assertThat(server.node().describe().subscriptions()).isZero();
        assertThat(server.node().statistics().namespace("watched").insufficientState())
                .isEqualTo(1);
    }

    @Test
    void gapInASubscriptionOfTheServerEndsTheConnection() {
        ScriptedClient client = server.client().connected("alice");
        server.await(server.node().channels().subscribe("alice", "watched:a"));
        client.heard();
        lose("watched:a", 1);

        server.publish("watched:a", 2);

        assertThat(client.heard()).isEmpty();
        assertThat(client.closedWith()).isEqualTo(Disconnect.INSUFFICIENT_STATE);
    }

    @Test
    void subscriberCanComeBackAfterAGapAndRecover() {
        ScriptedClient client = server.client().connected().subscribed("watched:a");
        lose("watched:a", 1);
        server.publish("watched:a", 2);

        assertThat(client.subscribe("watched:a").reply()).isEqualTo(positioned(2, "e1"));
        server.publish("watched:a", 3);
        assertThat(client.heard()).containsExactly(push("watched:a", 3));
    }

    @Test
    void changeOfTheEpochUnsubscribesWithInsufficientState() {
        ScriptedClient client = server.client().connected().subscribed("watched:a");
        server.publish("watched:a", 1);

        deliver("watched:a", 2, "another");

        assertThat(client.heard()).containsExactly(push("watched:a", 1), INSUFFICIENT_STATE);
    }

    @Test
    void publicationSeenAlreadyIsDropped() {
        ScriptedClient client = server.client().connected().subscribed("watched:a");
        server.publish("watched:a", 1, 2);
        client.heard();

        deliver("watched:a", 1, "e1");
        deliver("watched:a", 2, "e1");
        server.publish("watched:a", 3);

        assertThat(client.heard()).containsExactly(push("watched:a", 3));
    }

    @Test
    void publicationWithoutOffsetIsDeliveredBetweenThoseWithOne() {
        ScriptedClient client = server.client().connected().subscribed("watched:a");
        server.publish("watched:a", 1);

        server.await(server.node().publisher().publish("watched:a", "x", PublishOptions.DEFAULTS.withoutHistory()));
        server.publish("watched:a", 2);

        assertThat(client.heard())
                .containsExactly(push("watched:a", 1), push("watched:a", "pub", "{'data':'x'}"), push("watched:a", 2));
    }

    @Test
    void gapsOfASubscriptionThatIsNotPositionedAreNoneOfItsBusiness() {
        ScriptedClient client = server.client().connected().subscribed("kept:a");
        lose("kept:a", 1);

        server.publish("kept:a", 2);

        assertThat(client.heard()).containsExactly(push("kept:a", 2));
    }

    private static String named(int number, String epoch) {
        return push("watched:a", "pub", "{'data':'" + number + "','offset':" + number + ",'epoch':'" + epoch + "'}");
    }

    // ---- Epochs that continue

    @Test
    void subscriberFollowsAnEpochThatContinuesAndLearnsItOnce() {
        ScriptedClient client = server.client().connected().subscribed("watched:a");
        server.publish("watched:a", 1);
        client.heard();

        server.engine().continueEpoch("watched:a", new StreamPosition(1, "e1"), "next");
        deliver("watched:a", 2, "next");
        deliver("watched:a", 3, "next");

        assertThat(client.heard()).containsExactly(named(2, "next"), push("watched:a", 3));
    }

    @Test
    void publicationsOfTheOldEpochThatComeLateAreStillDelivered() {
        ScriptedClient client = server.client().connected().subscribed("watched:a");

        server.engine().continueEpoch("watched:a", new StreamPosition(2, "e1"), "next");
        deliver("watched:a", 1, "e1");
        deliver("watched:a", 2, "e1");
        deliver("watched:a", 3, "next");

        assertThat(client.heard()).containsExactly(push("watched:a", 1), push("watched:a", 2), named(3, "next"));
    }

    @Test
    void publicationOfTheOldEpochBeyondItsEndIsALoss() {
        ScriptedClient client = server.client().connected().subscribed("watched:a");

        server.engine().continueEpoch("watched:a", new StreamPosition(0, "e1"), "next");
        deliver("watched:a", 1, "e1");

        assertThat(client.heard()).containsExactly(INSUFFICIENT_STATE);
    }

    @Test
    void subscriberBeyondTheEndOfItsEpochDoesNotFollow() {
        ScriptedClient client = server.client().connected().subscribed("watched:a");
        server.publish("watched:a", 1, 2);
        client.heard();

        server.engine().continueEpoch("watched:a", new StreamPosition(1, "e1"), "next");
        deliver("watched:a", 2, "next");

        assertThat(client.heard()).containsExactly(INSUFFICIENT_STATE);
    }

    @Test
    void subscriberOfAnotherEpochDoesNotFollow() {
        ScriptedClient client = server.client().connected().subscribed("watched:a");

        server.engine().continueEpoch("watched:a", new StreamPosition(1, "another"), "next");
        server.publish("watched:a", 1);

        assertThat(client.heard()).containsExactly(push("watched:a", 1));
    }

    @Test
    void epochThatContinuesBeforeTheReplyIsNamedByTheFirstPublication() {
        ScriptedClient client = server.client().connected();
        server.engine().hold(Call.ADD_PRESENCE);
        client.subscribe("present:a").send();

        server.engine().continueEpoch("present:a", new StreamPosition(0, "e1"), "next");
        deliver("present:a", 1, "next");
        server.engine().release(Call.ADD_PRESENCE);

        assertThat(client.reply()).isEqualTo(positioned(0, "e1"));
        assertThat(client.heard()).containsExactly(push("present:a", "pub", "{'data':'1','offset':1,'epoch':'next'}"));
    }

    @Test
    void whatIsHeldBackOfAnEpochBeforeTheOneThatWasReadIsDropped() {
        server.publish("watched:a", 1, 2);
        server.engine().continueFrom(new StreamPosition(2, "before"));
        ScriptedClient client = server.client().connected();
        server.engine().holdResults(Call.HISTORY);
        client.subscribe("watched:a").send();
        deliver("watched:a", 2, "before");
        server.engine().release(Call.HISTORY);
        deliver("watched:a", 2, "before");
        server.engine().continueEpoch("watched:a", new StreamPosition(2, "before"), "e1");

        server.publish("watched:a", 3);

        assertThat(client.reply()).isEqualTo(positioned(2, "e1"));
        assertThat(client.heard()).containsExactly(push("watched:a", 3));
        assertThat(client.closedWith()).isNull();
    }

    @Test
    void epochThatContinuesWhileTheStreamIsReadIsFollowed() {
        ScriptedClient client = server.client().connected();
        server.engine().holdResults(Call.HISTORY);
        client.subscribe("watched:a").send();

        server.engine().continueEpoch("watched:a", new StreamPosition(0, "e1"), "next");
        deliver("watched:a", 1, "next");
        server.engine().release(Call.HISTORY);

        assertThat(client.reply()).isEqualTo(positioned(0, "e1"));
        assertThat(client.heard()).containsExactly(push("watched:a", "pub", "{'data':'1','offset':1,'epoch':'next'}"));
        assertThat(client.closedWith()).isNull();
    }
}
