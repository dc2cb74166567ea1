package dev.realtime.api;

import dev.realtime.api.data.Payload;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * Reads what clients send as objects of the application; the starter does it with the application's {@code JsonMapper}.
 */
@FunctionalInterface
public interface PayloadReader {

    /**
     * Object of this type, {@code null} for the JSON literal.
     *
     * @param payload JSON or bytes
     * @param type type of the result
     * @return the value
     * @throws IllegalArgumentException if the payload is not JSON of the type; the message names no value of it. An
     *     {@link UnreadablePayloadException} says which part
     */
    @Nullable
    Object read(Payload payload, Type type);
}
