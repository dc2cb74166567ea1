package dev.realtime.engine.redis.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.api.ConnectedClient;
import dev.realtime.engine.redis.format.BinaryOutput;
import dev.realtime.engine.redis.format.UnreadableException;
import dev.realtime.spi.engine.ControlAnswer;
import dev.realtime.spi.engine.ControlQuestion;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Questions and replies are read as they were written, and nothing else is read at all. */
class QuestionFormatTests {

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    static Stream<ControlQuestion> questions() {
        return Stream.of(
                new ControlQuestion.Channels("chat:{a,b}*"),
                new ControlQuestion.Connections("пользователь"),
                new ControlQuestion.Emulate("", new byte[0]),
                new ControlQuestion.Emulate("qL8Z-_日本", new byte[] {0, -1, 13, 10}),
                new ControlQuestion.Emulate("s", random(65_536)));
    }

    static Stream<ControlAnswer> answers() {
        return Stream.of(
                new ControlAnswer.Channels(Map.of("a", 1, "", Integer.MAX_VALUE)),
                new ControlAnswer.Connections(List.of(new ConnectedClient(
                        "client", "user", "node", "js", "5", "sse", "json", List.of("a", "b"), Long.MAX_VALUE))),
                new ControlAnswer.Emulated(true),
                new ControlAnswer.Emulated(false));
    }

    @ParameterizedTest
    @MethodSource("questions")
    void questionIsReadAsItWasWritten(ControlQuestion question) {
        assertThat(QuestionFormat.readQuestion(QuestionFormat.write(question))).isEqualTo(question);
    }

    @ParameterizedTest
    @MethodSource("answers")
    void answerIsReadAsItWasWritten(ControlAnswer answer) {
        assertThat(QuestionFormat.readAnswer(QuestionFormat.write(answer))).isEqualTo(answer);
    }

    @ParameterizedTest
    @MethodSource("questions")
    void truncatedOrLongerQuestionIsNotRead(ControlQuestion question) {
        byte[] whole = QuestionFormat.write(question);
        for (int length = 0; length < Math.min(whole.length, 40); length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> QuestionFormat.readQuestion(part)).isInstanceOf(UnreadableException.class);
        }
        assertThatThrownBy(() -> QuestionFormat.readQuestion(Arrays.copyOf(whole, whole.length - 1)))
                .isInstanceOf(UnreadableException.class);
        assertThatThrownBy(() -> QuestionFormat.readQuestion(Arrays.copyOf(whole, whole.length + 1)))
                .isInstanceOf(UnreadableException.class);
    }

    @Test
    void lengthBeyondTheEndIsNotAllocated() {
        byte[] lying = ControlFormat.begin(3, 64)
                .text("session")
                .number(Integer.MAX_VALUE)
                .bytes(new byte[] {1, 2, 3})
                .toBytes();

        assertThatThrownBy(() -> QuestionFormat.readQuestion(lying)).isInstanceOf(UnreadableException.class);
    }

    @Test
    void otherVersionsAndKindsAreNotRead() {
        byte[] otherVersion = new BinaryOutput(16).octet(2).octet(3).truth(true).toBytes();
        byte[] otherKind = ControlFormat.begin(99, 16).truth(true).toBytes();
        byte[] neitherTrueNorFalse = ControlFormat.begin(3, 16).octet(2).toBytes();

        for (byte[] bytes : List.of(otherVersion, otherKind, neitherTrueNorFalse)) {
            assertThatThrownBy(() -> QuestionFormat.readAnswer(bytes)).isInstanceOf(UnreadableException.class);
        }
    }

    @Test
    void textOfAFrameHasNeitherSessionNorData() {
        assertThat(new ControlQuestion.Emulate("secret", new byte[] {'{', '}'})).hasToString("Emulate[2 bytes]");
    }
}
