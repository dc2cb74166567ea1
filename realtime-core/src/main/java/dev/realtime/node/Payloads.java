package dev.realtime.node;

import dev.realtime.api.PayloadWriter;
import dev.realtime.api.data.Payload;
import org.jspecify.annotations.Nullable;

/** Turns what an application hands over into payloads: raw bytes as they are, objects through its JSON writer. */
final class Payloads {

    private final PayloadWriter writer;

    Payloads(PayloadWriter writer) {
        this.writer = writer;
    }

    Payload of(Object data) {
        if (data instanceof Payload payload) {
            return payload;
        }
        if (data instanceof byte[] bytes) {
            return Payload.of(bytes);
        }
        return writer.write(data);
    }

    @Nullable
    Payload ofNullable(@Nullable Object data) {
        return data == null ? null : of(data);
    }
}
