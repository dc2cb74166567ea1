package dev.realtime.autoconfigure.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.realtime.api.data.Payload;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

class JacksonPayloadWriterTests {

    private final JacksonPayloadWriter writer = new JacksonPayloadWriter(JsonMapper.shared());

    @Test
    void objectsBecomeJson() {
        Payload payload = writer.write(new Message("hello", Instant.EPOCH));

        assertThat(payload.text()).isEqualTo("{\"text\":\"hello\",\"at\":\"1970-01-01T00:00:00Z\"}");
        assertThat(payload.isJson()).isTrue();
    }

    @Test
    void lineBreaksOfAMapperThatIndentsAreNoticed() {
        JsonMapper indenting =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

        Payload payload = new JacksonPayloadWriter(indenting).write(Map.of("text", "hello"));

        assertThat(payload.hasLineBreaks()).isTrue();
    }

    @Test
    void objectThatCannotBeWrittenIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer.write(new Broken()))
                .withMessage(
                        "A %s cannot be published, because Jackson cannot write it as JSON: no text today",
                        Broken.class.getName());
    }

    static Stream<Object> promises() {
        return Stream.of(
                Mono.just("x"),
                Flux.just("x"),
                CompletableFuture.completedFuture("x"),
                new FutureTask<>(() -> "x"),
                new SubmissionPublisher<String>());
    }

    @ParameterizedTest
    @MethodSource("promises")
    void whatOnlyPromisesDataIsRefused(Object promise) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer.write(promise))
                .withMessageStartingWith("A " + promise.getClass().getName() + " cannot be published")
                .withMessageContaining("flatMap");
    }

    @Test
    void jsonTooDeepForClientsIsRefused() {
        Object nested = "core";
        for (int depth = 0; depth <= Payload.MAX_JSON_DEPTH; depth++) {
            nested = List.of(nested);
        }
        Object tooDeep = nested;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer.write(tooDeep))
                .withMessageContaining("as JSON it is nested deeper than 64 levels");
    }

    record Message(String text, Instant at) {}

    static final class Broken {

        public String getText() {
            throw new IllegalStateException("no text today");
        }
    }
}
