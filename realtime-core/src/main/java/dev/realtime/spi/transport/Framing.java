package dev.realtime.spi.transport;

import dev.realtime.json.WireWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/** Frame around a message on the wire. */
public enum Framing {
    /**
     * The last and only fragment of a text message, as a server writes it
     * (<a href="https://www.rfc-editor.org/rfc/rfc6455#section-5.2">RFC 6455, section 5.2</a>).
     */
    WEBSOCKET_TEXT {
        @Override
        ByteBuf frame(WireWriter message, ByteBufAllocator allocator) {
            return webSocketFrame(0x81, message, allocator);
        }
    },
    /** The same for a binary message. */
    WEBSOCKET_BINARY {
        @Override
        ByteBuf frame(WireWriter message, ByteBufAllocator allocator) {
            return webSocketFrame(0x82, message, allocator);
        }
    },
    /** One message a line, ended by a line feed. */
    LINES {
        @Override
        ByteBuf frame(WireWriter message, ByteBufAllocator allocator) {
            return allocator
                    .directBuffer(message.size() + 1)
                    .writeBytes(message.array(), 0, message.size())
                    .writeByte('\n');
        }
    },
    /** Each message after its length as a varint, which belongs to the message already. */
    DELIMITED {
        @Override
        ByteBuf frame(WireWriter message, ByteBufAllocator allocator) {
            return allocator.directBuffer(message.size()).writeBytes(message.array(), 0, message.size());
        }
    },
    /**
     * One event a message, with nothing but data
     * (<a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent events</a>).
     */
    SERVER_SENT_EVENTS {
        @Override
        ByteBuf frame(WireWriter message, ByteBufAllocator allocator) {
            return allocator
                    .directBuffer(EVENT_START.length + message.size() + 2)
                    .writeBytes(EVENT_START)
                    .writeBytes(message.array(), 0, message.size())
                    .writeByte('\n')
                    .writeByte('\n');
        }
    };

    private static final byte[] EVENT_START = "data: ".getBytes(StandardCharsets.US_ASCII);

    /** Returns a complete frame that holds the message; the caller owns its one reference. */
    abstract ByteBuf frame(WireWriter message, ByteBufAllocator allocator);

    private static ByteBuf webSocketFrame(int firstByte, WireWriter message, ByteBufAllocator allocator) {
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
}
