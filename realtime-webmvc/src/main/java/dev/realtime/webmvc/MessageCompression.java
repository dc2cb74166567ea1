package dev.realtime.webmvc;

import dev.realtime.spi.transport.WebSocketFrames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Compression of messages by permessage-deflate (RFC 7692), for sockets whose frames are read and written here.
 *
 * <p>No message refers to an earlier one, neither of the client nor of the server. So there is one compressor for each
 * executor rather than each connection, an idle connection costs nothing, and frames that an executor writes to many
 * clients in one turn are compressed once. All methods are called on executors of connections; the native memory of a
 * thread is freed when it ends.
 */
final class MessageCompression {

    private static final int COMPRESSED = 0x40;

    /** Number of bytes at the end of flushed data that are not sent (RFC 7692 section 7.2.1). */
    private static final int TAIL_BYTES = 4;

    /**
     * The bytes that the client left out, and an empty final block. Complete data ends with that block; data that was
     * cut swallows it.
     */
    private static final byte[] END = {0, 0, (byte) 0xFF, (byte) 0xFF, 3, 0};

    private static final int MAX_KEPT_BYTES = 65_536;

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
    MessageCompression(int minSize) {
        this.minSize = minSize;
    }

    /** Returns the length of the longest compressed message: data that does not shrink grows a little. */
    static long compressedLimit(int messageSizeLimit) {
        return messageSizeLimit + (messageSizeLimit >> 10) + 64L;
    }

    /**
     * Returns the frames with compressed messages. Messages that are too small stay as they are.
     *
     * @param frames complete frames, of which one reference is taken over
     */
    ByteBuf compress(ByteBuf frames) {
        ThreadState own = state.get();
        try {
            if (frames != own.source) {
                own.forget();
                own.compressed = compress(frames, own);
                own.source = frames.retain();
            }
            return own.compressed.retain();
        } finally {
            frames.release();
        }
    }

    /** Forgets the frames that were compressed last. */
    void endOfTurn() {
        ThreadState own = state.getIfExists();
        if (own != null) {
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
     * @param message on an array, without the tail
     * @param limit maximum number of bytes of the result; no more memory is used
     * @return a buffer that the caller owns; {@code null} if the message is longer
     * @throws DataFormatException if the data is broken or incomplete
     */
    @Nullable
    ByteBuf inflate(ByteBuf message, int limit) throws DataFormatException {
        Inflater inflater = state.get().inflater;
        int expected = (int) Math.min(limit, 64 + 4L * message.readableBytes());
        ByteBuf plain = ByteBufAllocator.DEFAULT.heapBuffer(expected, limit + 1);
        boolean complete = false;
        try {
            inflater.setInput(message.array(), message.arrayOffset() + message.readerIndex(), message.readableBytes());
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
                    beginNextStream(inflater, message, end);
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
    private static void beginNextStream(Inflater inflater, ByteBuf message, boolean end) throws DataFormatException {
        if (end) {
            throw new DataFormatException("data after the end");
        }
        int rest = inflater.getRemaining();
        inflater.reset();
        inflater.setInput(message.array(), message.arrayOffset() + message.writerIndex() - rest, rest);
    }

    /** Compressor, decompressor and last frames of one thread. */
    private static final class ThreadState {

        private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);

        private final Inflater inflater = new Inflater(true);

        private byte[] output = new byte[0];

        /** The frames that were compressed last, with a reference so that no other buffer takes their place. */
        private @Nullable ByteBuf source;

        private @Nullable ByteBuf compressed;

        /** Compresses a message to {@link #output}; returns its length. */
        private int deflate(ByteBuf frame, int header, int length) {
            int space = (int) compressedLimit(length) + TAIL_BYTES;
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
