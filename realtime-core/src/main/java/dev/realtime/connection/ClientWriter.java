package dev.realtime.connection;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.failure.FailureOwner;
import dev.realtime.json.WireWriter;
import dev.realtime.loop.ConnectionLoop;
import dev.realtime.loop.Droppable;
import dev.realtime.loop.OutboundQueue;
import dev.realtime.protocol.ProtocolCodec;
import dev.realtime.protocol.Push;
import dev.realtime.protocol.Reply;
import dev.realtime.spi.transport.Transport;
import dev.realtime.statistics.NodeStatistics;
import dev.realtime.statistics.ReachedLimit;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is sent to one client: encoded in its wire form and queued, in order. A client that cannot be sent
 * something, because it is slow or because the data is not JSON, is disconnected. Used on the executor of the
 * connection only.
 */
public final class ClientWriter {

    /** Ends the connection that writes. */
    interface Closer extends FailureOwner {

        void close(Disconnect disconnect, String why);
    }

    private final Transport transport;

    private final ConnectionLoop loop;

    private final NodeStatistics statistics;

    private final Closer closer;

    private final OutboundQueue outbound;

    /** Whether the connection has ended, so that nothing is sent. */
    private boolean closed;

    ClientWriter(Transport transport, ConnectionLoop loop, NodeStatistics statistics, long maxBytes, Closer closer) {
        this.transport = transport;
        this.loop = loop;
        this.statistics = statistics;
        this.closer = closer;
        this.outbound = new OutboundQueue(transport, loop, maxBytes, this::overloaded, closer);
    }

    /**
     * Sends nothing from now on.
     *
     * @param sends whether the client still gets what was queued
     */
    void stop(boolean sends) {
        closed = true;
        outbound.close(sends);
    }

    /** Returns the encoding that the client speaks. */
    public ProtocolCodec codec() {
        return transport.wireForm().codec();
    }

    /** Notes the error of a connect whose client gets no reply, but a disconnect. */
    void connectFailed(ClientError error) {
        if (!closed) {
            transport.connectFailed(error);
        }
    }

    void reply(Reply reply) {
        if (!closed) {
            WireWriter writer = loop.writer();
            codec().writeReply(reply, writer);
            send(frame(writer));
        }
    }

    /** Returns whether the push was queued; a client that cannot be sent it is disconnected. */
    public boolean push(Push push) {
        if (closed) {
            return false;
        }
        if (!push.fits(codec())) {
            return notForThisProtocol();
        }
        WireWriter writer = loop.writer();
        transport.wireForm().body().writePush(push, writer);
        return send(frame(writer));
    }

    void ping() {
        WireWriter writer = loop.writer();
        transport.wireForm().body().writePing(writer);
        send(frame(writer));
    }

    /**
     * Sends what was delivered to a channel.
     *
     * @param frames complete frames, whose reference is taken over; {@code null} is data this client cannot be sent
     */
    boolean deliver(@Nullable ByteBuf frames, int messages) {
        if (frames == null) {
            return notForThisProtocol();
        }
        return isOpenFor(frames) && (outbound.deliver(frames, messages) || tooSlow());
    }

    /** Returns whether the client does not take what it is sent as fast as it comes. */
    boolean isBehind() {
        return !closed && outbound.isBehind();
    }

    /**
     * Sends a publication that may be left out, once the client has caught up.
     *
     * @param frame one complete frame, whose reference is taken over; {@code null} is data this client cannot be sent
     */
    void hold(@Nullable ByteBuf frame, Droppable droppable) {
        if (frame == null) {
            notForThisProtocol();
        } else if (isOpenFor(frame) && !outbound.hold(frame, droppable)) {
            tooSlow();
        }
    }

    /** Notes that a publication was queued, with the time at which it arrived at the hub. */
    void delivered(long arrivedNanos) {
        loop.delivered(arrivedNanos);
    }

    private ByteBuf frame(WireWriter writer) {
        return transport.wireForm().frame(writer, ByteBufAllocator.DEFAULT);
    }

    /** Queues a complete frame, whose reference is taken over. */
    private boolean send(ByteBuf frame) {
        return isOpenFor(frame) && (outbound.offer(frame, 1) || tooSlow());
    }

    /** Returns whether the frames can still be sent; releases them if not. */
    private boolean isOpenFor(ByteBuf frames) {
        if (closed) {
            frames.release();
            return false;
        }
        return true;
    }

    /** Ends the connection; always {@code false}. */
    private boolean notForThisProtocol() {
        closer.close(Disconnect.INAPPROPRIATE_PROTOCOL, "data that is not JSON was published to a JSON client");
        return false;
    }

    /** Ends the connection; always {@code false}. */
    private boolean tooSlow() {
        statistics.refused(ReachedLimit.QUEUE, "");
        closer.close(Disconnect.SLOW, "the queue exceeds its limit");
        return false;
    }

    /** The node holds too much for its clients, and most of all for this one. */
    private void overloaded() {
        if (closed) {
            return;
        }
        statistics.refused(ReachedLimit.NODE_QUEUE, "");
        closer.close(Disconnect.SLOW, "node queue limit exceeded; this is one of the largest queues");
    }
}
