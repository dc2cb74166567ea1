package dev.realtime.web.stream;

import dev.realtime.json.JsonField;
import dev.realtime.json.JsonInput;
import dev.realtime.json.JsonScanner;
import dev.realtime.json.MalformedJsonException;
import dev.realtime.protocol.ProtocolLimits;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Commands of a client whose replies leave in a stream, as it posts them.
 *
 * @param session secret session id, from the result of its connect command
 * @param node id of the node that has the stream
 * @param data frame with commands, in the encoding of the stream
 */
public record EmulationRequest(String session, String node, byte[] data) {

    private static final JsonField SESSION = JsonField.of("session");
    private static final JsonField NODE = JsonField.of("node");
    private static final JsonField DATA = JsonField.of("data");

    /**
     * Reads the body of a request: Protobuf if its content type says so, JSON in any other case.
     *
     * @param contentType content type of the request; {@code null} if it has none
     * @throws StreamRefusedException if the body is malformed, or names no node
     */
    public static EmulationRequest read(byte[] body, @Nullable String contentType) throws StreamRefusedException {
        EmulationRequest request;
        try {
            request = StreamKind.isBinary(contentType) ? EmulationProtobuf.read(body) : readJson(body);
        } catch (MalformedJsonException malformed) {
            throw StreamRefusedException.malformed(String.valueOf(malformed.getMessage()));
        }
        if (request.node.isEmpty()) {
            throw StreamRefusedException.unknownNode();
        }
        return request;
    }

    private static EmulationRequest readJson(byte[] body) throws MalformedJsonException {
        JsonInput json = ProtocolLimits.DEFAULTS.jsonInput(body);
        json.moveTo(0, body.length);
        String session = "";
        String node = "";
        String data = "";
        switch (json.peek()) {
            case '{' -> {
                json.open();
                while (json.nextField()) {
                    if (json.nameIs(SESSION)) {
                        session = json.string(SESSION);
                    } else if (json.nameIs(NODE)) {
                        node = json.string(NODE);
                    } else if (json.nameIs(DATA)) {
                        data = json.string(DATA);
                    } else {
                        json.skipValue();
                    }
                }
            }
            case 'n' -> json.skipValue();
            default -> throw new MalformedJsonException("The body must be a JSON object.");
        }
        if (json.peek() != JsonScanner.END) {
            throw new MalformedJsonException("Nothing must follow the JSON object of a request.");
        }
        return new EmulationRequest(session, node, data.getBytes(StandardCharsets.UTF_8));
    }

    /** Leaves out the session and the commands. */
    @Override
    public String toString() {
        return "EmulationRequest[node=" + node + ", data of " + data.length + " bytes]";
    }
}
