package dev.realtime.autoconfigure.payload;

import dev.realtime.api.PayloadReader;
import dev.realtime.api.UnreadablePayloadException;
import dev.realtime.api.data.Payload;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reader of payloads with a {@link JsonMapper}, by default the application's. */
final class JacksonPayloadReader implements PayloadReader {

    private final JsonMapper mapper;

    JacksonPayloadReader(JsonMapper mapper) {
        this.mapper = mapper;
    }

    @Override
    public @Nullable Object read(Payload payload, Type type) {
        if (!payload.isJson()) {
            throw new IllegalArgumentException("its data is not JSON, or nested too deep");
        }
        try {
            return mapper.readValue(payload.bytes(), mapper.constructType(type));
        } catch (JacksonException failure) {
            // Its message shows what the client sent, which does not belong in a log.
            throw new UnreadablePayloadException(
                    "its data is not a " + type.getTypeName() + ": "
                            + failure.getClass().getSimpleName(),
                    path(failure),
                    failure);
        }
    }

    private static String path(JacksonException failure) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : failure.getPath()) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        return path.toString();
    }
}
