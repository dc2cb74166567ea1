package dev.realtime.web;

import dev.realtime.api.client.Disconnect;
import dev.realtime.json.WireWriter;
import dev.realtime.protocol.MalformedFrameException;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportDescription;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.spi.transport.WebSocketFrames;
import dev.realtime.spi.transport.WireForm;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.EventExecutor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * WebSocket of a unidirectional client, over the transport that has the socket. Its first message is the connect
 * request, unless the query had one; later messages are ignored.
 */
public final class UniWebSocketTransport implements Transport, TransportListener {

    private final Transport socket;

    private final UniWebSocketOptions options;

    private final ProtocolLimits limits;

    private final TransportListener node;

    /** Frames that a flush joins; empty if they are not to be joined. */
    private final Queue<ByteBuf> held = new ArrayDeque<>(0);

    private long heldBytes;

    /** Whether the connect request has arrived. */
    private boolean connecting;

    /** Whether the connect request was malformed, so that the close frame says all. */
    private boolean malformed;

    private boolean closing;

    private UniWebSocketTransport(
            Transport socket,
            Function<Transport, TransportListener> node,
            UniWebSocketOptions options,
            ProtocolLimits limits) {
        this.socket = socket;
        this.options = options;
        this.limits = limits;
        this.node = node.apply(this);
    }

    /**
     * Gives a socket to the node, with the connect request of its query.
     *
     * @param connect connect request; {@code null} if the client sends it
     */
    public static TransportListener open(
            Transport socket,
            Function<Transport, TransportListener> node,
            @Nullable String connect,
            UniWebSocketOptions options,
            ProtocolLimits limits) {
        UniWebSocketTransport transport = new UniWebSocketTransport(socket, node, options, limits);
        if (connect != null && !connect.isEmpty() && !transport.closing) {
            transport.onMessage(Unpooled.wrappedBuffer(connect.getBytes(StandardCharsets.UTF_8)));
        }
        return transport;
    }

    @Override
    public void onMessage(ByteBuf frame) {
        if (!connecting) {
            connecting = true;
            malformed = isMalformed(frame);
            node.onMessage(frame);
        }
    }

    private boolean isMalformed(ByteBuf frame) {
        try {
            wireForm().body().read(ByteBufUtil.getBytes(frame), limits).next();
            return false;
        } catch (MalformedFrameException e) {
            return true;
        }
    }

    @Override
    public void onClosed() {
        closing = true;
        dropHeld();
        node.onClosed();
    }

    @Override
    public EventExecutor executor() {
        return socket.executor();
    }

    @Override
    public WireForm wireForm() {
        return socket.wireForm();
    }

    @Override
    public TransportDescription describe() {
        return socket.describe();
    }

    @Override
    public void write(ByteBuf frame) {
        if (options.joinPushMessages() && !closing) {
            heldBytes += frame.readableBytes();
            held.add(frame);
        } else {
            socket.write(frame);
        }
    }

    @Override
    public void flush() {
        writeHeld();
        socket.flush();
    }

    @Override
    public long queuedBytes() {
        return socket.queuedBytes() + heldBytes;
    }

    @Override
    public void forEachQueued(Consumer<ByteBuf> action) {
        socket.forEachQueued(action);
        held.forEach(action);
    }

    @Override
    public void pauseReading() {
        socket.pauseReading();
    }

    @Override
    public void resumeReading() {
        socket.resumeReading();
    }

    @Override
    public void close(Disconnect disconnect) {
        if (closing) {
            return;
        }
        if (disconnect.dropsQueue()) {
            dropHeld();
        }
        writeHeld();
        closing = true;
        boolean push = !options.disableDisconnectPush() && !malformed && !disconnect.dropsQueue();
        if (push) {
            socket.write(wireForm().disconnectFrame(disconnect, ByteBufAllocator.DEFAULT));
        }
        if (options.disableClosingHandshake()) {
            socket.flush();
            socket.abort();
        } else {
            socket.close(disconnect);
        }
    }

    @Override
    public void abort() {
        closing = true;
        dropHeld();
        socket.abort();
    }

    private void dropHeld() {
        for (ByteBuf frame = held.poll(); frame != null; frame = held.poll()) {
            frame.release();
        }
        heldBytes = 0;
    }

    /** Joins the messages of the frames that wait by line feeds, which no message contains. */
    private void writeHeld() {
        if (held.size() == 1) {
            heldBytes = 0;
            socket.write(held.remove());
        } else if (!held.isEmpty()) {
            WireWriter message = new WireWriter();
            held.forEach(frames -> WebSocketFrames.forEachFrame(frames, frame -> append(frame, message)));
            dropHeld();
            socket.write(wireForm().frame(message, ByteBufAllocator.DEFAULT));
        }
    }

    private static void append(ByteBuf frame, WireWriter message) {
        if (message.size() > 0) {
            message.write((byte) '\n');
        }
        int header = WebSocketFrames.headerLength(frame);
        message.write(ByteBufUtil.getBytes(frame, frame.readerIndex() + header, frame.readableBytes() - header));
    }
}
