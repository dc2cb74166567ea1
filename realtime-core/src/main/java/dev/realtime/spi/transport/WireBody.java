package dev.realtime.spi.transport;

import dev.realtime.json.WireWriter;
import dev.realtime.protocol.CommandReader;
import dev.realtime.protocol.ProtocolCodec;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.protocol.Push;
import dev.realtime.protocol.json.JsonCodec;
import dev.realtime.protocol.protobuf.ProtobufCodec;

/**
 * Encoding and direction of a message, without the frame around it. What is the same message for every client of one
 * body is encoded once, and framed once for each {@link WireForm} of that body.
 */
public enum WireBody {
    /** JSON in the envelope of a reply. */
    JSON_REPLY(JsonCodec.INSTANCE, Direction.BIDIRECTIONAL),
    /** Protobuf in the envelope of a reply, after its length. */
    PROTOBUF_REPLY(ProtobufCodec.INSTANCE, Direction.BIDIRECTIONAL),
    /** A bare push in JSON. */
    JSON_PUSH(JsonCodec.INSTANCE, Direction.UNIDIRECTIONAL),
    /** A bare push in Protobuf, without its length. */
    PROTOBUF_PUSH(ProtobufCodec.INSTANCE, Direction.UNIDIRECTIONAL);

    private final ProtocolCodec codec;

    private final Direction direction;

    WireBody(ProtocolCodec codec, Direction direction) {
        this.codec = codec;
        this.direction = direction;
    }

    /**
     * Encoding of the messages.
     *
     * @return the codec
     */
    public ProtocolCodec codec() {
        return codec;
    }

    /**
     * Direction of the connection.
     *
     * @return the direction
     */
    public Direction direction() {
        return direction;
    }

    /**
     * Starts to read what a client sent: the commands of a frame, or the one connect request of a unidirectional
     * client.
     *
     * @param frame array holding the frame; read only, and only until the reader has reached its end
     * @param limits bounds of what a client may send
     * @return a reader of the commands
     */
    public CommandReader read(byte[] frame, ProtocolLimits limits) {
        return direction == Direction.BIDIRECTIONAL
                ? codec.read(frame, 0, frame.length, limits)
                : new ConnectRequestReader(codec, frame, limits);
    }

    /**
     * Writes a push as one complete message.
     *
     * @param push push to write
     * @param out buffer that the message is appended to
     */
    public void writePush(Push push, WireWriter out) {
        if (direction == Direction.BIDIRECTIONAL) {
            codec.writePush(push, out);
        } else {
            codec.writeBarePush(push, out);
        }
    }

    /**
     * Writes a ping of the server as one complete message.
     *
     * @param out buffer that the message is appended to
     */
    public void writePing(WireWriter out) {
        if (direction == Direction.BIDIRECTIONAL) {
            codec.writePing(out);
        } else {
            codec.writeBarePing(out);
        }
    }
}
