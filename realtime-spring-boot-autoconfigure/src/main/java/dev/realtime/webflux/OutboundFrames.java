package dev.realtime.webflux;

import dev.realtime.transport.WebSocketFrame;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.VoidChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameEncoder;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionEncoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way out of one channel: complete frames are written below the WebSocket encoder, byte for byte as they are, so that
 * one encoded frame serves all clients. The queue is Netty's own, {@link ChannelOutboundBuffer}; it is asked for its size, for
 * its progress and, when a slow client ends, to let go of what it holds. Confined to the event loop.
 */
final class OutboundFrames {

    private static final ClosedChannelException DROPPED = new ClosedChannelException();

    private final Channel channel;

    /** Writes from here skip the encoder. */
    private final ChannelHandlerContext encoder;

    /** For writes nobody waits for; unlike the channel's own it does not report each frame lost with the socket. */
    private final ChannelPromise unheard;

    private final boolean encrypted;

    private final boolean compressed;

    private final int compressionMinSize;

    /** Null without TLS. */
    private final @Nullable ChannelFutureListener countSentByTls;

    private final long writeTimeoutNanos;

    private final Runnable onTimeout;

    /** Written and not flushed, as long as TLS holds it above the queue of the channel. */
    private long heldByTls;

    /** Counts what TLS has sent, whose buffers are used again and cannot be told apart. */
    private long sentByTls;

    /** Looks after a socket that took not everything of the last flush; null while it takes all. */
    private @Nullable Future<?> timer;

    /** @param onTimeout called when the socket took nothing for the write timeout */
    OutboundFrames(Channel channel, WebSocketOptions options, Runnable onTimeout) {
        this.channel = channel;
        this.encoder = channel.pipeline().context(WebSocketFrameEncoder.class);
        this.unheard = new VoidChannelPromise(channel, false);
        this.encrypted = channel.pipeline().get(SslHandler.class) != null;
        this.compressed = channel.pipeline().get(WebSocketExtensionEncoder.class) != null;
        this.compressionMinSize = options.compressionMinSize();
        this.countSentByTls = encrypted ? written -> sentByTls++ : null;
        this.writeTimeoutNanos = options.writeTimeout().toNanos();
        this.onTimeout = onTimeout;
    }

    boolean encrypted() {
        return encrypted;
    }

    /** Takes over one reference; others may be writing the same memory, so only a view of it goes into the queue. */
    void write(ByteBuf frame) {
        if (compressed && frame.readableBytes() - WebSocketFrame.headerLength(frame) >= compressionMinSize) {
            writeCompressed(frame);
        } else if (countSentByTls != null) {
            heldByTls += frame.readableBytes();
            encoder.write(frame.duplicate()).addListener(countSentByTls);
        } else {
            encoder.write(frame.duplicate(), unheard);
        }
    }

    private void writeCompressed(ByteBuf frame) {
        int header = WebSocketFrame.headerLength(frame);
        boolean text = (frame.getByte(frame.readerIndex()) & 0x0F) == 1;
        ByteBuf message = frame.slice(frame.readerIndex() + header, frame.readableBytes() - header);
        channel.write(text ? new TextWebSocketFrame(message) : new BinaryWebSocketFrame(message));
    }

    void flush() {
        heldByTls = 0;
        encoder.flush();
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        if (queue != null && !queue.isEmpty() && timer == null && writeTimeoutNanos > 0) {
            watch(queue);
        }
    }

    long queuedBytes() {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        return queue == null ? 0 : queue.totalPendingWriteBytes() + heldByTls;
    }

    /**
     * Releases all that is queued but the rest of a frame whose beginning has left, without which the client could not read
     * the close frame that follows.
     *
     * @return false if nothing was dropped: records of TLS cannot be taken back, and what was compressed lies in pieces
     */
    boolean dropQueue() {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        if (encrypted || compressed || queue == null) {
            return false;
        }
        queue.addFlush();
        ByteBuf begun = queue.currentProgress() > 0 && queue.current() instanceof ByteBuf frame
                ? frame.retainedDuplicate()
                : null;
        while (queue.remove(DROPPED)) {}
        if (begun != null) {
            encoder.write(begun, unheard);
        }
        return true;
    }

    void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void watch(ChannelOutboundBuffer queue) {
        Object frame = queue.current();
        long progress = queue.currentProgress();
        long sent = sentByTls;
        timer = channel.eventLoop()
                .schedule(
                        () -> {
                            timer = null;
                            if (queue.isEmpty()) {
                                return;
                            }
                            if (queue.current() == frame && queue.currentProgress() == progress && sentByTls == sent) {
                                onTimeout.run();
                            } else {
                                watch(queue);
                            }
                        },
                        writeTimeoutNanos,
                        TimeUnit.NANOSECONDS);
    }
}
