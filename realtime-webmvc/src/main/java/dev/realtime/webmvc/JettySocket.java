package dev.realtime.webmvc;

import dev.realtime.spi.transport.WebSocketFrames;
import dev.realtime.web.WebSocketOptions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * WebSocket through Jetty's own interface. Messages are demanded one at a time, so a client that is not read is held
 * back by the network; one message is sent at a time.
 *
 * <p>Jetty finds the methods of the listener by reflection, for which the class is public.
 */
public final class JettySocket implements Session.Listener, ClientSocket {

    /** Shortest idle timeout after which Jetty itself closes a connection. */
    private static final Duration MIN_IDLE_TIMEOUT = Duration.ofSeconds(30);

    private final ServletTransport transport;

    private @Nullable Session session;

    // Confined to the executor of the connection:

    private boolean demanded;

    /** A message is on its way, or Jetty has none of ours. */
    private boolean sending;

    /** Calls of {@link #send} are in progress: what Jetty reports inside of them needs no task. */
    private boolean insideSend;

    private long heldBytes;

    private boolean ended;

    JettySocket(ServletTransport transport) {
        this.transport = transport;
    }

    private Session session() {
        Session opened = session;
        if (opened == null) {
            throw new IllegalStateException("not open");
        }
        return opened;
    }

    @Override
    public void onWebSocketOpen(Session session) {
        this.session = session;
        WebSocketOptions options = transport.options();
        session.setMaxTextMessageSize(options.messageSizeLimit());
        session.setMaxBinaryMessageSize(options.messageSizeLimit());
        session.setIdleTimeout(idleTimeout(options.pingInterval()));
        transport.begin(this);
    }

    /** Returns a timeout that does not end an idle client between two pings; zero, for none, if it is not pinged. */
    private static Duration idleTimeout(Duration pingInterval) {
        Duration twoPings = pingInterval.multipliedBy(2);
        return !pingInterval.isZero() && twoPings.compareTo(MIN_IDLE_TIMEOUT) < 0 ? MIN_IDLE_TIMEOUT : twoPings;
    }

    @Override
    public void onWebSocketText(String message) {
        received(() -> transport.onMessage(Unpooled.wrappedBuffer(message.getBytes(StandardCharsets.UTF_8))));
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        callback.succeed();
        received(() -> transport.onMessage(Unpooled.wrappedBuffer(bytes)));
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        received(transport::onPong);
    }

    private void received(Runnable action) {
        transport.execute(() -> {
            demanded = false;
            try {
                action.run();
            } finally {
                demand();
            }
        });
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        // Jetty replies to violations itself; the end of the session follows.
        transport.execute(transport::endByContainer);
    }

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
        callback.succeed();
        transport.execute(this::onEnded);
    }

    private void onEnded() {
        if (!ended) {
            ended = true;
            transport.ended();
        }
    }

    @Override
    public void requestMessages() {
        transport.execute(this::demand);
    }

    private void demand() {
        if (!demanded && !ended && transport.wantsMessages() && session().isOpen()) {
            demanded = true;
            session().demand();
        }
    }

    @Override
    public boolean send(FrameQueue queue) {
        insideSend = true;
        try {
            while (!sending && !ended) {
                ByteBuf frame = queue.takeFrame();
                if (frame == null) {
                    return true;
                }
                send(frame);
            }
            return false;
        } finally {
            insideSend = false;
        }
    }

    /** Sends a frame, whose reference is taken over whatever happens. */
    private void send(ByteBuf frame) {
        sending = true;
        heldBytes = frame.readableBytes();
        int header = WebSocketFrames.headerLength(frame);
        int start = frame.readerIndex() + header;
        int length = frame.readableBytes() - header;
        boolean text = (frame.getByte(frame.readerIndex()) & 0x0F) == 1;
        Callback sent = Callback.from(() -> onSent(frame), failure -> onFailed(frame));
        if (text) {
            session().sendText(frame.toString(start, length, StandardCharsets.UTF_8), sent);
        } else {
            session().sendBinary(frame.nioBuffer(start, length), sent);
        }
    }

    private void onSent(ByteBuf frame) {
        frame.release();
        if (transport.executor().inEventLoop() && insideSend) {
            sending = false;
            heldBytes = 0;
            return;
        }
        transport.execute(() -> {
            sending = false;
            heldBytes = 0;
            transport.drain();
        });
    }

    private void onFailed(ByteBuf frame) {
        frame.release();
        transport.execute(this::disconnect);
    }

    @Override
    public long heldBytes() {
        return heldBytes;
    }

    @Override
    public void ping(FrameQueue queue) {
        if (!sending && !ended) {
            session().sendPing(ByteBuffer.wrap(new byte[] {'p'}), Callback.NOOP);
        }
    }

    @Override
    public void close(int code, String reason) {
        session().close(code, reason, Callback.from(() -> {}, failure -> transport.execute(this::disconnect)));
    }

    @Override
    public void disconnect() {
        heldBytes = 0;
        session().disconnect();
        onEnded();
    }
}
