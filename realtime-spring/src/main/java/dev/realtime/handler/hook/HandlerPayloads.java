package dev.realtime.handler.hook;

import dev.realtime.api.PayloadWriter;
import dev.realtime.api.data.Payload;
import dev.realtime.handler.declaration.HandlerResult;
import org.jspecify.annotations.Nullable;

/** Conversion of the results of handler methods to payloads. */
final class HandlerPayloads {

    private final PayloadWriter writer;

    HandlerPayloads(PayloadWriter writer) {
        this.writer = writer;
    }

    /** Returns bytes as they are, and any other value as JSON. */
    Payload of(Object value) {
        if (value instanceof Payload payload) {
            return payload;
        }
        if (HandlerResult.isUnfinished(value.getClass())) {
            throw new IllegalStateException("A " + value.getClass().getName()
                    + " cannot be sent to a client, because its value would never be awaited. Return the value itself,"
                    + " or declare the method to return a Mono or a CompletionStage.");
        }
        return value instanceof byte[] bytes ? Payload.of(bytes) : writer.write(value);
    }

    @Nullable
    Payload orNull(@Nullable Object value) {
        return value == null ? null : of(value);
    }
}
