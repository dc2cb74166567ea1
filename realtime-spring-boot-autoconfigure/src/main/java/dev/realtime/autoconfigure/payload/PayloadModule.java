package dev.realtime.autoconfigure.payload;

import dev.realtime.api.data.Payload;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Jackson module that writes a {@link Payload} as its content: JSON unchanged, other data in base64, no data as
 * {@code null}. With it a controller can return presence and history.
 */
final class PayloadModule extends SimpleModule {

    private static final long serialVersionUID = 1L;

    PayloadModule() {
        super("realtime-payload");
        addSerializer(Payload.class, new Serializer());
    }

    private static final class Serializer extends StdSerializer<Payload> {

        Serializer() {
            super(Payload.class);
        }

        @Override
        public void serialize(Payload payload, JsonGenerator json, SerializationContext context) {
            if (payload.isEmpty()) {
                json.writeNull();
            } else if (payload.isJson()) {
                json.writeRawValue(payload.text());
            } else {
                json.writeBinary(payload.bytes());
            }
        }
    }
}
