package dev.realtime.api;

import dev.realtime.api.data.Payload;

/** Writes objects of the application as JSON; the starter does it with the application's {@code JsonMapper}. */
@FunctionalInterface
public interface PayloadWriter {

    /**
     * JSON of an object. {@link Payload} and {@code byte[]} never get here.
     *
     * @param value object to write
     * @return the payload
     * @throws IllegalArgumentException if the object cannot be written
     */
    Payload write(Object value);
}
