package dev.realtime.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.PublishOptions;
import dev.realtime.api.channel.Access;
import dev.realtime.api.channel.ChannelOptionsResolver;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.limit.ClientLimits;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.spi.transport.TrackingAllocator;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A subscriber receives every offset once and in order, or it is notified. */
@ExtendWith(BufferLeaks.class)
class PositioningTests {

    private static final Access ANYONE = new Access(true, false, true);

    private static final HistoryOptions TEN =
            new HistoryOptions(10, Duration.ofHours(1), HistoryOptions.DEFAULT_META_TTL);

    private static final String INSUFFICIENT_STATE =
            "{'push':{'channel':'watched:a','unsubscribe':{'code':2500,'reason':'insufficient state'}}}";

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
                .namespace("plain", options -> options.subscribeAccess(ANYONE))
                .tokensAreUsers();
    }

    @RegisterExtension
    final ScriptedServer server = setup().start();

    private static String push(String channel, int number) {
        return "{'push':{'channel':'" + channel + "','pub':{'data':'" + number + "','offset':" + number + "}}}";
    }

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
        ScriptedClient client = server.client().connect().subscribe("watched:a");
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
        ScriptedClient client = server.client().connect("alice");
        server.await(server.node().channels().subscribe("alice", "watched:a"));
        client.heard();
        lose("watched:a", 1);

        server.publish("watched:a", 2);

        assertThat(client.heard()).isEmpty();
        assertThat(client.closedWith()).isEqualTo(Disconnect.INSUFFICIENT_STATE);
    }

    @Test
    void subscriberCanComeBackAfterAGapAndRecover() {
        ScriptedClient client = server.client().connect().subscribe("watched:a");
        lose("watched:a", 1);
        server.publish("watched:a", 2);

        assertThat(client.ask("{'id':2,'subscribe':{'channel':'watched:a'}}"))
                .containsExactly("{'id':2,'subscribe':{'epoch':'e1','offset':2,'positioned':true}}");
        server.publish("watched:a", 3);
        assertThat(client.heard()).containsExactly(push("watched:a", 3));
    }

    @Test
    void changeOfTheEpochUnsubscribesWithInsufficientState() {
        ScriptedClient client = server.client().connect().subscribe("watched:a");
        server.publish("watched:a", 1);

        deliver("watched:a", 2, "another");

        assertThat(client.heard()).containsExactly(push("watched:a", 1), INSUFFICIENT_STATE);
    }

    @Test
    void publicationSeenAlreadyIsDropped() {
        ScriptedClient client = server.client().connect().subscribe("watched:a");
        server.publish("watched:a", 1, 2);
        client.heard();

        deliver("watched:a", 1, "e1");
        deliver("watched:a", 2, "e1");
        server.publish("watched:a", 3);

        assertThat(client.heard()).containsExactly(push("watched:a", 3));
    }

    @Test
    void publicationWithoutOffsetIsDeliveredBetweenThoseWithOne() {
        ScriptedClient client = server.client().connect().subscribe("watched:a");
        server.publish("watched:a", 1);

        server.await(server.node().publisher().publish("watched:a", "x", PublishOptions.DEFAULTS.withoutHistory()));
        server.publish("watched:a", 2);

        assertThat(client.heard())
                .containsExactly(
                        push("watched:a", 1),
                        "{'push':{'channel':'watched:a','pub':{'data':'x'}}}",
                        push("watched:a", 2));
    }

    @Test
    void gapsOfASubscriptionThatIsNotPositionedAreNoneOfItsBusiness() {
        ScriptedClient client = server.client().connect().subscribe("kept:a");
        lose("kept:a", 1);

        server.publish("kept:a", 2);

        assertThat(client.heard()).containsExactly(push("kept:a", 2));
    }

    // ---- Epochs that continue

    private static String named(int number, String epoch) {
        return "{'push':{'channel':'watched:a','pub':{'data':'" + number + "','offset':" + number + ",'epoch':'" + epoch
                + "'}}}";
    }

    @Test
    void subscriberFollowsAnEpochThatContinuesAndLearnsItOnce() {
        ScriptedClient client = server.client().connect().subscribe("watched:a");
        server.publish("watched:a", 1);
        client.heard();

        server.engine().continueEpoch("watched:a", new StreamPosition(1, "e1"), "next");
        deliver("watched:a", 2, "next");
        deliver("watched:a", 3, "next");

        assertThat(client.heard()).containsExactly(named(2, "next"), push("watched:a", 3));
    }

    @Test
    void publicationsOfTheOldEpochThatComeLateAreStillDelivered() {
        ScriptedClient client = server.client().connect().subscribe("watched:a");

        server.engine().continueEpoch("watched:a", new StreamPosition(2, "e1"), "next");
        deliver("watched:a", 1, "e1");
        deliver("watched:a", 2, "e1");
        deliver("watched:a", 3, "next");

        assertThat(client.heard()).containsExactly(push("watched:a", 1), push("watched:a", 2), named(3, "next"));
    }

    @Test
    void publicationOfTheOldEpochBeyondItsEndIsALoss() {
        ScriptedClient client = server.client().connect().subscribe("watched:a");

        server.engine().continueEpoch("watched:a", new StreamPosition(0, "e1"), "next");
        deliver("watched:a", 1, "e1");

        assertThat(client.heard()).containsExactly(INSUFFICIENT_STATE);
    }

    @Test
    void subscriberBeyondTheEndOfItsEpochDoesNotFollow() {
        ScriptedClient client = server.client().connect().subscribe("watched:a");
        server.publish("watched:a", 1, 2);
        client.heard();

        server.engine().continueEpoch("watched:a", new StreamPosition(1, "e1"), "next");
        deliver("watched:a", 2, "next");

        assertThat(client.heard()).containsExactly(INSUFFICIENT_STATE);
    }

    @Test
    void subscriberOfAnotherEpochDoesNotFollow() {
        ScriptedClient client = server.client().connect().subscribe("watched:a");

        server.engine().continueEpoch("watched:a", new StreamPosition(1, "another"), "next");
        server.publish("watched:a", 1);

        assertThat(client.heard()).containsExactly(push("watched:a", 1));
    }

    @Test
    void epochThatContinuesBeforeTheReplyIsNamedByTheFirstPublication() {
        ScriptedClient client = server.client().connect();
        server.engine().hold(Call.ADD_PRESENCE);
        client.tell("{'id':1,'subscribe':{'channel':'present:a'}}");

        server.engine().continueEpoch("present:a", new StreamPosition(0, "e1"), "next");
        deliver("present:a", 1, "next");
        server.engine().release(Call.ADD_PRESENCE);

        assertThat(client.heard())
                .containsExactly(
                        "{'id':1,'subscribe':{'epoch':'e1','positioned':true}}",
                        "{'push':{'channel':'present:a','pub':{'data':'1','offset':1,'epoch':'next'}}}");
    }

    @Test
    void whatIsHeldBackOfAnEpochBeforeTheOneThatWasReadIsDropped() {
        server.publish("watched:a", 1, 2);
        server.engine().continueFrom(new StreamPosition(2, "before"));
        ScriptedClient client = server.client().connect();
        server.engine().holdAnswers(Call.HISTORY);
        client.tell("{'id':1,'subscribe':{'channel':'watched:a'}}");
        deliver("watched:a", 2, "before");
        server.engine().release(Call.HISTORY);
        deliver("watched:a", 2, "before");
        server.engine().continueEpoch("watched:a", new StreamPosition(2, "before"), "e1");

        server.publish("watched:a", 3);

        assertThat(client.heard())
                .containsExactly(
                        "{'id':1,'subscribe':{'epoch':'e1','offset':2,'positioned':true}}", push("watched:a", 3));
        assertThat(client.closedWith()).isNull();
    }

    @Test
    void epochThatContinuesWhileTheStreamIsReadIsFollowed() {
        ScriptedClient client = server.client().connect();
        server.engine().holdAnswers(Call.HISTORY);
        client.tell("{'id':1,'subscribe':{'channel':'watched:a'}}");

        server.engine().continueEpoch("watched:a", new StreamPosition(0, "e1"), "next");
        deliver("watched:a", 1, "next");
        server.engine().release(Call.HISTORY);

        assertThat(client.heard())
                .containsExactly(
                        "{'id':1,'subscribe':{'epoch':'e1','positioned':true}}",
                        "{'push':{'channel':'watched:a','pub':{'data':'1','offset':1,'epoch':'next'}}}");
        assertThat(client.closedWith()).isNull();
    }

    // ---- Checked when it is quiet

    @Test
    void lostPublicationIsFoundWhenTheChannelHasBeenQuiet() {
        ScriptedClient client = server.client().connect().subscribe("watched:a");
        ScriptedClient other = server.client().connect("alice");
        server.await(server.node().channels().subscribe("alice", "watched:a"));
        server.publish("watched:a", 1);
        client.heard();
        lose("watched:a", 2);

        server.passSeconds(39);
        assertThat(client.heard()).doesNotContain(INSUFFICIENT_STATE);
        server.passSeconds(30);

        assertThat(client.heard()).contains(INSUFFICIENT_STATE);
        assertThat(other.closedWith()).isEqualTo(Disconnect.INSUFFICIENT_STATE);
    }

    @Test
    void oneReadingServesAllSubscribersOfAChannel() {
        for (int i = 0; i < 20; i++) {
            server.client().connect().subscribe("watched:a");
        }
        int before = server.engine().calls(Call.HISTORY);

        // Checks run every 27 s: the first after the channel has been quiet for 40 s is due by 68 s.
        server.passSeconds(68);

        assertThat(server.engine().calls(Call.HISTORY) - before).isEqualTo(1);
        assertThat(server.node().describe().subscriptions()).isEqualTo(20);
    }

    @Test
    void channelsThatNobodyWatchesAreNotRead() {
        server.client().connect().subscribe("plain:a").subscribe("kept:a");

        server.passSeconds(300);

        assertThat(server.engine().calls(Call.HISTORY)).isZero();
    }

    @Test
    void channelThatIsBusyIsNotRead() {
        ScriptedClient client = server.client().connect().subscribe("watched:a");
        int before = server.engine().calls(Call.HISTORY);

        for (int i = 1; i <= 10; i++) {
            server.passSeconds(30);
            server.publish("watched:a", i);
        }

        assertThat(server.engine().calls(Call.HISTORY)).isEqualTo(before);
        assertThat(client.closedWith()).isNull();
    }

    @Test
    void wholeSubscriptionPassesEveryCheck() {
        ScriptedClient client = server.client().connect().subscribe("watched:a");
        server.publish("watched:a", 1, 2);
        client.heard();

        server.passSeconds(600);

        assertThat(client.heard()).allMatch("{}"::equals);
        assertThat(server.node().describe().subscriptions()).isEqualTo(1);
    }

    @Test
    void publicationUnderWayWhileThePositionIsReadIsNoLoss() {
        ScriptedClient client = server.client().connect().subscribe("watched:a");
        server.engine().hold(Call.HISTORY);
        server.passSeconds(68);

        // Counted in the top that is read, but it reaches the node a little later.
        lose("watched:a", 1);
        server.engine().release(Call.HISTORY);
        server.pass(Duration.ofMillis(500));
        deliver("watched:a", 1, "e1");
        server.passSeconds(2);

        assertThat(client.heard()).filteredOn(message -> !message.equals("{}")).containsExactly(push("watched:a", 1));
        assertThat(server.node().describe().subscriptions()).isEqualTo(1);
    }

    @Test
    void publicationsAfterTheReadingAreNoLoss() {
        ScriptedClient client = server.client().connect().subscribe("watched:a");
        server.engine().holdAnswers(Call.HISTORY);
        server.passSeconds(68);

        server.publish("watched:a", 1, 2);
        server.engine().release(Call.HISTORY);
        server.passSeconds(2);

        assertThat(client.heard()).doesNotContain(INSUFFICIENT_STATE);
    }

    @Test
    void subscriberThatCameAfterTheReadingIsNotComparedWithIt() {
        server.client().connect().subscribe("watched:a");
        server.engine().holdAnswers(Call.HISTORY);
        server.passSeconds(68);
        server.engine().release(Call.HISTORY);

        // Published now, and known to clients that subscribe now, but it reaches the node only after the comparison.
        lose("watched:a", 1);
        ScriptedClient late = server.client().connect().subscribe("watched:a");
        server.passSeconds(2);
        deliver("watched:a", 1, "e1");
        server.publish("watched:a", 2);

        assertThat(late.heard()).filteredOn(message -> !message.equals("{}")).containsExactly(push("watched:a", 2));
    }

    @Test
    void streamThatWentBackIsALoss() {
        ScriptedClient client = server.client().connect().subscribe("watched:a");
        deliver("watched:a", 1, "e1");
        deliver("watched:a", 2, "e1");

        server.passSeconds(68);

        assertThat(client.heard()).contains(INSUFFICIENT_STATE);
    }

    @Test
    void positionThatCannotBeReadIsReadAgainLater() {
        ScriptedClient client = server.client().connect().subscribe("watched:a");
        lose("watched:a", 1);
        server.engine().fail(Call.HISTORY);
        server.passSeconds(68);
        assertThat(client.heard()).doesNotContain(INSUFFICIENT_STATE);

        server.engine().heal(Call.HISTORY);
        server.passSeconds(30);

        assertThat(client.heard()).contains(INSUFFICIENT_STATE);
    }

    @Test
    void resolverOfTheApplicationThatFailsDoesNotEndTheChecks() {
        AtomicBoolean failing = new AtomicBoolean();
        ChannelOptionsResolver resolver = namespace -> {
            if (failing.get()) {
                throw new IllegalStateException("on purpose");
            }
            return Optional.empty();
        };
        try (ScriptedServer server = setup().resolver(resolver).start()) {
            ScriptedClient client = server.client().connect().subscribe("watched:a");
            server.engine().losePublications(true);
            server.publish("watched:a", 1);
            failing.set(true);
            server.passSeconds(68);
            assertThat(client.heard()).doesNotContain(INSUFFICIENT_STATE);

            failing.set(false);
            server.passSeconds(30);

            assertThat(client.heard()).contains(INSUFFICIENT_STATE);
        }
    }

    @Test
    void disturbanceOfTheEngineIsCheckedAtOnce() {
        ScriptedClient client = server.client().connect().subscribe("watched:a").subscribe("watched:b");
        server.publish("watched:a", 1);
        client.heard();
        lose("watched:a", 2);

        server.engine().disturb("watched:a", "watched:b", "watched:nobody", "unknown:a");
        server.passSeconds(2);

        assertThat(client.heard()).containsExactly(INSUFFICIENT_STATE);
        assertThat(server.node().describe().subscriptions()).isEqualTo(1);
    }

    @Test
    void lossForLackOfMemoryIsNotifiedEvenIfNothingFollows() {
        TrackingAllocator allocator = new TrackingAllocator();
        try (ScriptedServer failing = setup().allocator(allocator).start()) {
            ScriptedClient watching = failing.client().connect("w").subscribe("watched:a");
            ScriptedClient plain = failing.client().connect("p").subscribe("plain:a");
            allocator.beforeAllocation(() -> {
                throw new OutOfMemoryError("Direct buffer memory");
            });

            failing.publish("watched:a", 1);
            failing.publish("plain:a", 1);

            assertThat(watching.heard()).containsExactly(INSUFFICIENT_STATE);
            assertThat(plain.heard()).isEmpty();
            assertThat(failing.node().statistics().namespace("watched").lost()).isEqualTo(1);
            assertThat(failing.node().statistics().namespace("plain").lost()).isEqualTo(1);
            allocator.beforeAllocation(() -> {});
            failing.publish("plain:a", 2);
            assertThat(plain.heard()).containsExactly("{'push':{'channel':'plain:a','pub':{'data':'2'}}}");
        }
    }

    @Test
    void lossForAnExecutorThatStandsStillIsNotifiedEvenIfNothingFollows() {
        ClientLimits limits = new ClientLimits(null, 1_000_000, null, Map.of(), null);
        try (ScriptedServer bounded =
                setup().client(options -> options.limits(limits)).start()) {
            ScriptedClient watching = bounded.client().connect("w").subscribe("watched:a");
            ScriptedClient plain = bounded.client().connect("p").subscribe("plain:a");
            String large = "x".repeat(60_000);

            // The executor runs nothing meanwhile, and 4 MiB may wait for it.
            for (int i = 0; i < 100; i++) {
                bounded.node().publisher().publish("plain:a", large).subscribe();
            }
            bounded.node().publisher().publish("watched:a", large).subscribe();
            bounded.run();

            long lost = bounded.node().statistics().namespace("plain").lost();
            assertThat(lost).isBetween(30L, 32L);
            assertThat(watching.heard()).containsExactly(INSUFFICIENT_STATE);
            assertThat(plain.take()).hasSize((int) (100 - lost));
            bounded.publish("plain:a", 2);
            assertThat(plain.heard()).containsExactly("{'push':{'channel':'plain:a','pub':{'data':'2'}}}");
        }
    }
}
