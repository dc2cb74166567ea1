package dev.realtime.protocol;

import dev.realtime.api.client.ProtocolType;
import java.util.List;

/**
 * The client's side of the protocol, for tests: writes commands and reads what the server says. Shares no code with the
 * server's codecs: JSON goes through Jackson, Protobuf through classes generated from the protocol definition.
 */
public interface ClientCodec {

    /** The server's ping among what {@link #decode(byte[])} gives. */
    record Ping() {}

    /** The codec of a client that speaks this encoding. */
    static ClientCodec of(ProtocolType type) {
        return switch (type) {
            case JSON -> new JsonClientCodec();
            case PROTOBUF -> new ProtobufClientCodec();
        };
    }

    /** One frame of these commands; {@code new Command(0, null)} is a pong. */
    byte[] encode(Command... commands);

    /**
     * What a message of the server holds, in order: each a {@link Reply}, a {@link Push} or a {@link Ping}. Payloads
     * are the bytes of the message.
     *
     * @throws IllegalArgumentException if the message is not well-formed
     */
    List<Object> decode(byte[] message);
}
