package dev.realtime.engine.redis.control;

import static dev.realtime.engine.redis.StartedEngine.eventually;
import static dev.realtime.engine.redis.StartedEngine.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.RedisEngineUnderTest;
import dev.realtime.engine.redis.StartedEngine;
import dev.realtime.engine.redis.TwoNodes;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** Redis comes back without the registry of nodes, or with an older one: nodes remember each other. */
class RolledBackRegistryIntegrationTests {

    private static final int TOPIC = 100;

    @RegisterExtension
    static final RedisExtension<RedisServer> redis = RedisExtension.standalone();

    @RegisterExtension
    final TwoNodes nodes = new TwoNodes(() -> RedisEngineUnderTest.on(redis.get()));

    private static Surveys surveys(StartedEngine engine) {
        return ((RedisControlBus) engine.engine.controlBus()).surveys();
    }

    private void awaitMeeting() {
        for (StartedEngine node : List.of(nodes.first(), nodes.second())) {
            eventually(
                    () -> assertThat(surveys(node).members().present()).containsExactlyInAnyOrder("first", "second"));
        }
    }

    private void loseRegistry() {
        for (byte[] key : new byte[][] {
            nodes.engines().keys().nodes(), nodes.engines().keys().nodesExpiry()
        }) {
            redis.get().execute("DEL", new String(key, StandardCharsets.UTF_8));
        }
    }

    @Test
    void nodesMeetWhenOneJoins() {
        awaitMeeting();
    }

    @Test
    void nodeThatTheRegistryLostIsWaitedFor() {
        awaitMeeting();
        surveys(nodes.first()).answer(TOPIC, question -> Mono.just(question));
        surveys(nodes.second()).answer(TOPIC, question -> Mono.never());
        loseRegistry();

        SurveyAnswers answers = get(surveys(nodes.first()).ask(TOPIC, new byte[] {1}));

        assertThat(answers.complete()).isFalse();
        assertThat(answers.missing()).containsExactly("second");
        assertThat(answers.replies()).containsOnlyKeys("first");
    }

    @Test
    void nodeThatTheRegistryLostIsListed() {
        assertThat(get(nodes.first().engine.controlBus().nodes())).hasSize(2);
        loseRegistry();

        assertThat(get(nodes.first().engine.controlBus().nodes()))
                .containsExactlyInAnyOrder(
                        nodes.first().node.describe(), nodes.second().node.describe());
    }

    @Test
    void nodeThatJoinsAfterTheLossLearnsOfTheOthersFromThem() {
        loseRegistry();
        StartedEngine third = new StartedEngine(nodes.engines().newEngine(), "third");
        try {
            eventually(() -> assertThat(surveys(third).members().present())
                    .containsExactlyInAnyOrder("first", "second", "third"));
            eventually(
                    () -> assertThat(surveys(nodes.first()).members().present()).contains("third"));
        } finally {
            third.stop();
        }
    }

    @Test
    void nodeThatLeftInGoodOrderIsNotWaitedFor() {
        nodes.second().stop();

        eventually(() -> assertThat(surveys(nodes.first()).members().present()).containsExactly("first"));
    }

    @Test
    void nodeThatLeavesDuringASurveyIsNotWaitedFor() {
        surveys(nodes.first()).answer(TOPIC, question -> Mono.just(question));
        surveys(nodes.second()).answer(TOPIC, question -> Mono.never());
        Mono<SurveyAnswers> asked =
                surveys(nodes.first()).ask(TOPIC, new byte[] {1}).cache();
        asked.subscribe();

        nodes.second().stop();

        assertThat(get(asked).complete()).isTrue();
    }

    @Test
    void lossOfTheRegistryIsNoticedByTheNextSignOfLife() {
        eventually(
                () -> assertThat(surveys(nodes.first()).members().isComplete()).isTrue());

        loseRegistry();

        eventually(
                () -> assertThat(surveys(nodes.first()).members().isComplete()).isFalse());
        eventually(
                () -> assertThat(surveys(nodes.first()).members().isComplete()).isTrue());
    }
}
