package dev.realtime.transport;

import dev.realtime.protocol.WireWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Unmasked, unfragmented data frames as a server writes them (RFC 6455 section 5.2). */
public final class WebSocketFrame {

    static final int TEXT = 0x81;
    static final int BINARY = 0x82;

    private WebSocketFrame() {}

    static ByteBuf encode(int firstByte, WireWriter message, ByteBufAllocator allocator) {
        int length = message.size();
        ByteBuf frame = allocator.directBuffer(length + 10);
        frame.writeByte(firstByte);
        if (length < 126) {
            frame.writeByte(length);
        } else if (length < 65_536) {
            frame.writeByte(126).writeShort(length);
        } else {
            frame.writeByte(127).writeLong(length);
        }
        return frame.writeBytes(message.array(), 0, length);
    }

    /** Number of bytes before the message in a complete frame of this class, for transports that make their own frames. */
    public static int headerLength(ByteBuf frame) {
        int length = frame.getByte(frame.readerIndex() + 1);
        return length == 126 ? 4 : length == 127 ? 10 : 2;
    }
}
