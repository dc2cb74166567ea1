package dev.realtime.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.handler.ConnectReply;
import dev.realtime.handler.HandlerException;
import dev.realtime.sample.Visitors.Visitor;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class VisitorsTests {

    private final Visitors visitors = new Visitors();

    private static Visitor read(String data) {
        return new JsonMapper().readValue(data, Visitor.class);
    }

    @Test
    void othersSeeTheNameTidiedUp() {
        ConnectReply reply =
                visitors.connect(null, read("{\"user\":\"0123456789abcdef\",\"name\":\"  Ada \\n Lovelace \"}"));

        assertThat(reply.userId()).isEqualTo("0123456789abcdef");
        assertThat(reply.info()).isEqualTo(Map.of("name", "Ada Lovelace"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "null",
                "{\"user\":\"0123456789abcdef\"}",
                "{\"user\":\"0123456789abcdef\",\"name\":\"   \"}",
                "{\"user\":\"0123456789abcdef\",\"name\":\"a name of thirty-one characters\"}",
                "{\"user\":\"ann\",\"name\":\"Ann\"}",
                "{\"user\":\"\",\"name\":\"Ada\"}",
                "{\"user\":\"no spaces in here\",\"name\":\"Ada\"}"
            })
    void visitorWithoutAUsableNameIsAskedForOne(String data) {
        assertThatExceptionOfType(HandlerException.class)
                .isThrownBy(() -> visitors.connect(null, read(data)))
                .matches(refused -> refused.code() == 1000);
    }

    @Test
    void whoIsLoggedInGoesByTheNameOfTheAccount() {
        ConnectReply reply = visitors.connect(() -> "ann", null);

        assertThat(reply.userId()).isEqualTo("ann");
        assertThat(reply.info()).isEqualTo(Map.of("name", "ann"));
        assertThat(reply.data()).isEqualTo(new Visitor("ann", "ann"));
    }
}
