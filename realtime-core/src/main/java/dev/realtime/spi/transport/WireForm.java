package dev.realtime.spi.transport;

import dev.realtime.json.WireWriter;
import dev.realtime.protocol.ProtocolCodec;
import dev.realtime.protocol.json.JsonCodec;
import dev.realtime.protocol.protobuf.ProtobufCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Form of a message on the wire: its encoding and the frame around it. The same message is the same bytes for
 * every client of one wire form (server frames of WebSocket are not masked), so it is encoded once and shared.
 */
public enum WireForm {
    /** JSON in WebSocket text frames. */
    JSON_WEBSOCKET(JsonCodec.INSTANCE, WebSocketFrame.TEXT),
    /** Protobuf in WebSocket binary frames. */
    PROTOBUF_WEBSOCKET(ProtobufCodec.INSTANCE, WebSocketFrame.BINARY);

    private final ProtocolCodec codec;

    private final int firstByte;

    WireForm(ProtocolCodec codec, int firstByte) {
        this.codec = codec;
        this.firstByte = firstByte;
    }

    /** Encoding of the messages. */
    public ProtocolCodec codec() {
        return codec;
    }

    /** Complete frame holding what was written; the caller owns its one reference. */
    public ByteBuf frame(WireWriter message, ByteBufAllocator allocator) {
        return WebSocketFrame.encode(firstByte, message, allocator);
    }
}
