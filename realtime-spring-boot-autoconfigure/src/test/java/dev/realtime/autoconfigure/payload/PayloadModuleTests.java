package dev.realtime.autoconfigure.payload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.Payload;
import dev.realtime.autoconfigure.RealtimeFacets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import tools.jackson.databind.json.JsonMapper;

/** The mapper of the application writes payloads as what they hold. */
class PayloadModuleTests {

    @Test
    void mapperOfTheApplicationWritesPayloadsAsTheyAre() {
        new ReactiveWebApplicationContextRunner()
                .withConfiguration(RealtimeFacets.with(JacksonAutoConfiguration.class))
                .run(context -> {
                    JsonMapper mapper = context.getBean(JsonMapper.class);

                    assertThat(mapper.writeValueAsString(Map.of("info", Payload.ofText("{\"name\":\"Zed\"}"))))
                            .isEqualTo("{\"info\":{\"name\":\"Zed\"}}");
                    assertThat(mapper.writeValueAsString(Payload.of(new byte[] {0, (byte) 0xff})))
                            .isEqualTo("\"AP8=\"");
                    assertThat(mapper.writeValueAsString(Payload.empty())).isEqualTo("null");
                });
    }
}
