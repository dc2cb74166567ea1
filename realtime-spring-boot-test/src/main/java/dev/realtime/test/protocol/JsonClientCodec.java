package dev.realtime.test.protocol;

import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/** Codec of clients that speak JSON: one reply a line. */
final class JsonClientCodec implements ClientCodec {

    @Override
    public byte[] encode(ObjectNode command) {
        if (command.findValues("data").stream().anyMatch(data -> data.isBinary())) {
            throw new IllegalArgumentException(
                    "The data is bytes that are not JSON, which a client with the JSON encoding cannot send. Build the"
                            + " client with protobuf().");
        }
        return Trees.write(command);
    }

    @Override
    public List<ObjectNode> decode(byte[] frame) {
        return new String(frame, StandardCharsets.UTF_8)
                .lines()
                .map(this::reply)
                .toList();
    }

    private ObjectNode reply(String line) {
        try {
            if (Trees.read(line.getBytes(StandardCharsets.UTF_8)) instanceof ObjectNode reply) {
                return reply;
            }
        } catch (JacksonException malformed) {
            throw new IllegalArgumentException("The server sent a line that is not JSON: " + line, malformed);
        }
        throw new IllegalArgumentException("The server sent a line that is not a JSON object: " + line);
    }
}
