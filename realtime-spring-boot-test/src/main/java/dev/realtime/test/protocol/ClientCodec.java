package dev.realtime.test.protocol;

import dev.realtime.api.client.ProtocolType;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * Encoding of a client: writes commands and reads what the server sends, each as the JSON tree of the protocol. Data
 * that is not JSON, which only Protobuf can carry, is a binary node. Shares no code with the codecs of the server.
 */
public interface ClientCodec {

    /**
     * Returns the codec of an encoding.
     *
     * @param type encoding that the client speaks
     */
    static ClientCodec of(ProtocolType type) {
        return switch (type) {
            case JSON -> new JsonClientCodec();
            case PROTOBUF -> new ProtobufClientCodec();
        };
    }

    /**
     * Writes one command as a frame.
     *
     * @param command id and request; the empty object is a pong
     * @throws IllegalArgumentException if the encoding cannot carry its data
     */
    byte[] encode(ObjectNode command);

    /**
     * Reads the replies of a frame, in order; the empty object is a ping.
     *
     * @throws IllegalArgumentException if the frame is not well-formed
     */
    List<ObjectNode> decode(byte[] frame);
}
