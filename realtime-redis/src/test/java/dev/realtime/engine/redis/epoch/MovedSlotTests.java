package dev.realtime.engine.redis.epoch;

import static dev.realtime.engine.redis.epoch.FenceRig.FIRST;
import static dev.realtime.engine.redis.epoch.FenceRig.epoch;
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
import dev.realtime.engine.redis.epoch.ScriptedRedis.Call;
import dev.realtime.engine.redis.script.Script;
import dev.realtime.engine.redis.stream.PublishReply;
import dev.realtime.spi.engine.AppendOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A slot that moves between two primaries, one of which comes back with older data. Each test is a sequence that {@link
 * FenceSimulationTests} found, by its seed.
 */
class MovedSlotTests {

    private static final String CHANNEL = "chat:room";

    private static final String OTHER = "eeeeeeee";

    private static final String OTHER_RESTARTED = "ffffffff";

    private final FenceRig rig = new FenceRig();

    private final int partition = rig.keys.of(CHANNEL).partition();

    @BeforeEach
    void lossesAreNoted() {
        rig.redis.answer(Script.NOTE_SEEN, call -> 1L);
        rig.redis.answer(Script.END_EPOCH, call -> 1L);
    }

    private void twoPrimaries(String olderOwner, String older, String newerOwner, String newer) {
        rig.redis.own("A", partition);
        rig.redis.own("B", (partition + 1) % FenceRig.PARTITIONS);
        primary(olderOwner, older);
        primary(newerOwner, newer);
    }

    private void primary(String owner, String generation) {
        rig.redis.primary(owner, generation, 100);
        rig.redis.sayReplication(owner, generation);
        rig.round();
        // The other primary may not be there yet.
        rig.pass(Duration.ofSeconds(2));
    }

    private void move(String owner) {
        rig.redis.own(owner, partition);
        rig.round();
    }

    private void streams(long offset, String epoch, String past) {
        rig.redis.answer(Script.EPOCHS, call -> List.of(offset, ScriptedRedis.bytes(epoch), ScriptedRedis.bytes(past)));
    }

    private void restartOther() {
        primary("B", OTHER_RESTARTED);
    }

    private List<String> texts(Script script) {
        return rig.redis.calls(script).stream().map(Call::text).toList();
    }

    @Test
    void boundaryAtAPrimaryThatTheSlotReturnedToSaysNothing() {
        // Sequence 311: the first primary had the stream before the loss, and again after it.
        twoPrimaries("A", FIRST, "B", OTHER);
        move("B");
        rig.seen.acknowledged(CHANNEL, epoch(OTHER, 2), 4);
        streams(
                6,
                epoch(OTHER_RESTARTED, 5),
                epoch(FIRST, 1) + ",4,?;" + epoch(OTHER_RESTARTED, 3) + ",5,?;" + epoch(FIRST, 4) + ",6,?;");

        restartOther();

        assertThat(texts(Script.END_EPOCH))
                .singleElement()
                .satisfies(text -> assertThat(text).contains(epoch(OTHER_RESTARTED, 5)));
    }

    @Test
    void streamThatIsBackAtAPrimaryMetLaterWithoutTheEpochIsEnded() {
        // Sequence 206351.
        twoPrimaries("B", OTHER, "A", FIRST);
        move("B");
        rig.seen.acknowledged(CHANNEL, epoch(OTHER, 2), 2);
        streams(1, epoch(FIRST, 1), "");
        rig.redis.own("A", partition);

        restartOther();

        assertThat(texts(Script.END_EPOCH))
                .singleElement()
                .satisfies(text -> assertThat(text).contains(epoch(FIRST, 1)));
    }

    @Test
    void publishWhoseReplyArrivesAfterTheTailWasCheckedFails() {
        // Sequence 4725.
        twoPrimaries("A", FIRST, "B", OTHER);
        CompletableFuture<PublishResult> published = publish();
        move("B");
        restartOther();

        rig.redis.take(Script.PUBLISH).answer(published(epoch(FIRST, 1)));

        assertThat(published)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(EngineException.class)
                .withMessageContaining("may be lost");
    }

    @Test
    void publishThatWasSentAfterwardsSucceeds() {
        twoPrimaries("A", FIRST, "B", OTHER);
        move("B");
        restartOther();
        move("A");
        CompletableFuture<PublishResult> published = publish();

        rig.redis.take(Script.PUBLISH).answer(published(epoch(FIRST, 1)));

        assertThat(published)
                .isCompletedWithValueMatching(result -> result.position().offset() == 1);
    }

    @Test
    void publishThatThePresentPrimaryTookSucceeds() {
        twoPrimaries("A", FIRST, "B", OTHER);
        move("B");
        CompletableFuture<PublishResult> published = publish();
        restartOther();

        rig.redis.take(Script.PUBLISH).answer(published(epoch(OTHER_RESTARTED, 3)));

        assertThat(published)
                .isCompletedWithValueMatching(result -> result.position().offset() == 1);
    }

    @Test
    void publishThatAPrimaryTookWhichNoRoundHasFoundSucceeds() {
        twoPrimaries("A", FIRST, "B", OTHER);
        move("B");
        CompletableFuture<PublishResult> published = publish();
        restartOther();

        rig.redis.take(Script.PUBLISH).answer(published(epoch("dddddddd", 3)));

        assertThat(published)
                .isCompletedWithValueMatching(result -> result.position().offset() == 1);
    }

    @Test
    void readWhoseReplyArrivesAfterTheTailWasCheckedFails() {
        // Sequence 203139.
        twoPrimaries("A", FIRST, "B", OTHER);
        CompletableFuture<HistoryResult> reading = history(null);
        move("B");
        restartOther();

        rig.redis.take(Script.HISTORY).answer(FenceRig.history(2, epoch(FIRST, 1), ""));

        assertThat(reading)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(EngineException.class);
    }

    @Test
    void whatThisNodeSawOfAPrimaryThatLivesIsNoted() {
        // Sequence 8690: the slot was elsewhere, where it went back, between two rounds.
        twoPrimaries("A", FIRST, "B", OTHER);
        rig.seen.acknowledged(CHANNEL, epoch(FIRST, 1), 4);
        rig.redis.answer(Script.HISTORY, call -> FenceRig.history(2, epoch(OTHER, 2), epoch(FIRST, 1) + ",0,?;"));

        history(new StreamPosition(0, epoch(FIRST, 1)));
        rig.pass(Duration.ofSeconds(1));

        assertThat(rig.redis.calls(Script.NOTE_SEEN))
                .isNotEmpty()
                .allSatisfy(call -> assertThat(call.arguments().subList(3, 5)).containsExactly(epoch(FIRST, 1), "4"));
    }

    private CompletableFuture<PublishResult> publish() {
        return rig.broker
                .publish(CHANNEL, Publication.of(Payload.ofText("1")), AppendOptions.keeping(StartedEngine.HISTORY))
                .toFuture();
    }

    private static PublishReply published(String epoch) {
        return new PublishReply(new PublishResult(new StreamPosition(1, epoch), Suppression.NONE), "");
    }

    private CompletableFuture<HistoryResult> history(@Nullable StreamPosition since) {
        return rig.broker
                .history(CHANNEL, new HistoryQuery(0, since, false), StartedEngine.HISTORY)
                .toFuture();
    }
}
