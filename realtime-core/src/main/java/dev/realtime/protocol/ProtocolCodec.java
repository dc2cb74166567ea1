package dev.realtime.protocol;

import dev.realtime.api.client.ProtocolType;
import dev.realtime.api.data.Payload;
import dev.realtime.json.WireWriter;

/**
 * Encoding of the client protocol. Implementations hold no state and are used by all threads at the same time.
 *
 * <p>Source of the behaviour: the protocol definitions of Centrifugo (client protocol v2) and its reference server.
 */
public interface ProtocolCodec {

    /** The encoding. */
    ProtocolType type();

    /**
     * Starts to read the commands of a frame. An empty frame is malformed.
     *
     * @param frame array holding the frame; read only, and only until the reader has reached its end
     * @param offset first byte of the frame
     * @param length number of bytes of the frame
     */
    CommandReader read(byte[] frame, int offset, int length, ProtocolLimits limits);

    /** Writes one reply as one complete message (Protobuf: with its length prefix; JSON: without line feed). */
    void writeReply(Reply reply, WireWriter out);

    /** Writes one push in the envelope of a reply as one complete message. */
    void writePush(Push push, WireWriter out);

    /** Writes the ping of the server, an empty reply. */
    void writePing(WireWriter out);

    /** Whether this encoding can carry these bytes: JSON carries JSON only. */
    boolean carries(Payload payload);
}
