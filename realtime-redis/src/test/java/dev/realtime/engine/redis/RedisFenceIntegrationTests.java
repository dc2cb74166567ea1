package dev.realtime.engine.redis;

import static dev.realtime.engine.redis.StartedEngine.eventually;
import static dev.realtime.engine.redis.StartedEngine.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.with;

import dev.realtime.api.NodeDescription;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.monitor.RedisStatistics.Event;
import dev.realtime.engine.redis.script.Script;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.engine.redis.stream.PastEpoch;
import dev.realtime.spi.engine.RecordingBrokerListener.Continued;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Another generation of Redis, with all publications or without the last ones. The server becomes a replica for a
 * moment, which gives it another replication id as a promotion does; or it comes back from an older dataset.
 */
class RedisFenceIntegrationTests {

    private static final String CHANNEL = "chat:room";

    @RegisterExtension
    static final RedisExtension<RedisServer> redis = RedisExtension.of(() -> RedisServer.builder()
            .user("noinfo on >secret ~* &* +@all -info")
            .setting("enable-debug-command", "yes")
            .start());

    @RegisterExtension
    final TwoNodes nodes = new TwoNodes(() -> RedisEngineUnderTest.on(redis.get()));

    private RedisKeys.ChannelKeys keys;

    @BeforeEach
    void start() {
        keys = nodes.engines().keys().of(CHANNEL);
    }

    private static void beginGeneration() {
        redis.get().execute("REPLICAOF", "127.0.0.1", "1");
        redis.get().execute("REPLICAOF", "NO", "ONE");
    }

    /** Publishes 1, 2, ... of which Redis loses the last when it comes back with an older dataset. */
    private StreamPosition publishAndLose(StartedEngine publisher, int kept, int all) {
        publisher.publishNumbers(CHANNEL, 1, kept);
        redis.get().execute("SAVE");
        StreamPosition last = publisher.publishNumbers(CHANNEL, kept + 1, all);
        rollBack();
        return last;
    }

    private void rollBack() {
        redis.get().kill();
        redis.get().start();
        eventually(() -> {
            assertThat(nodes.first().engine.status().working()).isTrue();
            assertThat(nodes.second().engine.status().working()).isTrue();
        });
    }

    private static StreamPosition at(long offset, StreamPosition of) {
        return new StreamPosition(offset, of.epoch());
    }

    @Test
    void newGenerationGoesOnUnderAnotherEpoch() {
        StreamPosition before = nodes.first().publishNumbers(CHANNEL, 1, 3);
        beginGeneration();

        StreamPosition after = nodes.first().publish(CHANNEL, "4");

        assertThat(after.offset()).isEqualTo(4);
        assertThat(after.epoch()).isNotEqualTo(before.epoch());
        assertThat(nodes.first().publish(CHANNEL, "5")).isEqualTo(at(5, after));
    }

    @Test
    void whoLostNothingGoesOnInTheNewEpoch() {
        StreamPosition before = nodes.first().publishNumbers(CHANNEL, 1, 3);
        beginGeneration();
        nodes.first().publish(CHANNEL, "4");

        HistoryResult read = nodes.second().readAfter(CHANNEL, at(2, before));

        assertThat(read.continues(at(2, before))).isTrue();
        assertThat(read.continues(before)).isTrue();
        // A client that followed the stream so far names the epoch that it began in.
        assertThat(read.continues(at(4, before))).isTrue();
        assertThat(read.continues(at(5, before))).isFalse();
        assertThat(texts(read)).containsExactly("3", "4");
    }

    @Test
    void severalGenerationsAreGoneOverAtOnce() {
        StreamPosition before = nodes.first().publishNumbers(CHANNEL, 1, 2);
        beginGeneration();
        StreamPosition between = nodes.first().publish(CHANNEL, "3");
        beginGeneration();
        nodes.first().publish(CHANNEL, "4");

        HistoryResult read = nodes.second().readAfter(CHANNEL, at(1, before));

        assertThat(read.continues(at(1, before))).isTrue();
        assertThat(read.continues(between)).isTrue();
        assertThat(texts(read)).containsExactly("2", "3", "4");
    }

    @Test
    void nobodyGoesOnOverALossThatANodeHadSeen() {
        StreamPosition before = publishAndLose(nodes.first(), 3, 5);
        nodes.first().publishNumbers(CHANNEL, 6, 9);

        HistoryResult read = nodes.second().readAfter(CHANNEL, at(2, before));

        assertThat(read.position().offset()).isEqualTo(7);
        assertThat(read.continues(at(2, before))).isFalse();
        assertThat(read.continues(at(3, before))).isFalse();
        assertThat(read.continues(before)).isFalse();
    }

    @Test
    void lossThatOnlyASubscribedNodeHadSeenCountsToo() {
        nodes.second().subscribe(CHANNEL);
        RedisEngine publisher = nodes.engines().newEngine();
        StartedEngine third = new StartedEngine(publisher, "third");
        third.publishNumbers(CHANNEL, 1, 3);
        redis.get().execute("SAVE");
        StreamPosition before = third.publishNumbers(CHANNEL, 4, 5);
        eventually(() -> assertThat(nodes.second().listener.texts(CHANNEL)).hasSize(5));
        third.stop();

        rollBack();

        assertThat(nodes.first().readAfter(CHANNEL, at(2, before)).continues(at(2, before)))
                .isFalse();
    }

    @Test
    void lossThatNoLivingNodeHadSeenIsNone() {
        StartedEngine third = new StartedEngine(nodes.engines().newEngine(), "third");
        third.publishNumbers(CHANNEL, 1, 3);
        redis.get().execute("SAVE");
        StreamPosition before = third.publishNumbers(CHANNEL, 4, 5);
        third.stop();

        rollBack();

        assertThat(nodes.first().readAfter(CHANNEL, at(2, before)).continues(at(2, before)))
                .isTrue();
    }

    @Test
    void lossThatIsFoundLateIsReportedToThoseWhoWentOnBefore() {
        StreamPosition before = nodes.first().publishNumbers(CHANNEL, 1, 3);
        beginGeneration();
        StreamPosition between = nodes.second().readAfter(CHANNEL, before).position();
        nodes.second().subscribe(CHANNEL);
        nodes.second().readAfter(CHANNEL, between);

        report(before.epoch(), 5);

        assertThat(nodes.first().readAfter(CHANNEL, between).continues(between)).isFalse();
        assertThat(nodes.first().readAfter(CHANNEL, before).continues(before)).isFalse();
        eventually(() -> assertThat(nodes.second().listener.disturbed()).containsExactly(CHANNEL));
    }

    /** What a node says that could not be asked. */
    private void report(String epoch, int offset) {
        redis.get()
                .execute(
                        "EVAL",
                        new String(Script.NOTE_SEEN.source(), StandardCharsets.UTF_8),
                        "2",
                        new String(keys.meta(), StandardCharsets.UTF_8),
                        new String(keys.stream(), StandardCharsets.UTF_8),
                        "token",
                        "PUBLISH",
                        new String(keys.name(), StandardCharsets.UTF_8),
                        epoch,
                        String.valueOf(offset));
    }

    @Test
    void publisherHasALossNotedThoughNobodyAsks() {
        publishAndLose(nodes.first(), 3, 5);

        eventually(() -> assertThat(
                        PastEpoch.parse(redis.get().text("HGET", new String(keys.meta(), StandardCharsets.UTF_8), "b")))
                .anyMatch(past -> past.boundary() == 3 && past.seen() == 5));
    }

    @Test
    void subscribersAreNotifiedAndGetWhatFollows() {
        nodes.first().subscribe(CHANNEL);
        nodes.first().publishNumbers(CHANNEL, 1, 3);
        redis.get().execute("SAVE");
        StreamPosition before = nodes.first().publishNumbers(CHANNEL, 4, 5);
        eventually(() -> assertThat(nodes.first().listener.texts(CHANNEL)).hasSize(5));

        rollBack();
        nodes.second().publishNumbers(CHANNEL, 6, 7);

        eventually(() ->
                assertThat(nodes.first().listener.texts(CHANNEL)).containsExactly("1", "2", "3", "4", "5", "6", "7"));
        assertThat(nodes.first().listener.disturbed()).isNotEmpty().containsOnly(CHANNEL);
        assertThat(nodes.first().listener.deliveries(CHANNEL).get(5).position().epoch())
                .isNotEqualTo(before.epoch());
        eventually(() -> assertThat(nodes.first().engine.statistics().events(Event.ROLLBACK_FOUND)
                        + nodes.second().engine.statistics().events(Event.ROLLBACK_FOUND))
                .isPositive());
    }

    @Test
    void subscribersOfAWholeStreamGoOnInTheNewEpoch() {
        nodes.first().subscribe(CHANNEL);
        StreamPosition before = nodes.first().publishNumbers(CHANNEL, 1, 3);
        // Nothing here reads the stream, so the feed learns its place from the first publication.
        eventually(() -> assertThat(nodes.first().listener.texts(CHANNEL)).hasSize(3));
        beginGeneration();
        StreamPosition after = nodes.first().publishNumbers(CHANNEL, 4, 5);

        eventually(() -> assertThat(nodes.first().listener.texts(CHANNEL)).containsExactly("1", "2", "3", "4", "5"));
        assertThat(nodes.first().listener.continued(CHANNEL)).containsExactly(new Continued(before, after.epoch(), 3));
        assertThat(nodes.first().listener.disturbed()).isEmpty();
        assertThat(nodes.first().engine.statistics().events(Event.ROLLBACK_FOUND))
                .isZero();
        assertThat(nodes.first().engine.statistics().events(Event.NEW_GENERATION))
                .isOne();
    }

    /**
     * As Redis does by itself when its last replica has been gone for {@code repl-backlog-ttl}, and when its first one
     * comes.
     */
    @Test
    void processThatChangesItsReplicationIdLosesNothing() {
        nodes.first().subscribe(CHANNEL);
        StreamPosition before = nodes.first().publishNumbers(CHANNEL, 1, 3);
        // The nodes know the process by now, or would take it for another one with an older dataset.
        eventually(() -> assertThat(nodes.first().engine.isWatching(before.epoch())
                        && nodes.second().engine.isWatching(before.epoch()))
                .isTrue());
        redis.get().execute("DEBUG", "CHANGE-REPL-ID");
        nodes.first().publish(CHANNEL, "4");

        HistoryResult read = nodes.second().readAfter(CHANNEL, at(2, before));

        assertThat(read.continues(at(2, before))).isTrue();
        assertThat(read.continues(at(4, before))).isTrue();
        eventually(() -> assertThat(nodes.first().listener.texts(CHANNEL)).containsExactly("1", "2", "3", "4"));
        assertThat(nodes.first().listener.disturbed()).isEmpty();
    }

    @Test
    void withoutTheRightToAskTheEpochGoesOnAndTheStatusSaysSo() {
        RedisEngineUnderTest blind = RedisEngineUnderTest.on(redis.get(), "noinfo", "secret");
        StartedEngine node = new StartedEngine(blind.engine(), "blind");
        try {
            StreamPosition before = node.publish(CHANNEL, "1");
            beginGeneration();

            StreamPosition after = node.publish(CHANNEL, "2");

            assertThat(after).isEqualTo(new StreamPosition(2, before.epoch()));
            assertThat(node.engine.status().generationWatched()).isFalse();
            assertThat(nodes.first().engine.status().generationWatched()).isTrue();
        } finally {
            node.stop();
            blind.close();
        }
    }

    @Test
    void withoutTheRightToAskANodeStillLeavesInGoodOrder() {
        RedisEngineUnderTest blind = RedisEngineUnderTest.on(redis.get(), "noinfo", "secret");
        StartedEngine stays = new StartedEngine(blind.engine(), "stays");
        StartedEngine leaves = new StartedEngine(blind.another(), "leaves");
        try {
            leaves.publish(CHANNEL, "1");

            leaves.stop();

            // Much sooner than a node counts as dead that only fell silent.
            with().atMost(Duration.ofSeconds(2))
                    .untilAsserted(() -> assertThat(
                                    StartedEngine.get(stays.engine.controlBus().nodes()))
                            .extracting(NodeDescription::id)
                            .containsExactly("stays"));
        } finally {
            stays.stop();
            blind.close();
        }
    }
}
