package dev.realtime.test.protocol;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON trees that keep numbers as they were written. */
final class Trees {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Trees() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static byte[] write(JsonNode tree) {
        return MAPPER.writeValueAsBytes(tree);
    }

    /** Reads one JSON value. */
    static JsonNode read(byte[] json) {
        return MAPPER.readTree(json);
    }

    /** Reads data of the application, which may be something else than JSON. */
    static JsonNode readData(byte[] data) {
        try {
            return MAPPER.readTree(data);
        } catch (JacksonException notJson) {
            return JsonNodeFactory.instance.binaryNode(data);
        }
    }
}
