package dev.realtime.engine.redis.epoch;

import static dev.realtime.engine.redis.epoch.FenceRig.FIRST;
import static dev.realtime.engine.redis.epoch.FenceRig.SECOND;
import static dev.realtime.engine.redis.epoch.FenceRig.THIRD;
import static dev.realtime.engine.redis.epoch.FenceRig.epoch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.StartedEngine;
import dev.realtime.engine.redis.broker.ScriptedReads;
import dev.realtime.engine.redis.epoch.ScriptedRedis.Call;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.script.Script;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node looks for when generations of Redis end, one after another, and what it has noted. */
class SettlementTests {

    private static final String CHANNEL = "chat:room";

    private static final String EPOCH = epoch(FIRST, 1);

    private final FenceRig rig = new FenceRig();

    @BeforeEach
    void lossesAreNoted() {
        rig.redis.answer(Script.NOTE_SEEN, call -> 1L);
        rig.redis.answer(Script.END_EPOCH, call -> 1L);
        rig.redis.answer(Script.CONTROL_NODES, call -> List.of());
    }

    /** Has epochs.lua answer this of every stream. */
    private void streams(long offset, String epoch, String past) {
        rig.redis.answer(Script.EPOCHS, call -> List.of(offset, ScriptedRedis.bytes(epoch), ScriptedRedis.bytes(past)));
    }

    private List<Call> noted() {
        return rig.redis.calls(Script.NOTE_SEEN);
    }

    private void first(long offset) {
        rig.redis.primary("A", FIRST, offset);
        rig.round();
    }

    @Test
    void whatTheSuccessorMayLackIsNoted() {
        first(100);
        rig.seen.acknowledged(CHANNEL, EPOCH, 5);
        streams(4, epoch(SECOND, 2), EPOCH + ",4,?;");

        rig.redis.primary("A", SECOND, FIRST, 101, 110);
        rig.round();

        assertThat(noted())
                .singleElement()
                .satisfies(call -> assertThat(call.text()).contains(EPOCH));
    }

    @Test
    void whatIsCoveredIsNotLookedFor() {
        first(100);
        rig.seen.acknowledged(CHANNEL, EPOCH, 5);
        first(200);

        rig.redis.primary("A", SECOND, FIRST, 201, 210);
        rig.round();

        assertThat(rig.redis.calls(Script.EPOCHS)).isEmpty();
    }

    @Test
    void successorOfTheSuccessorMayLackMoreOfTheFirst() {
        first(100);
        rig.seen.acknowledged(CHANNEL, EPOCH, 5);
        first(200);
        rig.redis.primary("A", SECOND, FIRST, 201, 210);
        rig.round();
        streams(4, epoch(THIRD, 3), EPOCH + ",4,?;");

        // A replica that had less of the first generation took over from the second before it had caught up.
        rig.redis.primary("A", THIRD, SECOND, 151, 160);
        rig.round();

        assertThat(noted())
                .singleElement()
                .satisfies(call -> assertThat(call.text()).contains(EPOCH));
    }

    @Test
    void otherPrimariesAreNotLookedInto() {
        rig.redis.own("B", 1);
        rig.redis.primary("B", "eeeeeeee", 100);
        first(100);
        rig.seen.acknowledged(CHANNEL, epoch("eeeeeeee", 1), 5);
        streams(5, epoch("ffffffff", 2), epoch("eeeeeeee", 1) + ",5,5;");
        rig.redis.primary("B", "ffffffff", "eeeeeeee", 50, 110);
        rig.round();
        int reads = rig.redis.calls(Script.EPOCHS).size();

        rig.redis.primary("A", SECOND, FIRST, 101, 110);
        rig.round();

        assertThat(reads).isOne();
        assertThat(rig.redis.calls(Script.EPOCHS)).hasSize(reads);
    }

    @Test
    void returnToTheFormerPrimaryLosesWhatTheOneBetweenHad() {
        first(100);
        rig.redis.sayReplication("A", FIRST);
        rig.redis.primary("A", SECOND, FIRST, 101, 110);
        rig.round();
        rig.redis.sayReplication("A", SECOND);
        rig.scheduler.advanceTime();
        rig.seen.acknowledged(CHANNEL, epoch(SECOND, 2), 5);
        streams(6, EPOCH, "");

        first(120);
        rig.redis.sayReplication("A", FIRST);
        rig.round();

        assertThat(rig.redis.calls(Script.END_EPOCH))
                .singleElement()
                .satisfies(call -> assertThat(call.text()).contains(EPOCH));
    }

    @Test
    void feedsThatTheSuccessorHasAreNotKeptAsNotes() {
        RedisKeys.ChannelKeys keys = rig.keys.of(CHANNEL);
        first(100);
        rig.broker.subscribe(CHANNEL).subscribe();
        rig.broker.onMessage(keys.partition(), keys.name(), ScriptedReads.message(EPOCH, 4));
        for (int i = 0; i < 20; i++) {
            first(200);
        }
        streams(4, epoch(SECOND, 2), EPOCH + ",4,?;");

        rig.redis.primary("A", SECOND, FIRST, 201, 210);
        rig.round();
        rig.pass(Duration.ofSeconds(1));

        assertThat(rig.listener.continued(CHANNEL)).hasSize(1);
        assertThat(rig.seen.meet(FIRST).size()).isZero();
    }

    @Test
    void streamThatWentBackWithoutTheEpochIsEnded() {
        rig.redis.own("B", 1);
        rig.redis.primary("B", "eeeeeeee", 100);
        first(100);
        String channel = rig.keys.of(CHANNEL).partition() == 1 ? "chat:other" : CHANNEL;
        rig.seen.acknowledged(channel, epoch("eeeeeeee", 1), 5);
        streams(2, EPOCH, "");

        rig.redis.primary("B", "ffffffff", "eeeeeeee", 50, 110);
        rig.round();

        assertThat(rig.redis.calls(Script.END_EPOCH))
                .singleElement()
                .satisfies(call -> assertThat(call.text()).contains(EPOCH));
    }

    @Test
    void epochThatAStreamDoesNotKnowIsLookedForAgain() {
        first(100);
        rig.seen.acknowledged(CHANNEL, EPOCH, 5);
        streams(4, epoch(SECOND, 2), epoch(FIRST, 0) + ",3,3;");
        rig.redis.answer(Script.END_EPOCH, call -> -1L);
        rig.redis.primary("A", SECOND, FIRST, 101, 110);
        rig.round();
        rig.redis.answer(Script.END_EPOCH, call -> 1L);

        rig.pass(Duration.ofSeconds(1));

        assertThat(rig.redis.calls(Script.END_EPOCH)).hasSize(2);
    }

    @Test
    void tailOfALongOutageIsChecked() {
        first(100);
        rig.seen.acknowledged(CHANNEL, EPOCH, 5);
        // The server that was replaced still replies.
        streams(4, EPOCH, "");
        rig.redis.primary("A", SECOND, FIRST, 101, 110);
        rig.round();
        rig.pass(Duration.ofHours(2));
        int reads = rig.redis.calls(Script.EPOCHS).size();
        rig.pass(Duration.ofMinutes(1));
        int readsInAMinute = rig.redis.calls(Script.EPOCHS).size() - reads;

        streams(5, epoch(SECOND, 2), EPOCH + ",5,?;");
        rig.pass(Duration.ofSeconds(2));
        CompletableFuture<Boolean> settled =
                rig.broker.finish(Duration.ofSeconds(3)).toFuture();
        rig.pass(Duration.ofSeconds(3));

        assertThat(readsInAMinute).isBetween(1, 30);
        assertThat(settled).isCompletedWithValue(true);
    }

    @Test
    void nothingIsLookedForAfterAStop() {
        first(100);
        rig.seen.acknowledged(CHANNEL, EPOCH, 5);
        streams(4, EPOCH, "");
        rig.redis.primary("A", SECOND, FIRST, 101, 110);
        rig.round();
        rig.broker.stop();
        int reads = rig.redis.calls(Script.EPOCHS).size();

        rig.pass(Duration.ofSeconds(10));

        assertThat(reads).isPositive();
        assertThat(rig.redis.calls(Script.EPOCHS)).hasSizeLessThanOrEqualTo(reads + 1);
    }

    @Test
    void roundThatCannotBeginAfterAStopEnds() {
        rig.scheduler.dispose();

        CompletableFuture<Boolean> settled =
                rig.broker.finish(Duration.ofSeconds(3)).toFuture();
        rig.redis.provokeRound();

        assertThat(settled).isNotNull();
    }

    @Test
    void roundsContinueAfterADefect() {
        first(100);
        rig.redis.failNextOwner();
        rig.round();

        rig.redis.primary("A", SECOND, FIRST, 101, 110);
        rig.round();

        assertThat(rig.seen.hasGenerationEnded(FIRST)).isTrue();
    }

    /** A replica of A that was taken out, is a primary of its own and got a slot: it still names what it continued. */
    private void formerReplica() {
        rig.redis.own("B", 1);
        rig.redis.primary("B", SECOND, FIRST, 51, 60);
        rig.round();
    }

    @Test
    void primaryThatLivesBesideItsFormerReplicaHasNotEnded() {
        first(100);
        rig.redis.sayReplication("A", FIRST);
        formerReplica();

        for (int i = 0; i < 5; i++) {
            rig.pass(Duration.ofSeconds(1));
            rig.round();
            assertThat(rig.seen.acknowledged(CHANNEL, EPOCH, i)).isTrue();
        }
    }

    @Test
    void primaryThatDidNotAnswerWhenItsFormerReplicaWasFoundIsUsedAgain() {
        first(100);
        rig.redis.isDown("A");
        formerReplica();
        rig.pass(Duration.ofSeconds(2));
        boolean ended = rig.seen.hasGenerationEnded(FIRST);

        for (int i = 0; i < 5; i++) {
            first(120);
            rig.pass(Duration.ofSeconds(1));
        }
        rig.redis.isDown("A");
        rig.round();
        rig.pass(Duration.ofSeconds(2));

        assertThat(ended).isTrue();
        assertThat(rig.seen.hasGenerationEnded(FIRST)).isFalse();
    }

    @Test
    void primaryThatWasReplacedAndAnswersForAMomentIsNotUsedAgain() {
        first(100);
        rig.redis.isDown("A");
        formerReplica();
        rig.pass(Duration.ofSeconds(2));

        first(120);
        rig.pass(Duration.ofSeconds(1));

        assertThat(rig.seen.hasGenerationEnded(FIRST)).isTrue();
    }

    @Test
    void successorIsTheReplicaThatWasPromotedAndNotTheOneThatWasTakenOut() {
        first(100);
        formerReplica();
        rig.pass(Duration.ofSeconds(2));
        first(200);
        rig.seen.acknowledged(CHANNEL, EPOCH, 5);
        first(300);

        rig.redis.primary("A", THIRD, FIRST, 301, 310);
        rig.round();

        assertThat(rig.redis.calls(Script.EPOCHS)).isEmpty();
    }

    @Test
    void slotThatMovedToAFormerReplicaLostNothing() {
        first(100);
        formerReplica();
        String channel = IntStream.range(0, 100)
                .mapToObj(number -> "chat:" + number)
                .filter(name -> rig.keys.of(name).partition() == 1)
                .findFirst()
                .orElseThrow();
        rig.redis.answer(Script.HISTORY, call -> FenceRig.history(2, epoch(SECOND, 2), EPOCH + ",1,?;"));
        rig.redis.answer(Script.NOTE_SEEN, call -> 0L);

        rig.broker
                .history(channel, HistoryQuery.after(new StreamPosition(1, EPOCH), 10), StartedEngine.HISTORY)
                .subscribe();
        rig.pass(Duration.ofSeconds(3));

        assertThat(noted())
                .isNotEmpty()
                .allSatisfy(call -> assertThat(call.arguments()).endsWith(EPOCH, "0"));
    }
}
