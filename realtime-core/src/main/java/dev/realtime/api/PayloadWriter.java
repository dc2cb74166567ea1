package dev.realtime.api;

import dev.realtime.api.data.Payload;
import org.jspecify.annotations.Nullable;

/**
 * Writer of objects of the application as payloads. The starter uses the application's {@code JsonMapper}. Any thread
 * may call it.
 */
@FunctionalInterface
public interface PayloadWriter {

    /**
     * Writes an object as JSON. {@link #payload} does not pass {@link Payload} and {@code byte[]} to it.
     *
     * @param value the object, never {@code null}
     * @return valid JSON
     * @throws IllegalArgumentException if the object cannot be written
     */
    Payload write(Object value);

    /**
     * Returns a value as a payload: a {@link Payload} or {@code byte[]} as it is, any other object as JSON.
     *
     * @param value the value, never {@code null}
     * @return the payload
     * @throws IllegalArgumentException if the object cannot be written
     */
    default Payload payload(Object value) {
        if (value instanceof Payload payload) {
            return payload;
        }
        return value instanceof byte[] bytes ? Payload.of(bytes) : write(value);
    }

    /**
     * Returns a value as a payload, if there is one.
     *
     * @param value the value, or {@code null}
     * @return the payload; {@code null} without a value
     * @throws IllegalArgumentException if the object cannot be written
     */
    default @Nullable Payload payloadOrNull(@Nullable Object value) {
        return value == null ? null : payload(value);
    }
}
