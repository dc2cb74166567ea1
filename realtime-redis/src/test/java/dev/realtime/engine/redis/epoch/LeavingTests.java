package dev.realtime.engine.redis.epoch;

import static dev.realtime.engine.redis.epoch.FenceRig.FIRST;
import static dev.realtime.engine.redis.epoch.FenceRig.epoch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.PublishResult;
import dev.realtime.api.data.PublishResult.Suppression;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.StartedEngine;
import dev.realtime.engine.redis.script.Script;
import dev.realtime.engine.redis.stream.PublishReply;
import dev.realtime.spi.engine.AppendOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that leaves: what it waits for, and what it acknowledges no longer. */
class LeavingTests {

    private static final String CHANNEL = "chat:room";

    private final FenceRig rig = new FenceRig();

    @BeforeEach
    void firstGeneration() {
        rig.redis.primary("A", FIRST, 100);
        rig.round();
    }

    private CompletableFuture<Boolean> finish() {
        CompletableFuture<Boolean> finished =
                rig.broker.finish(Duration.ofSeconds(3)).toFuture();
        rig.pass(Duration.ofSeconds(4));
        return finished;
    }

    private CompletableFuture<PublishResult> publish() {
        return rig.broker
                .publish(CHANNEL, Publication.of(Payload.ofText("1")), AppendOptions.keeping(StartedEngine.HISTORY))
                .toFuture();
    }

    @Test
    void nodeWhoseNotesAreSafeLeavesInGoodOrder() {
        rig.seen.acknowledged(CHANNEL, epoch(FIRST, 1), 1);

        assertThat(finish()).isCompletedWithValue(true);
    }

    @Test
    void nodeThatCannotAskAnyPrimaryDoesNotLeaveInGoodOrder() {
        rig.redis.answersOnceMore("A");

        assertThat(finish()).isCompletedWithValue(false);
    }

    @Test
    void publishOfANodeThatLeavesIsRefused() {
        finish();

        assertThat(publish())
                .failsWithin(0, TimeUnit.SECONDS)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("Publishing to channel 'chat:room' failed: this node is stopping");
        assertThat(rig.redis.calls(Script.PUBLISH)).isEmpty();
    }

    @Test
    void replyThatComesAfterTheTailWasSettledIsNoAcknowledgement() {
        CompletableFuture<PublishResult> publish = publish();
        finish();

        rig.redis
                .take(Script.PUBLISH)
                .answer(new PublishReply(
                        new PublishResult(new StreamPosition(1, epoch(FIRST, 1)), Suppression.NONE), ""));

        assertThat(publish).isCompletedExceptionally();
    }
}
