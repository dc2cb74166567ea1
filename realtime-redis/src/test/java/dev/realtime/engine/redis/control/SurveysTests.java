package dev.realtime.engine.redis.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.epoch.FenceRig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Which nodes a survey asks again, by a clock that the test moves. */
class SurveysTests {

    private static final int TOPIC = 100;

    private static final byte[] QUESTION = {1};

    private final FenceRig rig = new FenceRig();

    private final List<SurveyAnswers> ended = new ArrayList<>();

    private String name(String node) {
        return new String(rig.keys.nodeName(node), StandardCharsets.UTF_8);
    }

    @Test
    void onlyTheNodeThatDidNotAnswerIsAskedAgain() {
        rig.surveys.answer(TOPIC, Mono::just);
        rig.surveys.ask(TOPIC, QUESTION, Set.of("silent")).subscribe(ended::add);

        rig.pass(Duration.ofSeconds(1));

        assertThat(ended).isEmpty();
        assertThat(rig.redis.published)
                .filteredOn(message -> message.endsWith(" q"))
                .hasSize(4)
                .doesNotContain(name("node") + " q")
                .endsWith(name("silent") + " q", name("silent") + " q", name("silent") + " q");
    }

    @Test
    void nobodyIsAskedAgainAfterTheLastAnswer() {
        rig.surveys.answer(
                TOPIC,
                question -> Mono.delay(Duration.ofMillis(100), rig.scheduler).thenReturn(question));
        rig.surveys.ask(TOPIC, QUESTION, Set.of()).subscribe(ended::add);

        rig.pass(Duration.ofSeconds(3));

        assertThat(ended)
                .singleElement()
                .satisfies(answers -> assertThat(answers.complete()).isTrue());
        assertThat(rig.redis.published)
                .filteredOn(message -> message.endsWith(" q"))
                .hasSize(1);
    }
}
