package dev.realtime.engine.redis.epoch;

import static dev.realtime.engine.redis.epoch.FenceRig.FIRST;
import static dev.realtime.engine.redis.epoch.FenceRig.SECOND;
import static dev.realtime.engine.redis.epoch.FenceRig.epoch;
import static dev.realtime.engine.redis.epoch.FenceRig.history;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.EngineException;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.PublishResult;
import dev.realtime.api.data.PublishResult.Suppression;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.StartedEngine;
import dev.realtime.engine.redis.broker.ScriptedReads;
import dev.realtime.engine.redis.script.Script;
import dev.realtime.engine.redis.stream.PublishReply;
import dev.realtime.spi.engine.AppendOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Replies of the former primary that arrive when this node knows that another one has taken its place. */
class LateReplyTests {

    private static final String CHANNEL = "chat:room";

    private static final String EPOCH = epoch(FIRST, 1);

    private final FenceRig rig = new FenceRig();

    @BeforeEach
    void firstGeneration() {
        rig.redis.primary("A", FIRST, 300);
        rig.round();
    }

    private CompletableFuture<HistoryResult> read() {
        return rig.broker
                .history(CHANNEL, HistoryQuery.POSITION, StartedEngine.HISTORY)
                .toFuture();
    }

    private CompletableFuture<PublishResult> publish() {
        return rig.broker
                .publish(
                        CHANNEL,
                        Publication.of(Payload.ofText("1")),
                        AppendOptions.keeping(StartedEngine.HISTORY).withIdempotencyKey("key"))
                .toFuture();
    }

    private void endFirstGeneration() {
        rig.redis.primary("A", SECOND, FIRST, 201, 210);
        rig.round();
    }

    private PublishReply suppressed(String generation) {
        return new PublishReply(
                new PublishResult(new StreamPosition(4, EPOCH), Suppression.IDEMPOTENCY_KEY), generation);
    }

    @Test
    void streamOfAGenerationThatHasEndedIsNotRead() {
        CompletableFuture<HistoryResult> read = read();
        endFirstGeneration();

        rig.redis.take(Script.HISTORY).answer(history(4, EPOCH, ""));

        assertThat(read)
                .failsWithin(0, TimeUnit.SECONDS)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(EngineException.class)
                .withMessageContaining("Reading the history of channel 'chat:room' failed: the server that answered was"
                        + " replaced. Try again.");
        assertThat(rig.redis.suspected).isPositive();
    }

    @Test
    void feedIsNotTakenIntoAGenerationThatHasEnded() {
        rig.broker.subscribe(CHANNEL).subscribe();
        read();
        endFirstGeneration();

        rig.redis.take(Script.HISTORY).answer(history(4, EPOCH, ""));
        rig.broker.onMessage(
                rig.keys.of(CHANNEL).partition(), rig.keys.of(CHANNEL).name(), ScriptedReads.message(EPOCH, 5));

        assertThat(rig.listener.texts(CHANNEL)).isEmpty();
    }

    @Test
    void streamOfTheSuccessorIsRead() {
        CompletableFuture<HistoryResult> read = read();
        endFirstGeneration();

        rig.redis.take(Script.HISTORY).answer(history(4, epoch(SECOND, 2), EPOCH + ",4,4;"));

        assertThat(read)
                .isCompletedWithValueMatching(
                        result -> result.position().equals(new StreamPosition(4, epoch(SECOND, 2))));
    }

    @Test
    void positionOfAGenerationThatHasEndedIsNone() {
        CompletableFuture<Map<String, StreamPosition>> positions =
                rig.broker.positions(Map.of(CHANNEL, StartedEngine.HISTORY)).toFuture();
        endFirstGeneration();

        rig.redis.take(Script.POSITIONS).answer(List.of(4L, ScriptedRedis.bytes(EPOCH)));

        assertThat(positions).isCompletedWithValue(Map.of());
        assertThat(rig.redis.suspected).isPositive();
    }

    @Test
    void publicationThatTheFormerPrimaryTookIsNotAcknowledged() {
        CompletableFuture<PublishResult> publish = publish();
        endFirstGeneration();

        rig.redis
                .take(Script.PUBLISH)
                .answer(new PublishReply(new PublishResult(new StreamPosition(4, EPOCH), Suppression.NONE), ""));

        assertThat(publish)
                .failsWithin(0, TimeUnit.SECONDS)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining(
                        "Publishing to channel 'chat:room' failed: the server that accepted it was cut off"
                                + " and replaced by one without it, so it is lost, though some clients may have"
                                + " received it. Publish it again, with the same idempotency key if it had one.");
    }

    @Test
    void repetitionThatTheFormerPrimaryRecognizesIsNotAcknowledged() {
        CompletableFuture<PublishResult> publish = publish();
        endFirstGeneration();

        rig.redis.take(Script.PUBLISH).answer(suppressed(FIRST));

        assertThat(publish).isCompletedExceptionally();
        assertThat(rig.redis.suspected).isPositive();
    }

    @Test
    void repetitionThatTheSuccessorRecognizesIsAcknowledged() {
        CompletableFuture<PublishResult> publish = publish();
        endFirstGeneration();

        rig.redis.take(Script.PUBLISH).answer(suppressed(SECOND));

        assertThat(publish).isCompletedWithValue(suppressed(SECOND).result());
        assertThat(rig.seen.seen(CHANNEL, EPOCH)).isEqualTo(4);
    }

    @Test
    void repetitionIsAcknowledgedWhereTheGenerationMayNotBeRead() {
        CompletableFuture<PublishResult> publish = publish();

        rig.redis.take(Script.PUBLISH).answer(suppressed(""));

        assertThat(publish).isCompletedWithValue(suppressed("").result());
    }
}
