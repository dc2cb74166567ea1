package dev.realtime.httpapi.field;

import dev.realtime.api.data.Payload;
import dev.realtime.json.JsonField;
import dev.realtime.json.JsonOutput;
import dev.realtime.json.WireWriter;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Field of a reply with data of the application: JSON byte for byte under its name; other data, which Centrifugo cannot
 * return, as base64 under the name with the prefix {@code b64}. Omitted if the data is empty.
 */
public enum PayloadField {
    DATA("data"),
    CONNECTION_INFO("conn_info"),
    CHANNEL_INFO("chan_info");

    private final JsonField json;

    private final JsonField base64;

    PayloadField(String name) {
        this.json = JsonField.of(name);
        this.base64 = JsonField.of("b64" + name);
    }

    public void write(WireWriter out, @Nullable Payload payload) {
        if (payload == null || payload.isEmpty()) {
            return;
        }
        if (payload.isJson()) {
            JsonOutput.name(out, json);
            out.write(payload.bytes());
        } else {
            JsonOutput.name(out, base64);
            out.write((byte) '"');
            out.write(Base64.getEncoder().encode(payload.bytes()));
            out.write((byte) '"');
        }
    }
}
