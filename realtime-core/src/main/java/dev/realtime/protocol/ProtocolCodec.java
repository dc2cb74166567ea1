package dev.realtime.protocol;

import dev.realtime.api.client.ProtocolType;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.json.WireWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /**
     * Reads the connect request that is all a unidirectional client sends. An empty one, in JSON also {@code null},
     * asks for nothing.
     *
     * @param request array holding nothing but the request
     * @throws MalformedFrameException if it is not a connect request
     */
    Request.Connect readConnect(byte[] request, ProtocolLimits limits) throws MalformedFrameException;

    /** Writes one reply as one complete message (Protobuf: with its length prefix; JSON: without line feed). */
    void writeReply(Reply reply, WireWriter out);

    /** Writes one push in the envelope of a reply as one complete message. */
    void writePush(Push push, WireWriter out);

    /** Writes the ping of the server, an empty reply. */
    void writePing(WireWriter out);

    /** Writes one push without an envelope, for unidirectional clients, as one complete message without its length. */
    void writeBarePush(Push push, WireWriter out);

    /** Writes the ping for unidirectional clients, an empty push. */
    void writeBarePing(WireWriter out);

    /** Returns whether this encoding can carry these bytes, if there are any: JSON carries JSON only. */
    boolean carries(@Nullable Payload payload);

    /** Returns whether this encoding can carry the infos of a client. */
    default boolean carries(@Nullable ClientInfo info) {
        return info == null || (carries(info.connectionInfo()) && carries(info.channelInfo()));
    }

    /** Returns whether this encoding can carry a publication. */
    default boolean carries(Publication publication) {
        return carries(publication.data()) && carries(publication.info());
    }

    /** Returns whether this encoding can carry all of these publications. */
    default boolean carriesAll(List<Publication> publications) {
        for (Publication publication : publications) {
            if (!carries(publication)) {
                return false;
            }
        }
        return true;
    }
}
