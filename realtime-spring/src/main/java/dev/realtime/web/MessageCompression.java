package dev.realtime.web;

import dev.realtime.failure.Boundary;
import dev.realtime.spi.transport.WebSocketFrames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Compression of messages by permessage-deflate (RFC 7692), for sockets whose frames are read and written here.
 *
 * <p>No message refers to an earlier one, neither of the client nor of the server. So there is one compressor for each
 * executor rather than each connection, an idle connection costs nothing, and frames that an executor writes to many
 * clients one after the other are compressed once: the clients share the compressed bytes too. All methods are called
 * on executors of connections; the native memory of a thread is freed when it ends.
 */
public final class MessageCompression {

    private static final int COMPRESSED = 0x40;

    /** Number of bytes at the end of flushed data that are not sent (RFC 7692 section 7.2.1). */
    private static final int TAIL_BYTES = 4;

    /**
     * The bytes that the client left out, and an empty final block. Complete data ends with that block; data that was
     * cut swallows it.
     */
    private static final byte[] END = {0, 0, (byte) 0xFF, (byte) 0xFF, 3, 0};

    private static final int MIN_HEADER_BYTES = 2;

    private static final int MAX_KEPT_BYTES = 65_536;

    /** Time after which the last frames are forgotten; a fan-out to the clients of one executor is far shorter. */
    private static final long KEPT_MILLIS = 10;

    private final int minSize;

    private final FastThreadLocal<ThreadState> state = new FastThreadLocal<>() {

        @Override
        protected ThreadState initialValue() {
            return new ThreadState();
        }

        @Override
        protected void onRemoval(ThreadState removed) {
            removed.end();
        }
    };

    /** @param minSize size in bytes below which messages are not compressed */
    public MessageCompression(int minSize) {
        this.minSize = minSize;
    }

    /** Returns the length of the longest compressed message: data that does not shrink grows a little. */
    public static int compressedLimit(int messageSizeLimit) {
        return (int) Math.min(Integer.MAX_VALUE, messageSizeLimit + (messageSizeLimit >> 10) + 64L);
    }

    /**
     * Returns the frames with compressed messages. Messages that are too small stay as they are.
     *
     * @param frames complete frames, of which one reference is taken over
     * @param executor executor of the connection, which calls this
     * @return frames with a reference that the caller owns; the same buffer for the same frames
     */
    public ByteBuf compress(ByteBuf frames, EventExecutor executor) {
        if (areSmall(frames)) {
            return frames;
        }
        ThreadState own = state.get();
        try {
            if (frames != own.source) {
                own.forget();
                own.compressed = compress(frames, own);
                own.source = frames.retain();
            }
            ByteBuf compressed = own.compressed.retain();
            if (!own.forgetting) {
                own.forgetting = Boundary.schedule(executor, this::forget, KEPT_MILLIS, TimeUnit.MILLISECONDS) != null;
                if (!own.forgetting) {
                    own.forget();
                }
            }
            return compressed;
        } finally {
            frames.release();
        }
    }

    /** Returns whether the buffer is too short for a message that is compressed. */
    private boolean areSmall(ByteBuf frames) {
        return frames.readableBytes() - MIN_HEADER_BYTES < minSize;
    }

    /** Forgets the frames that were compressed last on this thread. */
    void forget() {
        ThreadState own = state.getIfExists();
        if (own != null) {
            own.forgetting = false;
            own.forget();
        }
    }

    private ByteBuf compress(ByteBuf frames, ThreadState own) {
        ByteBuf compressed = ByteBufAllocator.DEFAULT.buffer(frames.readableBytes());
        try {
            WebSocketFrames.forEachFrame(frames, frame -> {
                int header = WebSocketFrames.headerLength(frame);
                int length = frame.readableBytes() - header;
                if (length < Math.max(minSize, 1)) {
                    compressed.writeBytes(frame, frame.readerIndex(), frame.readableBytes());
                } else {
                    int count = own.deflate(frame, header, length);
                    writeHeader(frame.getByte(frame.readerIndex()) | COMPRESSED, count, compressed);
                    compressed.writeBytes(own.output, 0, count);
                }
            });
        } catch (Throwable failure) {
            compressed.release();
            throw failure;
        } finally {
            own.shrink();
        }
        return compressed;
    }

    private static void writeHeader(int firstByte, int length, ByteBuf out) {
        out.writeByte(firstByte);
        if (length < 126) {
            out.writeByte(length);
        } else if (length < 65_536) {
            out.writeByte(126).writeShort(length);
        } else {
            out.writeByte(127).writeLong(length);
        }
    }

    /**
     * Returns a message as it was before the client compressed it.
     *
     * @param message compressed message without the tail
     * @param limit maximum number of bytes of the result; no more memory is used
     * @return a buffer that the caller owns; {@code null} if the message is longer
     * @throws DataFormatException if the data is broken or incomplete
     */
    @Nullable
    public ByteBuf inflate(ByteBuf message, int limit) throws DataFormatException {
        Inflater inflater = state.get().inflater;
        int expected = (int) Math.min(limit, 64 + 4L * message.readableBytes());
        ByteBuf plain = ByteBufAllocator.DEFAULT.heapBuffer(expected, limit + 1);
        boolean complete = false;
        try {
            ByteBuffer input = message.nioBuffer();
            inflater.setInput(input);
            boolean end = false;
            while (plain.readableBytes() <= limit) {
                plain.ensureWritable(1);
                int count = inflater.inflate(
                        plain.array(), plain.arrayOffset() + plain.writerIndex(), plain.writableBytes());
                plain.writerIndex(plain.writerIndex() + count);
                if (inflater.finished()) {
                    if (end && inflater.getRemaining() == 0) {
                        complete = true;
                        return plain;
                    }
                    beginNextStream(inflater, input, end);
                } else if (inflater.needsInput()) {
                    if (end) {
                        throw new DataFormatException("incomplete");
                    }
                    end = true;
                    inflater.setInput(END);
                }
            }
            return null;
        } finally {
            inflater.reset();
            if (!complete) {
                plain.release();
            }
        }
    }

    /** Continues after a final block, with which a client may end what it compressed (RFC 7692 section 7.2.3.4). */
    private static void beginNextStream(Inflater inflater, ByteBuffer rest, boolean end) throws DataFormatException {
        if (end) {
            throw new DataFormatException("data after the end");
        }
        inflater.reset();
        inflater.setInput(rest);
    }

    /** Compressor, decompressor and last frames of one thread. */
    private static final class ThreadState {

        private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);

        private final Inflater inflater = new Inflater(true);

        private byte[] output = new byte[0];

        /** The frames that were compressed last, with a reference so that no other buffer takes their place. */
        private @Nullable ByteBuf source;

        private @Nullable ByteBuf compressed;

        /** Whether they are forgotten after a while. */
        private boolean forgetting;

        /** Compresses a message to {@link #output}; returns its length. */
        private int deflate(ByteBuf frame, int header, int length) {
            int space = compressedLimit(length) + TAIL_BYTES;
            if (output.length < space) {
                output = new byte[Math.max(space, 1_024)];
            }
            try {
                deflater.setInput(frame.nioBuffer(frame.readerIndex() + header, length));
                int count = deflater.deflate(output, 0, space, Deflater.SYNC_FLUSH);
                return count - TAIL_BYTES;
            } finally {
                deflater.reset();
            }
        }

        private void shrink() {
            if (output.length > MAX_KEPT_BYTES) {
                output = new byte[0];
            }
        }

        private void forget() {
            if (source != null) {
                source.release();
                source = null;
            }
            if (compressed != null) {
                compressed.release();
                compressed = null;
            }
        }

        private void end() {
            forget();
            deflater.end();
            inflater.end();
        }
    }
}
