package dev.realtime.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.generation.Generation;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.script.Script;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Beginning and end of epochs in the scripts, and epochs that an earlier build left behind. */
class StreamEpochsIntegrationTests {

    private static final String CHANNEL = "chat:room";

    /** As an earlier build named them: without the generation. */
    private static final String EARLIER = "0123456789abcdef";

    @RegisterExtension
    static final RedisExtension<RedisServer> redis =
            RedisExtension.of(() -> RedisServer.builder().start());

    private RedisEngineUnderTest underTest;

    private StartedEngine node;

    private RedisKeys.ChannelKeys keys;

    @BeforeEach
    void start() {
        underTest = RedisEngineUnderTest.on(redis.get());
        node = new StartedEngine(underTest.engine(), "node");
        keys = underTest.keys().of(CHANNEL);
    }

    @AfterEach
    void stop() {
        node.stop();
        underTest.close();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void beginGeneration() {
        redis.get().execute("REPLICAOF", "127.0.0.1", "1");
        redis.get().execute("REPLICAOF", "NO", "ONE");
    }

    private Object end(String epoch) {
        return redis.get()
                .execute(
                        "EVAL",
                        text(Script.END_EPOCH.source()),
                        "2",
                        text(keys.meta()),
                        text(keys.stream()),
                        "token",
                        "PUBLISH",
                        epoch,
                        text(keys.name()));
    }

    @Test
    void presentEpochIsEndedOnce() {
        StreamPosition before = node.publish(CHANNEL, "1");

        assertThat(end(before.epoch())).isEqualTo(1L);
        assertThat(end(before.epoch())).isEqualTo(0L);
        assertThat(node.readAfter(CHANNEL, before).continues(before)).isFalse();
    }

    @Test
    void lossInAnEpochThatEndedWithItsGenerationMeanwhileIsNoted() {
        StreamPosition before = node.publish(CHANNEL, "1");
        beginGeneration();
        StreamPosition after = node.publish(CHANNEL, "2");

        assertThat(end(before.epoch())).isEqualTo(1L);

        HistoryResult read = node.readAfter(CHANNEL, before);
        assertThat(read.continues(before)).isFalse();
        assertThat(read.continues(after)).isFalse();
        assertThat(end(before.epoch())).isEqualTo(0L);
    }

    @Test
    void earlierLossesDoNotKeepTheNextFromBeingNoted() {
        StreamPosition before = node.publish(CHANNEL, "1");
        end(before.epoch());
        StreamPosition between = node.publish(CHANNEL, "2");

        assertThat(end(between.epoch())).isEqualTo(1L);
    }

    @Test
    void epochThatTheStreamDoesNotKnowIsNotEnded() {
        StreamPosition before = node.publish(CHANNEL, "1");

        assertThat(end("cccccccc000000000001")).isEqualTo(-1L);
        assertThat(node.publish(CHANNEL, "2")).isEqualTo(new StreamPosition(2, before.epoch()));
    }

    @Test
    void absentStreamIsNotBegun() {
        assertThat(end("cccccccc000000000001")).isEqualTo(0L);
        assertThat(redis.get().execute("EXISTS", text(keys.meta()))).isEqualTo(0L);
    }

    @Test
    void epochThatNamesNoGenerationIsFollowedByOneThatDoes() {
        StreamPosition before = node.publish(CHANNEL, "1");
        redis.get().execute("HSET", text(keys.meta()), "e", EARLIER);

        StreamPosition after = node.publish(CHANNEL, "2");

        assertThat(after.offset()).isEqualTo(2);
        assertThat(Generation.of(after.epoch())).isEqualTo(Generation.of(before.epoch()));
        StreamPosition earlier = new StreamPosition(1, EARLIER);
        assertThat(node.readAfter(CHANNEL, earlier).continues(earlier)).isFalse();
    }

    @Test
    void positionInAnEpochThatNamesNoGenerationIsReadAgain() {
        node.publish(CHANNEL, "1");
        redis.get().execute("HSET", text(keys.meta()), "e", EARLIER);

        Map<String, StreamPosition> positions =
                StartedEngine.get(node.engine.broker().positions(Map.of(CHANNEL, StartedEngine.HISTORY)));

        assertThat(positions.get(CHANNEL).epoch()).hasSize(20);
    }
}
