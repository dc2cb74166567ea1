package dev.realtime.webflux.stream;

import dev.realtime.web.stream.StreamOutput;
import dev.realtime.web.stream.StreamTransport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.Channel.Unsafe;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandler;
import io.netty.channel.ChannelPromise;
import io.netty.channel.VoidChannelPromise;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Output on the channel of an HTTP/1 connection, below its HTTP codec. Confined to the event loop.
 *
 * <p>Frames wait until a flush, so that all frames of a turn are one chunk
 * (<a href="https://www.rfc-editor.org/rfc/rfc9112#section-7.1">RFC 9112, section 7.1</a>). The channel receives chunks
 * while it is writable (64 KiB); these cannot be taken back. Further frames wait here, where they can be dropped when a
 * slow client is disconnected. The chunk of frames that many clients receive is made once for an event loop. Another
 * small chunk is copied into one buffer; frames of a large one are written as they are.
 */
final class ChannelOutput implements StreamOutput {

    /** Maximum size of frames in a chunk, except for a frame that is larger. */
    private static final int MAX_CHUNK_BYTES = 32_768;

    /** Size of frames in a chunk up to which copying costs less than another entry in the channel's queue. */
    private static final int COPIED_BYTES = 2_048;

    /** Size of shared frames up to which their chunk is made once for all clients of an event loop. */
    private static final int MAX_SHARED_BYTES = 65_536;

    private static final LongSupplier NOTHING_SENT = () -> 0;

    /** Maximum of bytes in TLS, which holds them until a flush and does not count them as the channel does. */
    private static final int HELD_BY_TLS_BYTES = 65_536;

    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Channel channel;

    private final boolean chunked;

    private final WriteTimeout timeout;

    /**
     * Promise of writes without a listener; unlike the channel's own, it does not report each frame lost with the
     * socket.
     */
    private final ChannelPromise unheard;

    /** Context from which writes reach the socket; null until the response has begun. */
    private @Nullable ChannelHandlerContext context;

    /** The socket itself, if nothing in the pipeline is between it and the context, as TLS would. */
    private @Nullable Unsafe socket;

    /** Number of buffers that TLS has sent: it reuses its buffers, so they cannot be distinguished. Null without it. */
    private @Nullable SentBuffers sentByTls;

    /** Chunk that clients of the event loop share; null until the response has begun. */
    private @Nullable SharedChunk sharedChunk;

    /** The first frame that waits; null if none does. */
    private @Nullable ByteBuf first;

    /** Frames that wait behind the first, in order; null until there are any. */
    private @Nullable Queue<ByteBuf> others;

    private long waitingBytes;

    private long heldByTls;

    /** Whether the response ends after what waits. */
    private boolean finishing;

    /** @param chunked whether the response has chunks; otherwise the end of the connection ends it */
    ChannelOutput(Channel channel, boolean chunked, Duration writeTimeout, StreamTransport transport) {
        this.channel = channel;
        this.chunked = chunked;
        this.timeout = new WriteTimeout(channel, writeTimeout, transport::cut);
        this.unheard = new VoidChannelPromise(channel, false);
    }

    /** Begins to write, from this context, what waits and what will come. */
    void begin(ChannelHandlerContext context, SharedChunk sharedChunk) {
        this.sharedChunk = sharedChunk;
        this.context = context;
        this.socket = isNextToSocket(context) ? channel.unsafe() : null;
        this.sentByTls = channel.pipeline().get(SslHandler.class) != null ? new SentBuffers() : null;
        if (finishing) {
            finish();
        } else {
            flush();
        }
    }

    private static boolean isNextToSocket(ChannelHandlerContext context) {
        for (Map.Entry<String, ChannelHandler> fromSocket : context.pipeline()) {
            if (fromSocket.getValue() == context.handler()) {
                return true;
            }
            if (fromSocket.getValue() instanceof ChannelOutboundHandler) {
                return false;
            }
        }
        return false;
    }

    @Override
    public void write(ByteBuf frames) {
        int size = frames.readableBytes();
        if (size == 0) {
            frames.release();
            return;
        }
        waitingBytes += size;
        if (first == null) {
            first = frames;
            return;
        }
        if (others == null) {
            others = new ArrayDeque<>();
        }
        others.add(frames);
    }

    @Override
    public void flush() {
        if (context == null) {
            return;
        }
        boolean written = false;
        while (first != null && hasRoom()) {
            writeChunk();
            written = true;
            if (!hasRoom()) {
                flushChannel();
            }
        }
        if (written) {
            flushChannel();
            timeout.watch(sentByTls == null ? NOTHING_SENT : sentByTls);
        }
    }

    @Override
    public void finish() {
        finishing = true;
        if (context == null) {
            return;
        }
        while (first != null) {
            writeChunk();
        }
        ChannelPromise end = channel.newPromise().addListener(ChannelFutureListener.CLOSE);
        context.writeAndFlush(chunked ? Unpooled.wrappedBuffer(LAST_CHUNK) : Unpooled.EMPTY_BUFFER, end);
    }

    @Override
    public void drop() {
        for (ByteBuf frame = next(); frame != null; frame = next()) {
            frame.release();
        }
    }

    /** Of frames the channel already has, includes what Netty adds for each (96 bytes): it is held in memory too. */
    @Override
    public long queuedBytes() {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        return queue == null ? 0 : queue.totalPendingWriteBytes() + heldByTls + waitingBytes;
    }

    @Override
    public void forEachQueued(Consumer<ByteBuf> action) {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        if (queue != null) {
            try {
                queue.forEachFlushedMessage(message -> {
                    if (message instanceof ByteBuf buffer) {
                        action.accept(buffer);
                    }
                    return true;
                });
            } catch (Exception e) {
                throw new IllegalStateException("the queue of a channel could not be read", e);
            }
        }
        if (first != null) {
            action.accept(first);
        }
        if (others != null) {
            others.forEach(action);
        }
    }

    /** Closes the socket immediately, with all that is queued: TLS would first wait for its farewell to be taken. */
    @Override
    public void cut() {
        channel.unsafe().close(channel.unsafe().voidPromise());
    }

    /** The socket has taken enough to be given more. */
    void onWritable() {
        if (!finishing) {
            flush();
        }
    }

    void cancelTimer() {
        timeout.cancel();
    }

    private boolean hasRoom() {
        return channel.isWritable() && heldByTls < HELD_BY_TLS_BYTES;
    }

    private @Nullable ByteBuf next() {
        ByteBuf frame = first;
        if (frame != null) {
            waitingBytes -= frame.readableBytes();
            first = others == null ? null : others.poll();
            if (first == null) {
                others = null;
            }
        }
        return frame;
    }

    /** Writes frames that wait as one chunk; at least one must wait. */
    private void writeChunk() {
        int size = first.readableBytes();
        int count = 1;
        if (others != null) {
            for (ByteBuf frame : others) {
                if (size + frame.readableBytes() > MAX_CHUNK_BYTES) {
                    break;
                }
                size += frame.readableBytes();
                count++;
            }
        }
        if (chunked && count == 1 && size <= MAX_SHARED_BYTES && first.refCnt() > 1) {
            ByteBuf shared = next();
            try {
                toChannel(sharedChunk.of(shared, channel.alloc()));
            } finally {
                shared.release();
            }
            return;
        }
        if (chunked && size <= COPIED_BYTES) {
            writeCopy(count, size);
            return;
        }
        if (chunked) {
            ByteBuf head = channel.alloc().directBuffer(SharedChunk.OVERHEAD);
            SharedChunk.writeSize(head, size);
            toChannel(head);
        }
        for (int i = 0; i < count; i++) {
            // A view of the frame: others may be writing the same memory, and the channel moves indexes.
            toChannel(next().duplicate());
        }
        if (chunked) {
            toChannel(channel.alloc().directBuffer(2).writeShort(SharedChunk.LINE_END));
        }
    }

    private void writeCopy(int count, int size) {
        ByteBuf chunk = channel.alloc().directBuffer(size + SharedChunk.OVERHEAD);
        SharedChunk.writeSize(chunk, size);
        for (int i = 0; i < count; i++) {
            ByteBuf frame = next();
            chunk.writeBytes(frame, frame.readerIndex(), frame.readableBytes());
            frame.release();
        }
        toChannel(chunk.writeShort(SharedChunk.LINE_END));
    }

    private void toChannel(ByteBuf bytes) {
        if (sentByTls != null) {
            heldByTls += bytes.readableBytes();
            context.write(bytes).addListener(sentByTls);
        } else if (socket != null) {
            socket.write(bytes, unheard);
        } else {
            context.write(bytes, unheard);
        }
    }

    private void flushChannel() {
        heldByTls = 0;
        if (socket != null) {
            socket.flush();
        } else {
            context.flush();
        }
    }

    private static final class SentBuffers implements ChannelFutureListener, LongSupplier {

        private long count;

        @Override
        public long getAsLong() {
            return count;
        }

        @Override
        public void operationComplete(ChannelFuture written) {
            count++;
            if (!written.isSuccess()) {
                // Nothing may be sent after a part that is missing.
                written.channel().close();
            }
        }
    }
}
