package dev.realtime.connection;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static dev.realtime.node.Pushes.push;
import static dev.realtime.node.Pushes.unsubscribe;
import static org.assertj.core.api.Assertions.assertThat;

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

/** Losses that no later publication reveals, found by comparing positions with the engine. */
@ExtendWith(BufferLeaks.class)
class QuietPositionTests {

    private static final HistoryOptions TEN = keeping(10, Duration.ofHours(1));

    private static final String INSUFFICIENT_STATE = unsubscribe("watched:a", 2500, "insufficient state");

    private static ScriptedServer.Setup setup() {
        return ScriptedServer.setup()
                .client(options -> options.pongTimeout(Duration.ofHours(1)))
                .namespace(
                        "watched",
                        options -> options.subscribeAccess(ANYONE).history(TEN).forcePositioning(true))
                .namespace("kept", options -> options.subscribeAccess(ANYONE).history(TEN))
                .namespace("plain", options -> options.subscribeAccess(ANYONE))
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

    @Test
    void lostPublicationIsFoundWhenTheChannelHasBeenQuiet() {
        ScriptedClient client = server.client().connected().subscribed("watched:a");
        ScriptedClient other = server.client().connected("alice");
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
            server.client().connected().subscribed("watched:a");
        }
        int before = server.engine().calls(Call.HISTORY);

        // Checks run every 27 s: the first after the channel has been quiet for 40 s is due by 68 s.
        server.passSeconds(68);

        assertThat(server.engine().calls(Call.HISTORY) - before).isEqualTo(1);
        assertThat(server.node().describe().subscriptions()).isEqualTo(20);
    }

    @Test
    void channelsThatNobodyWatchesAreNotRead() {
        server.client().connected().subscribed("plain:a").subscribed("kept:a");

        server.passSeconds(300);

        assertThat(server.engine().calls(Call.HISTORY)).isZero();
    }

    @Test
    void channelThatIsBusyIsNotRead() {
        ScriptedClient client = server.client().connected().subscribed("watched:a");
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
        ScriptedClient client = server.client().connected().subscribed("watched:a");
        server.publish("watched:a", 1, 2);
        client.heard();

        server.passSeconds(600);

        assertThat(client.heard()).allMatch("{}"::equals);
        assertThat(server.node().describe().subscriptions()).isEqualTo(1);
    }

    @Test
    void publicationUnderWayWhileThePositionIsReadIsNoLoss() {
        ScriptedClient client = server.client().connected().subscribed("watched:a");
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
        ScriptedClient client = server.client().connected().subscribed("watched:a");
        server.engine().holdResults(Call.HISTORY);
        server.passSeconds(68);

        server.publish("watched:a", 1, 2);
        server.engine().release(Call.HISTORY);
        server.passSeconds(2);

        assertThat(client.heard()).doesNotContain(INSUFFICIENT_STATE);
    }

    @Test
    void subscriberThatCameAfterTheReadingIsNotComparedWithIt() {
        server.client().connected().subscribed("watched:a");
        server.engine().holdResults(Call.HISTORY);
        server.passSeconds(68);
        server.engine().release(Call.HISTORY);

        // Published now, and known to clients that subscribe now, but it reaches the node only after the comparison.
        lose("watched:a", 1);
        ScriptedClient late = server.client().connected().subscribed("watched:a");
        server.passSeconds(2);
        deliver("watched:a", 1, "e1");
        server.publish("watched:a", 2);

        assertThat(late.heard()).filteredOn(message -> !message.equals("{}")).containsExactly(push("watched:a", 2));
    }

    @Test
    void streamThatWentBackIsALoss() {
        ScriptedClient client = server.client().connected().subscribed("watched:a");
        deliver("watched:a", 1, "e1");
        deliver("watched:a", 2, "e1");

        server.passSeconds(68);

        assertThat(client.heard()).contains(INSUFFICIENT_STATE);
    }

    @Test
    void positionThatCannotBeReadIsReadAgainLater() {
        ScriptedClient client = server.client().connected().subscribed("watched:a");
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
            ScriptedClient client = server.client().connected().subscribed("watched:a");
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
        ScriptedClient client =
                server.client().connected().subscribed("watched:a").subscribed("watched:b");
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
            ScriptedClient watching = failing.client().connected("w").subscribed("watched:a");
            ScriptedClient plain = failing.client().connected("p").subscribed("plain:a");
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
            assertThat(plain.heard()).containsExactly(push("plain:a", "pub", "{'data':'2'}"));
        }
    }

    @Test
    void lossForAnExecutorThatStandsStillIsNotifiedEvenIfNothingFollows() {
        ClientLimits limits = new ClientLimits(null, 1_000_000, null, Map.of(), null);
        try (ScriptedServer bounded =
                setup().client(options -> options.limits(limits)).start()) {
            ScriptedClient watching = bounded.client().connected("w").subscribed("watched:a");
            ScriptedClient plain = bounded.client().connected("p").subscribed("plain:a");
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
            assertThat(plain.heard()).containsExactly(push("plain:a", "pub", "{'data':'2'}"));
        }
    }
}
