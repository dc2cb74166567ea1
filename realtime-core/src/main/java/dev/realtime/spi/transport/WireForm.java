package dev.realtime.spi.transport;

import dev.realtime.api.client.Disconnect;
import dev.realtime.json.WireWriter;
import dev.realtime.protocol.ProtocolCodec;
import dev.realtime.protocol.Push;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Form of a message on the wire: its encoding, its direction and the frame around it. The same message is the same
 * bytes for every client of one wire form, so it is framed once and shared.
 */
public enum WireForm {
    /** JSON in WebSocket text frames. */
    JSON_WEBSOCKET(WireBody.JSON_REPLY, Framing.WEBSOCKET_TEXT),
    /** Protobuf in WebSocket binary frames. */
    PROTOBUF_WEBSOCKET(WireBody.PROTOBUF_REPLY, Framing.WEBSOCKET_BINARY),
    /** JSON in the lines of an HTTP stream. */
    JSON_LINES(WireBody.JSON_REPLY, Framing.LINES),
    /** Protobuf in an HTTP stream, each message after its length. */
    PROTOBUF_DELIMITED(WireBody.PROTOBUF_REPLY, Framing.DELIMITED),
    /** JSON in server-sent events. */
    JSON_SSE(WireBody.JSON_REPLY, Framing.SERVER_SENT_EVENTS),
    /** Bare pushes of JSON in WebSocket text frames. */
    UNI_JSON_WEBSOCKET(WireBody.JSON_PUSH, Framing.WEBSOCKET_TEXT),
    /** Bare pushes of Protobuf in WebSocket binary frames. */
    UNI_PROTOBUF_WEBSOCKET(WireBody.PROTOBUF_PUSH, Framing.WEBSOCKET_BINARY),
    /** Bare pushes of JSON in the lines of an HTTP stream. */
    UNI_JSON_LINES(WireBody.JSON_PUSH, Framing.LINES),
    /** Bare pushes of JSON in server-sent events. */
    UNI_JSON_SSE(WireBody.JSON_PUSH, Framing.SERVER_SENT_EVENTS);

    private final WireBody body;

    private final Framing framing;

    WireForm(WireBody body, Framing framing) {
        this.body = body;
        this.framing = framing;
    }

    /**
     * Encoding and direction of the messages.
     *
     * @return the body
     */
    public WireBody body() {
        return body;
    }

    /**
     * Encoding of the messages.
     *
     * @return the codec
     */
    public ProtocolCodec codec() {
        return body.codec();
    }

    /**
     * Direction of the connection.
     *
     * @return the direction
     */
    public Direction direction() {
        return body.direction();
    }

    /**
     * Frame around the messages.
     *
     * @return the framing
     */
    public Framing framing() {
        return framing;
    }

    /**
     * Complete frame holding what was written; the caller owns its one reference.
     *
     * @param message encoded message
     * @param allocator allocator of the frame
     * @return the framed message
     */
    public ByteBuf frame(WireWriter message, ByteBufAllocator allocator) {
        return framing.frame(message, allocator);
    }

    /**
     * Complete frame of the push that ends a connection, for transports that have no close code; the caller owns its
     * one reference.
     *
     * @param disconnect code and reason
     * @param allocator allocator of the frame
     * @return the framed push
     */
    public ByteBuf disconnectFrame(Disconnect disconnect, ByteBufAllocator allocator) {
        WireWriter message = new WireWriter();
        body.writePush(new Push.Disconnected(disconnect), message);
        return frame(message, allocator);
    }
}
