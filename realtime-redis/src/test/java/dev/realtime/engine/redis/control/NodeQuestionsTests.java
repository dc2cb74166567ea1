package dev.realtime.engine.redis.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.EngineException;
import dev.realtime.engine.redis.epoch.FenceRig;
import dev.realtime.engine.redis.format.BinaryOutput;
import dev.realtime.engine.redis.key.Partitions;
import dev.realtime.engine.redis.monitor.RedisStatistics;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.options.RedisTopology;
import dev.realtime.engine.redis.script.RedisCommands;
import dev.realtime.engine.redis.script.Script;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What one node does with questions to others, by a clock that the test moves. */
class NodeQuestionsTests {

    private static final byte[] QUESTION = new byte[65_536];

    private static final int CONTROL = new Partitions(4).control();

    private final FenceRig rig = new FenceRig();

    private final NodeRegistry registry =
            new NodeRegistry(rig.keys, rig.scripts, rig.garbage, CONTROL, RedisEngineOptions.of(RedisTopology.CLUSTER));

    private final List<byte[]> received = new ArrayList<>();

    private final NodeQuestions questions = questions(rig.scheduler);

    private NodeQuestions questions(Scheduler worker) {
        NodeQuestions questions = new NodeQuestions(
                rig.keys,
                rig.scripts,
                new RedisCommands(Duration.ofSeconds(2), new RedisStatistics()),
                CONTROL,
                registry,
                question -> {
                    received.add(question);
                    return Mono.just(question);
                },
                worker);
        questions.start("first");
        return questions;
    }

    private String sent(String node, char kind) {
        return new String(rig.keys.nodeName(node), StandardCharsets.UTF_8) + " " + kind;
    }

    private byte[] question(int id, byte[] question) {
        return new BinaryOutput(64)
                .octet('d')
                .number(id)
                .block(rig.keys.nodeName("second"))
                .bytes(question)
                .toBytes();
    }

    @Test
    void questionIsSentOnceToItsNodeAloneAndFailsWhenTheNodeIsSilent() {
        registry.members().heard("second");
        CompletableFuture<byte[]> answer = questions.ask("second", QUESTION).toFuture();

        rig.pass(NodeQuestions.TIMEOUT.minusMillis(1));
        assertThat(answer).isNotDone();
        rig.pass(Duration.ofMillis(1));

        assertThat(answer)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(EngineException.class)
                .withMessageContaining("second did not reply");
        assertThat(rig.redis.published).containsExactly(sent("second", 'd'));
    }

    @Test
    void unknownNodeHasNoAnswerAndNothingIsSent() {
        assertThat(questions.ask("second", QUESTION).toFuture()).isCompletedWithValue(null);
        assertThat(rig.redis.published).isEmpty();
    }

    @Test
    void manyQuestionsToUnknownNodesReadTheRegistryOnceASecond() {
        for (int i = 0; i < 1000; i++) {
            questions.ask("unknown-" + i, QUESTION).subscribe();
        }
        assertThat(rig.redis.calls(Script.CONTROL_NODES)).hasSize(1);

        rig.pass(Duration.ofSeconds(1));
        questions.ask("unknown", QUESTION).subscribe();
        assertThat(rig.redis.calls(Script.CONTROL_NODES)).hasSize(2);
    }

    @Test
    void nodeThatLeavesIsNotWaitedFor() {
        registry.members().heard("second");
        CompletableFuture<byte[]> answer = questions.ask("second", QUESTION).toFuture();

        questions.left("third");
        assertThat(answer).isNotDone();
        questions.left("second");

        assertThat(answer).isCompletedWithValue(null);
    }

    @Test
    void questionsThatWaitForAnswersAreBoundedInBytes() {
        registry.members().heard("second");
        AtomicInteger failed = new AtomicInteger();
        for (int i = 0; i < 10_000; i++) {
            questions.ask("second", QUESTION).subscribe(answer -> {}, error -> failed.incrementAndGet());
        }

        assertThat(rig.redis.published).hasSize(10_000 - failed.get()).hasSizeBetween(200, (int)
                (NodeQuestions.MOST_WAITING_BYTES / QUESTION.length));

        rig.pass(NodeQuestions.TIMEOUT);
        assertThat(failed).hasValue(10_000);
        rig.redis.published.clear();
        questions.ask("second", QUESTION).subscribe(answer -> {}, error -> {});
        assertThat(rig.redis.published).hasSize(1);
    }

    @Test
    void questionsOfOthersThatWaitForTheThreadAreBoundedInBytes() {
        VirtualTimeScheduler busy = VirtualTimeScheduler.create();
        busy.schedule(() -> {
            NodeQuestions asked = questions(busy);
            // The thread is here, so that what arrives has to wait.
            for (int id = 0; id < 1000; id++) {
                assertThat(asked.onMessage(question(id, QUESTION))).isTrue();
            }
        });
        busy.advanceTime();

        assertThat(received).hasSizeBetween(200, (int) (NodeQuestions.MOST_WAITING_BYTES / QUESTION.length));
        assertThat(rig.redis.published).hasSameSizeAs(received).containsOnly(sent("second", 'r'));
    }

    @Test
    void answerThatIsNotAwaitedIsDropped() {
        byte[] late = new BinaryOutput(16).octet('r').number(7).octet(1).toBytes();

        assertThat(questions.onMessage(late)).isTrue();
        assertThat(questions.onMessage(new byte[] {'q', 1})).isFalse();
        assertThat(questions.onMessage(new byte[0])).isFalse();
    }
}
