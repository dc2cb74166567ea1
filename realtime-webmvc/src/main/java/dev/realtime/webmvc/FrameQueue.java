package dev.realtime.webmvc;

import dev.realtime.spi.transport.WebSocketFrames;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Frames of one client that its socket has not taken, counted in bytes. Buffers are shared with other clients, so their
 * indexes stay as they are. Confined to the executor of the connection.
 */
final class FrameQueue {

    private final ArrayDeque<ByteBuf> buffers = new ArrayDeque<>();

    private long bytes;

    /** Number of bytes of the first buffer that were taken. */
    private int taken;

    /** Adds one or more frames and takes over one reference. */
    void add(ByteBuf frames) {
        bytes += frames.readableBytes();
        buffers.add(frames);
    }

    boolean isEmpty() {
        return buffers.isEmpty();
    }

    /** Returns whether the first frame was taken in part, so that nothing may be sent before the rest. */
    boolean isInsideBuffer() {
        return taken > 0;
    }

    long bytes() {
        return bytes;
    }

    void forEach(Consumer<ByteBuf> action) {
        buffers.forEach(action);
    }

    /** Returns the next bytes as a view that is valid until they are {@link #take taken}. */
    ByteBuffer next(int maximum) {
        ByteBuf first = buffers.element();
        return first.nioBuffer(first.readerIndex() + taken, Math.min(maximum, first.readableBytes() - taken));
    }

    void take(int count) {
        bytes -= count;
        taken += count;
        if (taken == buffers.element().readableBytes()) {
            taken = 0;
            buffers.remove().release();
        }
    }

    /**
     * Takes one frame, for sockets that send single messages.
     *
     * @return the frame with a reference of its own; {@code null} if there is none
     */
    @Nullable
    ByteBuf takeFrame() {
        ByteBuf first = buffers.peek();
        if (first == null) {
            return null;
        }
        int end = endOfFrame(first, taken + 1);
        ByteBuf frame = first.retainedSlice(first.readerIndex() + taken, end - taken);
        take(end - taken);
        return frame;
    }

    /** Releases all frames but one that was taken in part, without which the client could not read what follows. */
    void drop() {
        ByteBuf first = taken > 0 ? buffers.remove() : null;
        release(buffers);
        bytes = 0;
        if (first != null) {
            ByteBuf rest = first.slice(first.readerIndex(), endOfFrame(first, taken));
            if (taken == rest.readableBytes()) {
                taken = 0;
                first.release();
            } else {
                buffers.add(rest);
                bytes = rest.readableBytes() - taken;
            }
        }
    }

    /** Releases everything. */
    void clear() {
        release(buffers);
        bytes = 0;
        taken = 0;
    }

    private static void release(Queue<ByteBuf> buffers) {
        for (ByteBuf buffer = buffers.poll(); buffer != null; buffer = buffers.poll()) {
            buffer.release();
        }
    }

    /** Returns where the frame ends that has the byte before this position, both relative to the reader index. */
    private static int endOfFrame(ByteBuf frames, int position) {
        int[] end = new int[1];
        WebSocketFrames.forEachFrame(frames, frame -> {
            if (end[0] < position) {
                end[0] += frame.readableBytes();
            }
        });
        return end[0];
    }
}
