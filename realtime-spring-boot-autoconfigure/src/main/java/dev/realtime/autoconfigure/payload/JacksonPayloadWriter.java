package dev.realtime.autoconfigure.payload;

import dev.realtime.api.PayloadWriter;
import dev.realtime.api.data.Payload;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.springframework.core.ReactiveAdapterRegistry;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Writer of payloads with a {@link JsonMapper}, by default the application's. */
final class JacksonPayloadWriter implements PayloadWriter {

    private final JsonMapper mapper;

    JacksonPayloadWriter(JsonMapper mapper) {
        this.mapper = mapper;
    }

    @Override
    public Payload write(Object value) {
        refuseAsynchronous(value);
        Payload payload = Payload.of(bytes(value));
        if (!payload.isJson()) {
            throw new IllegalArgumentException(
                    ("A %s cannot be published: as JSON it is nested deeper than %d levels, or not "
                                    + "JSON at all because of how the JsonMapper is configured.")
                            .formatted(value.getClass().getName(), Payload.MAX_JSON_DEPTH));
        }
        return payload;
    }

    /**
     * Refuses asynchronous values. Jackson would write their getters, such as {@code {"scanAvailable":true}}, and every
     * client would receive that.
     */
    private static void refuseAsynchronous(Object value) {
        if (value instanceof Future<?>
                || value instanceof CompletionStage<?>
                || ReactiveAdapterRegistry.getSharedInstance().getAdapter(value.getClass()) != null) {
            throw new IllegalArgumentException(
                    ("A %s cannot be published: it is not the data but what will deliver it. Publish what it delivers,"
                                    + " for instance with `mono.flatMap(data -> publisher.publish(channel, data))`.")
                            .formatted(value.getClass().getName()));
        }
    }

    private byte[] bytes(Object value) {
        try {
            return mapper.writeValueAsBytes(value);
        } catch (JacksonException failure) {
            throw new IllegalArgumentException(
                    "A %s cannot be published, because Jackson cannot write it as JSON: %s"
                            .formatted(value.getClass().getName(), failure.getOriginalMessage()),
                    failure);
        }
    }
}
