package dev.realtime.webflux;

import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.web.MessageCompression;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ByteProcessor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * Assembly of the messages of one client from its frames: joins fragments, checks size and UTF-8, and holds frames
 * while reading is paused. It is the last handler before that of Reactor Netty, which no longer receives frames but is
 * still notified of the end of the channel.
 *
 * <p>The first frame that arrives while reading is paused turns off reading from the socket: most pauses end before the
 * client sends anything, and changing what the kernel reports costs two system calls. Frames that the decoder has
 * already read are held here: at most one read of the socket (64 KiB).
 */
final class InboundFrames extends ChannelInboundHandlerAdapter {

    private static final String FRAME_DECODER = "realtime.frameDecoder";

    private static final ByteProcessor ASCII = octet -> octet >= 0;

    private final NettyTransport transport;

    private final Channel channel;

    private final int messageSizeLimit;

    /** Null if messages arrive as they are. */
    private final @Nullable MessageCompression compression;

    /** First fragments of a message; null between messages. */
    private @Nullable ByteBuf fragments;

    private boolean fragmentsAreText;

    private boolean fragmentsAreCompressed;

    private boolean paused;

    /** Frames that arrived while reading was paused, in order; null until there are any. */
    private @Nullable Queue<WebSocketFrame> held;

    /** @param compression compression that was negotiated; {@code null} for none */
    InboundFrames(
            NettyTransport transport, Channel channel, int messageSizeLimit, @Nullable MessageCompression compression) {
        this.transport = transport;
        this.channel = channel;
        this.messageSizeLimit = messageSizeLimit;
        this.compression = compression;
    }

    /**
     * Adds this handler to the pipeline and replaces the frame decoder of the handshake, which accepts reserved bits
     * and sends its own close frames.
     */
    void install() {
        ChannelPipeline pipeline = channel.pipeline();
        WebSocketDecoderConfig config = WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(limit(compression != null))
                .allowExtensions(compression != null)
                .closeOnProtocolViolation(false)
                .build();
        pipeline.replace(WebSocket13FrameDecoder.class, FRAME_DECODER, new FrameDecoder(config));
        pipeline.addBefore(NettyPipeline.ReactiveBridge, "realtime.inboundFrames", this);
    }

    /** Reads what the client sent together with its handshake. */
    void begin() {
        EarlyBytes.replay(channel, FRAME_DECODER);
    }

    void pause() {
        paused = true;
    }

    /** Resumes reading. Held frames are processed in a separate task, never by this call. */
    void resume() {
        paused = false;
        if (holdsFrames()) {
            channel.eventLoop().execute(Boundary.ownedTask(Place.EXECUTOR_TASK, transport, this::deliverHeld));
        }
    }

    boolean paused() {
        return paused;
    }

    private boolean holdsFrames() {
        return held != null && !held.isEmpty();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf undecoded) {
            undecoded.release();
        } else if (!(message instanceof WebSocketFrame frame)) {
            context.fireChannelRead(message);
        } else if (paused || holdsFrames()) {
            if (held == null) {
                held = new ArrayDeque<>();
            }
            held.add(frame);
            channel.config().setAutoRead(false);
        } else {
            deliver(frame);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable()) {
            transport.onWritable();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        if (failure instanceof CorruptedWebSocketFrameException violation) {
            transport.refuse(violation.closeStatus());
            stopDecoding();
        } else if (failure instanceof IOException) {
            // Caused by the network; channelInactive follows.
            return;
        } else if (failure.getCause() instanceof IOException) {
            // The bytes are not TLS, so there is no client to notify.
            channel.close();
        } else {
            transport.fail(failure);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        release();
        transport.ended();
        context.fireChannelInactive();
    }

    /** Drops everything after a violation as it arrives, because the decoder would read it octet by octet. */
    private void stopDecoding() {
        if (channel.pipeline().get(FRAME_DECODER) != null) {
            channel.pipeline().remove(FRAME_DECODER);
        }
    }

    private void deliverHeld() {
        WebSocketFrame frame;
        while (!paused && held != null && (frame = held.poll()) != null) {
            deliver(frame);
        }
        if (!holdsFrames()) {
            channel.config().setAutoRead(true);
        }
    }

    private void deliver(WebSocketFrame frame) {
        try {
            if (frame instanceof CloseWebSocketFrame close) {
                transport.onClose(close.statusCode());
            } else if (transport.closing()) {
                return;
            } else if (frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame) {
                boolean text = frame instanceof TextWebSocketFrame;
                boolean compressed = frame.rsv() != 0;
                if (frame.isFinalFragment()) {
                    onMessage(frame.content(), text, compressed);
                } else {
                    fragments = frame.content().alloc().buffer();
                    fragmentsAreText = text;
                    fragmentsAreCompressed = compressed;
                    append(frame.content(), fragments);
                }
            } else if (frame instanceof ContinuationWebSocketFrame && fragments != null) {
                onContinuation(frame, fragments);
            } else if (frame instanceof PingWebSocketFrame) {
                transport.onPing(frame.content());
            } else if (frame instanceof PongWebSocketFrame) {
                transport.onPong();
            }
        } finally {
            frame.release();
        }
    }

    private void onContinuation(WebSocketFrame frame, ByteBuf joined) {
        if (append(frame.content(), joined) && frame.isFinalFragment()) {
            fragments = null;
            try {
                onMessage(joined, fragmentsAreText, fragmentsAreCompressed);
            } finally {
                joined.release();
            }
        }
    }

    private boolean append(ByteBuf content, ByteBuf joined) {
        if (joined.readableBytes() + content.readableBytes() > limit(fragmentsAreCompressed)) {
            transport.refuse(WebSocketCloseStatus.MESSAGE_TOO_BIG);
            return false;
        }
        joined.writeBytes(content);
        return true;
    }

    /** Returns the number of bytes that a message may have on the wire. */
    private int limit(boolean compressed) {
        return compressed ? MessageCompression.compressedLimit(messageSizeLimit) : messageSizeLimit;
    }

    private void onMessage(ByteBuf message, boolean text, boolean compressed) {
        if (compressed && compression != null) {
            onCompressed(message, text, compression);
        } else {
            onPlain(message, text);
        }
    }

    private void onCompressed(ByteBuf message, boolean text, MessageCompression negotiated) {
        ByteBuf plain;
        try {
            plain = negotiated.inflate(message, messageSizeLimit);
        } catch (DataFormatException broken) {
            // Fails the connection (RFC 7692 section 7.2.2). SDKs reconnect after this code.
            transport.refuse(WebSocketCloseStatus.INVALID_PAYLOAD_DATA);
            return;
        }
        if (plain == null) {
            transport.refuse(WebSocketCloseStatus.MESSAGE_TOO_BIG);
            return;
        }
        try {
            onPlain(plain, text);
        } finally {
            plain.release();
        }
    }

    private void onPlain(ByteBuf message, boolean text) {
        if (message.readableBytes() > messageSizeLimit) {
            transport.refuse(WebSocketCloseStatus.MESSAGE_TOO_BIG);
        } else if (text && !isUtf8(message)) {
            transport.refuse(WebSocketCloseStatus.INVALID_PAYLOAD_DATA);
        } else {
            transport.onMessage(message);
        }
    }

    /** Checks for ASCII first, which almost all messages are and which is much faster to check. */
    private static boolean isUtf8(ByteBuf message) {
        int rest = message.forEachByte(ASCII);
        return rest == -1 || ByteBufUtil.isText(message, rest, message.writerIndex() - rest, StandardCharsets.UTF_8);
    }

    private void release() {
        if (fragments != null) {
            fragments.release();
            fragments = null;
        }
        if (held != null) {
            held.forEach(WebSocketFrame::release);
            held = null;
        }
    }

    /**
     * Netty's decoder with a check of the reserved bits, all of which Netty accepts with any extension. The only
     * extension is permessage-deflate, which allows the first bit on the first frame of a message (RFC 7692 section 6).
     */
    private static final class FrameDecoder extends WebSocket13FrameDecoder {

        private static final int FIRST_BIT = 4;

        FrameDecoder(WebSocketDecoderConfig config) {
            super(config);
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
            super.decode(context, in, out);
            for (Object decoded : out) {
                if (decoded instanceof WebSocketFrame frame && !allows(frame)) {
                    out.remove(frame);
                    frame.release();
                    throw new CorruptedWebSocketFrameException(
                            WebSocketCloseStatus.PROTOCOL_ERROR, "reserved bits where the extension allows none");
                }
            }
        }

        private static boolean allows(WebSocketFrame frame) {
            boolean first = frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame;
            return frame.rsv() == 0 || (first && frame.rsv() == FIRST_BIT);
        }
    }
}
