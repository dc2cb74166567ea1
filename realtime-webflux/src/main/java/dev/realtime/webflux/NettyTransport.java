package dev.realtime.webflux;

import dev.realtime.api.client.Disconnect;
import dev.realtime.failure.FailureOwner;
import dev.realtime.failure.Place;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportDescription;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.spi.transport.WireForm;
import dev.realtime.web.MessageCompression;
import dev.realtime.web.NativePing;
import dev.realtime.web.WebSocketOptions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * WebSocket on the channel under Reactor Netty's session. Its executor is the channel's event loop.
 *
 * <p>It is open until the node closes it, the client sends a close frame or breaks a rule, or the socket ends. From
 * then on it is closing, and the socket is closed within {@link #CLOSE_TIMEOUT}. The listener is notified when the
 * socket has ended, or immediately if the node does not know yet that the connection is over.
 */
final class NettyTransport implements Transport, FailureOwner {

    /** Time the client may take to reply to a close frame, and a full socket to accept one. */
    static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private static final Logger logger = LoggerFactory.getLogger(NettyTransport.class);

    private static final byte[] PING = {'p'};

    private final Channel channel;

    private final InboundFrames inbound;

    private final OutboundFrames outbound;

    private final WireForm wireForm;

    private final TransportDescription description;

    private final @Nullable NativePing nativePing;

    private TransportListener listener = NoListener.INSTANCE;

    /** Whether nothing is written for the node any more and messages are dropped. */
    private boolean closing;

    /** Whether the listener has had its last call. */
    private boolean notified;

    /** Timer that closes the socket of a client that does not finish the closing handshake. */
    private @Nullable Future<?> closeTimer;

    private NettyTransport(
            Channel channel,
            WireForm wireForm,
            TransportDescription description,
            WebSocketOptions options,
            @Nullable MessageCompression compression) {
        this.channel = channel;
        this.inbound = new InboundFrames(this, channel, options.messageSizeLimit(), compression);
        this.outbound = new OutboundFrames(channel, options.writeTimeout(), compression, this::cut);
        this.wireForm = wireForm;
        this.description = description;
        boolean ping = NativePing.isNeeded(wireForm, description, options);
        this.nativePing = ping
                ? new NativePing(
                        channel.eventLoop(),
                        options.pingInterval(),
                        options.pongTimeout(),
                        this::ping,
                        this::noPong,
                        this)
                : null;
    }

    /**
     * Takes over an upgraded channel, unless it is closed by now. Must be called on the event loop.
     *
     * @param compression compression that was negotiated; {@code null} for none
     */
    static void open(
            Channel channel,
            WireForm wireForm,
            TransportDescription description,
            WebSocketOptions options,
            @Nullable MessageCompression compression,
            Function<Transport, TransportListener> node) {
        if (!channel.isActive()) {
            return;
        }
        try {
            NettyTransport transport = new NettyTransport(channel, wireForm, description, options, compression);
            transport.inbound.install();
            transport.start(node);
        } catch (Throwable e) {
            logger.error("Closing a connection because it could not be taken over", e);
            channel.close();
        }
    }

    private void start(Function<Transport, TransportListener> node) {
        try {
            listener = node.apply(this);
        } catch (Throwable e) {
            fail(e);
        }
        if (nativePing != null && !closing) {
            nativePing.start();
        }
        channel.config().setAutoRead(true);
        inbound.begin();
    }

    @Override
    public EventExecutor executor() {
        return channel.eventLoop();
    }

    @Override
    public WireForm wireForm() {
        return wireForm;
    }

    @Override
    public TransportDescription describe() {
        return description;
    }

    @Override
    public void write(ByteBuf frame) {
        if (closing) {
            frame.release();
        } else {
            outbound.write(frame);
        }
    }

    @Override
    public void flush() {
        if (!closing) {
            outbound.flush();
        }
    }

    /** Of frames the channel already has, includes what Netty adds for each (96 bytes): it is held in memory too. */
    @Override
    public long queuedBytes() {
        return outbound.queuedBytes();
    }

    @Override
    public void forEachQueued(Consumer<ByteBuf> action) {
        outbound.forEachQueued(action);
    }

    @Override
    public void pauseReading() {
        if (!closing) {
            inbound.pause();
        }
    }

    @Override
    public void resumeReading() {
        if (!closing) {
            inbound.resume();
        }
    }

    @Override
    public void close(Disconnect disconnect) {
        if (closing) {
            return;
        }
        try {
            beginClosing();
            send(disconnect);
        } catch (Throwable failure) {
            cut();
            throw failure;
        }
    }

    private void send(Disconnect disconnect) {
        if (disconnect.dropsQueue()) {
            outbound.drop();
        }
        if (disconnect.code() == Disconnect.CONNECTION_CLOSED.code()) {
            channel.close();
        } else {
            outbound.finish();
            channel.writeAndFlush(new CloseWebSocketFrame(disconnect.code(), disconnect.reason()));
        }
    }

    @Override
    public void abort() {
        beginClosing();
        outbound.drop();
        cut();
    }

    /** The socket has taken enough to be given more. */
    void onWritable() {
        outbound.onWritable();
    }

    boolean closing() {
        return closing;
    }

    void onMessage(ByteBuf message) {
        try {
            listener.onMessage(message);
        } catch (Throwable failure) {
            fail(failure);
        }
    }

    /**
     * Sends a pong unless the client does not read: the pong to a later ping is one to the earlier ones too (RFC 6455,
     * 5.5.3).
     */
    void onPing(ByteBuf payload) {
        if (channel.isWritable()) {
            channel.writeAndFlush(new PongWebSocketFrame(payload.retain()));
        }
    }

    void onPong() {
        if (nativePing != null) {
            nativePing.onPong();
        }
    }

    /** @param code of the client's close frame; -1 if it had none */
    void onClose(int code) {
        if (closing) {
            channel.close();
            return;
        }
        if (code > 4999) {
            refuse(WebSocketCloseStatus.PROTOCOL_ERROR);
            return;
        }
        beginClosing();
        outbound.drop();
        CloseWebSocketFrame answer = code == -1 ? new CloseWebSocketFrame() : new CloseWebSocketFrame(code, "");
        channel.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
        notifyClosed();
    }

    /** Ends the connection of a client that broke a rule of RFC 6455. */
    void refuse(WebSocketCloseStatus status) {
        if (closing) {
            return;
        }
        beginClosing();
        outbound.drop();
        channel.writeAndFlush(new CloseWebSocketFrame(status, "")).addListener(written -> endOutput());
        notifyClosed();
    }

    void fail(Throwable failure) {
        logger.error("Closing a connection with code 3004 because of an unexpected error", failure);
        try {
            close(Disconnect.SERVER_ERROR);
        } finally {
            notifyClosed();
        }
    }

    @Override
    public void failed(Place place, Throwable failure) {
        fail(failure);
    }

    /** The channel is inactive. */
    void ended() {
        try {
            beginClosing();
            outbound.drop();
            if (closeTimer != null) {
                closeTimer.cancel(false);
            }
        } finally {
            notifyClosed();
        }
    }

    /**
     * Ends the stream to the client without closing the socket: closing it with unread bytes of the client in it would
     * send a reset, which may overtake the close frame. What still comes is read and dropped until the client closes.
     */
    private void endOutput() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        } else if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
    }

    /** Closes the socket immediately, with all that is queued: TLS would first wait for its farewell to be taken. */
    private void cut() {
        channel.unsafe().close(channel.unsafe().voidPromise());
    }

    private void beginClosing() {
        if (closing) {
            return;
        }
        closing = true;
        outbound.cancelTimer();
        if (nativePing != null) {
            nativePing.cancel();
        }
        if (channel.isActive()) {
            try {
                closeTimer = channel.eventLoop().schedule(this::cut, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (Throwable failure) {
                // Without a timer the socket of a client that does not close would stay open.
                cut();
                throw failure;
            }
            inbound.resume();
        }
    }

    private void notifyClosed() {
        if (!notified) {
            notified = true;
            listener.onClosed();
        }
    }

    private void ping() {
        channel.writeAndFlush(new PingWebSocketFrame(Unpooled.wrappedBuffer(PING)));
    }

    /** While reading is paused, a pong may be waiting in the socket. */
    private void noPong() {
        if (!inbound.paused()) {
            close(Disconnect.NO_PONG);
            notifyClosed();
        }
    }

    /** Placeholder until the node returns a listener; it stays if the node fails to. */
    private enum NoListener implements TransportListener {
        INSTANCE;

        @Override
        public void onMessage(ByteBuf frame) {}

        @Override
        public void onClosed() {}
    }
}
