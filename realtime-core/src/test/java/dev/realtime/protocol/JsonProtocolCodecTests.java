package dev.realtime.protocol;

import dev.realtime.protocol.json.JsonCodec;
import java.nio.charset.StandardCharsets;

/** The contract in JSON. */
class JsonProtocolCodecTests extends ProtocolCodecContract {

    JsonProtocolCodecTests() {
        super(JsonCodec.INSTANCE);
    }

    @Override
    byte[] frameOf(long id, Request... requests) {
        StringBuilder command = new StringBuilder("{\"id\":" + id);
        for (Request request : requests) {
            // The object of the request alone, opened and closed by the command around it.
            String single = new String(client().encode(new Command(0, request)), StandardCharsets.UTF_8);
            command.append(',').append(single, 1, single.length() - 1);
        }
        return command.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }
}
