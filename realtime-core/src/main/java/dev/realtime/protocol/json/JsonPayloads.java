package dev.realtime.protocol.json;

import dev.realtime.api.data.Payload;
import dev.realtime.json.JsonField;
import dev.realtime.json.JsonInput;
import dev.realtime.json.JsonOutput;
import dev.realtime.json.MalformedJsonException;
import dev.realtime.json.WireWriter;
import org.jspecify.annotations.Nullable;

/** Readers and writers of a {@link Payload} inside other JSON. */
public final class JsonPayloads {

    private JsonPayloads() {}

    /** Reads any one JSON value, {@code null} included, byte for byte. It is checked here and never again. */
    public static Payload read(JsonInput json) throws MalformedJsonException {
        byte[] value = json.value();
        return Payload.ofCheckedJson(value, json.valueHasLineBreaks());
    }

    /**
     * Writes a field of raw JSON, left out when there is none.
     *
     * @throws IllegalArgumentException if the payload is not JSON, which would break every message after it
     */
    public static void write(WireWriter out, JsonField field, @Nullable Payload payload) {
        if (payload == null || payload.isEmpty()) {
            return;
        }
        if (!payload.isJson()) {
            throw new IllegalArgumentException("A payload that is not JSON cannot be written to a JSON client. Ask"
                    + " ProtocolCodec.carries first, and disconnect the client with code 3506.");
        }
        JsonOutput.name(out, field);
        if (payload.hasLineBreaks()) {
            JsonOutput.withoutLineBreaks(out, payload.bytes());
        } else {
            out.write(payload.bytes());
        }
    }
}
