package dev.realtime.engine.redis.control;

import static dev.realtime.engine.redis.StartedEngine.eventually;
import static dev.realtime.engine.redis.StartedEngine.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.api.client.EngineException;
import dev.realtime.engine.redis.RedisEngineUnderTest;
import dev.realtime.engine.redis.StartedEngine;
import dev.realtime.engine.redis.TwoNodes;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** Questions with long replies, and with replies that take long. */
class SurveyIntegrationTests {

    private static final int TOPIC = 100;

    private static final byte[] QUESTION = {1};

    private static final String CHANNEL = "chat:room";

    @RegisterExtension
    static final RedisExtension<RedisServer> redis = RedisExtension.standalone();

    @RegisterExtension
    final TwoNodes nodes = new TwoNodes(() -> RedisEngineUnderTest.on(redis.get()));

    private static Surveys surveys(StartedEngine engine) {
        return ((RedisControlBus) engine.engine.controlBus()).surveys();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    void longAnswerComesWholeInPages() {
        surveys(nodes.first()).answer(TOPIC, question -> Mono.just(bytes(3)));
        surveys(nodes.second()).answer(TOPIC, question -> Mono.just(bytes(5 * SurveyMessages.PAGE_BYTES + 7)));

        SurveyAnswers answers = get(surveys(nodes.first()).ask(TOPIC, QUESTION));

        assertThat(answers.complete()).isTrue();
        assertThat(answers.replies().get("first")).isEqualTo(bytes(3));
        assertThat(answers.replies().get("second")).isEqualTo(bytes(5 * SurveyMessages.PAGE_BYTES + 7));
    }

    @Test
    void emptyAnswerAndAnswerOfExactlyOnePageCome() {
        surveys(nodes.first()).answer(TOPIC, question -> Mono.just(new byte[0]));
        surveys(nodes.second()).answer(TOPIC, question -> Mono.just(bytes(SurveyMessages.PAGE_BYTES)));

        SurveyAnswers answers = get(surveys(nodes.first()).ask(TOPIC, QUESTION));

        assertThat(answers.replies().get("first")).isEmpty();
        assertThat(answers.replies().get("second")).isEqualTo(bytes(SurveyMessages.PAGE_BYTES));
    }

    @Test
    void answerThatIsTooLongFailsTheSurveyWithTheReason() {
        surveys(nodes.first()).answer(TOPIC, question -> Mono.just(new byte[0]));
        surveys(nodes.second()).answer(TOPIC, question -> Mono.just(new byte[SurveyMessages.MOST_ANSWER_BYTES + 1]));

        assertThatThrownBy(() -> get(surveys(nodes.first()).ask(TOPIC, QUESTION)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("a node may reply with 16 MB, all together with 64 MB")
                .hasMessageContaining("narrower pattern");
    }

    @Test
    void publicationsArriveWhileAnAnswerIsMade() {
        CountDownLatch made = new CountDownLatch(1);
        surveys(nodes.first()).answer(TOPIC, question -> Mono.just(question));
        surveys(nodes.second())
                .answer(
                        TOPIC,
                        question -> Mono.fromCallable(() -> {
                            made.await();
                            return question;
                        }));
        nodes.second().subscribe(CHANNEL);
        Mono<SurveyAnswers> asked = surveys(nodes.first()).ask(TOPIC, QUESTION).cache();
        asked.subscribe();
        try {
            nodes.first().publish(CHANNEL, "1");

            eventually(() -> assertThat(nodes.second().listener.texts(CHANNEL)).containsExactly("1"));
        } finally {
            made.countDown();
        }
        assertThat(get(asked).replies()).containsKey("first");
    }

    @Test
    void nodeThatMissedTheQuestionIsAskedAgain() {
        surveys(nodes.first()).answer(TOPIC, question -> Mono.just(question));
        Mono<SurveyAnswers> answers =
                surveys(nodes.first()).ask(TOPIC, QUESTION).cache();

        // The second node does not know the topic when it is asked first.
        answers.subscribe();
        nodes.engines().pass(Duration.ofMillis(50));
        surveys(nodes.second()).answer(TOPIC, question -> Mono.just(question));

        assertThat(get(answers).complete()).isTrue();
    }

    @Test
    void answerThatIsNeverMadeIsGivenUp() {
        AtomicBoolean givenUp = new AtomicBoolean();
        surveys(nodes.first()).answer(TOPIC, question -> Mono.just(question));
        surveys(nodes.second()).answer(TOPIC, question -> Mono.<byte[]>never().doOnCancel(() -> givenUp.set(true)));

        SurveyAnswers answers = get(surveys(nodes.first()).ask(TOPIC, QUESTION));

        assertThat(answers.missing()).containsExactly("second");
        eventually(() -> assertThat(givenUp).isTrue());
    }
}
