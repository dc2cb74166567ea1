package dev.realtime.webflux;

import dev.realtime.web.MessageCompression;
import io.netty.buffer.ByteBuf;
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
import io.netty.handler.codec.http.websocketx.WebSocketFrameEncoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Outgoing frames of one channel. Complete frames are written below the WebSocket encoder without a change, so that one
 * encoded frame serves all clients. Confined to the event loop.
 *
 * <p>The channel receives frames while it is writable (64 KiB); these cannot be taken back. Further frames wait here,
 * where they can be dropped when a slow client is disconnected. After each flush, frames wait only while the channel is
 * not writable, so {@link #onWritable()} never leaves one behind.
 */
final class OutboundFrames {

    /** Maximum of bytes in TLS, which holds them until a flush and does not count them as the channel does. */
    private static final int HELD_BY_TLS_BYTES = 65_536;

    private final Channel channel;

    /** Context below the encoder: writes from here skip it. */
    private final ChannelHandlerContext encoder;

    /** The socket itself, if nothing in the pipeline is between it and the encoder, as TLS would. */
    private final @Nullable Unsafe socket;

    /**
     * Promise of writes without a listener; unlike the channel's own, it does not report each frame lost with the
     * socket.
     */
    private final ChannelPromise unheard;

    /** Null if messages are sent as they are. */
    private final @Nullable MessageCompression compression;

    private final long writeTimeoutNanos;

    private final Runnable onTimeout;

    /** Frames that the channel has no room for, in order; null until there are any. */
    private @Nullable Queue<ByteBuf> waiting;

    private long waitingBytes;

    private long heldByTls;

    /** Number of frames that TLS has sent: it reuses its buffers, so they cannot be distinguished. Null without TLS. */
    private final @Nullable SentFrames sentByTls;

    /** Check of a socket that did not accept everything of the last flush; null while it accepts all. */
    private @Nullable Future<?> timer;

    /**
     * @param compression compression that was negotiated; {@code null} for none
     * @param onTimeout called when the socket accepted nothing for the write timeout
     */
    OutboundFrames(
            Channel channel, Duration writeTimeout, @Nullable MessageCompression compression, Runnable onTimeout) {
        this.channel = channel;
        this.encoder = channel.pipeline().context(WebSocketFrameEncoder.class);
        this.socket = isNextToSocket(encoder) ? channel.unsafe() : null;
        this.unheard = new VoidChannelPromise(channel, false);
        this.compression = compression;
        this.writeTimeoutNanos = writeTimeout.toNanos();
        this.onTimeout = onTimeout;
        this.sentByTls = channel.pipeline().get(SslHandler.class) != null ? new SentFrames() : null;
    }

    private static boolean isNextToSocket(ChannelHandlerContext encoder) {
        for (Map.Entry<String, ChannelHandler> fromSocket : encoder.pipeline()) {
            if (fromSocket.getValue() == encoder.handler()) {
                return true;
            }
            if (fromSocket.getValue() instanceof ChannelOutboundHandler) {
                return false;
            }
        }
        return false;
    }

    /** Writes a frame and takes over one reference. What waits is compressed already, as clients share that too. */
    void write(ByteBuf frame) {
        enqueue(compression == null ? frame : compression.compress(frame, channel.eventLoop()));
    }

    private void enqueue(ByteBuf frame) {
        if (hasRoom()) {
            writeToChannel(frame);
            return;
        }
        if (waiting == null) {
            waiting = new ArrayDeque<>();
        }
        waiting.add(frame);
        waitingBytes += frame.readableBytes();
    }

    void flush() {
        heldByTls = 0;
        flushChannel();
        if (waiting != null) {
            onWritable();
        }
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        if (timer == null && queue != null && !queue.isEmpty() && writeTimeoutNanos > 0) {
            watch(queue);
        }
    }

    /** Continues with the frames that wait. */
    void onWritable() {
        while (waiting != null && channel.isWritable()) {
            while (waiting != null && channel.isWritable() && heldByTls < HELD_BY_TLS_BYTES) {
                writeToChannel(next(waiting));
            }
            heldByTls = 0;
            flushChannel();
        }
    }

    /** Passes all waiting frames to the channel, so that a close frame can follow. */
    void finish() {
        while (waiting != null) {
            writeToChannel(next(waiting));
        }
    }

    /** Releases all waiting frames. */
    void drop() {
        while (waiting != null) {
            next(waiting).release();
        }
    }

    long queuedBytes() {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        return queue == null ? 0 : queue.totalPendingWriteBytes() + heldByTls + waitingBytes;
    }

    /** Passes each waiting buffer, except those that TLS holds, to a callback. */
    void forEachQueued(Consumer<ByteBuf> action) {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        if (queue != null) {
            try {
                queue.forEachFlushedMessage(message -> {
                    if (message instanceof ByteBuf frame) {
                        action.accept(frame);
                    }
                    return true;
                });
            } catch (Exception e) {
                throw new IllegalStateException("the queue of a channel could not be read", e);
            }
        }
        if (waiting != null) {
            waiting.forEach(action);
        }
    }

    void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private boolean hasRoom() {
        return waiting == null && channel.isWritable() && heldByTls < HELD_BY_TLS_BYTES;
    }

    private ByteBuf next(Queue<ByteBuf> frames) {
        ByteBuf frame = frames.remove();
        waitingBytes -= frame.readableBytes();
        if (frames.isEmpty()) {
            waiting = null;
        }
        return frame;
    }

    /** Writes a view of the frame: others may be writing the same memory, and the channel moves indexes. */
    private void writeToChannel(ByteBuf frame) {
        if (sentByTls != null) {
            heldByTls += frame.readableBytes();
            encoder.write(frame.duplicate()).addListener(sentByTls);
        } else {
            writeNow(frame.duplicate());
        }
    }

    private void writeNow(ByteBuf frame) {
        if (socket != null) {
            socket.write(frame, unheard);
        } else {
            encoder.write(frame, unheard);
        }
    }

    private void flushChannel() {
        if (socket != null) {
            socket.flush();
        } else {
            encoder.flush();
        }
    }

    private void watch(ChannelOutboundBuffer queue) {
        Object frame = queue.current();
        long progress = queue.currentProgress();
        long sent = sentByTls == null ? 0 : sentByTls.count;
        timer = channel.eventLoop()
                .schedule(
                        () -> {
                            timer = null;
                            if (queue.isEmpty()) {
                                return;
                            }
                            boolean stuck = queue.current() == frame
                                    && queue.currentProgress() == progress
                                    && (sentByTls == null || sentByTls.count == sent);
                            if (stuck) {
                                onTimeout.run();
                            } else {
                                watch(queue);
                            }
                        },
                        writeTimeoutNanos,
                        TimeUnit.NANOSECONDS);
    }

    private static final class SentFrames implements ChannelFutureListener {

        private long count;

        @Override
        public void operationComplete(ChannelFuture written) {
            count++;
            if (!written.isSuccess()) {
                // No later frame may be sent without this one.
                written.channel().close();
            }
        }
    }
}
