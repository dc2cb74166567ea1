package dev.realtime.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.realtime.protocol.Payload;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
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
