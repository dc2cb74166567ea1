package dev.realtime.webflux.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Chunk (<a href="https://www.rfc-editor.org/rfc/rfc9112#section-7.1">RFC 9112, section 7.1</a>) of the frames that
 * many clients of one event loop receive in one turn, made once for all of them. Confined to the event loop.
 */
final class SharedChunk {

    /** Length of the largest size of a chunk in hexadecimal digits, and of the line ends around its content. */
    static final int OVERHEAD = 12;

    static final int LINE_END = '\r' << 8 | '\n';

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final EventLoop eventLoop;

    /** The frames, retained until the end of the turn; null if there are none. */
    private @Nullable ByteBuf frames;

    private @Nullable ByteBuf chunk;

    SharedChunk(EventLoop eventLoop) {
        this.eventLoop = eventLoop;
    }

    /** Returns a view of the chunk with a reference of its own. */
    ByteBuf of(ByteBuf shared, ByteBufAllocator allocator) {
        ByteBuf made = chunk;
        if (made == null || frames != shared) {
            made = allocator.directBuffer(shared.readableBytes() + OVERHEAD);
            boolean first = frames == null;
            clear();
            chunk = made;
            frames = shared.retain();
            writeSize(made, shared.readableBytes());
            made.writeBytes(shared, shared.readerIndex(), shared.readableBytes())
                    .writeShort(LINE_END);
            if (first) {
                eventLoop.execute(this::clear);
            }
        }
        return made.retainedDuplicate();
    }

    private void clear() {
        if (frames != null) {
            frames.release();
            frames = null;
        }
        if (chunk != null) {
            chunk.release();
            chunk = null;
        }
    }

    /** Writes what precedes the content of a chunk. */
    static void writeSize(ByteBuf out, int size) {
        int shift = (31 - Integer.numberOfLeadingZeros(size)) & ~3;
        for (; shift >= 0; shift -= 4) {
            out.writeByte(HEX[size >>> shift & 0xF]);
        }
        out.writeShort(LINE_END);
    }
}
