package dev.realtime.connection;

import dev.realtime.transport.Transport;
import io.netty.buffer.ByteBuf;

/**
 * What waits to be sent to one client. The bytes themselves wait in the transport, where the socket takes them from; here
 * they are counted, bounded and put on the loop's list for one flush per turn.
 */
final class OutboundQueue {

    private final Transport transport;

    private final ConnectionLoop loop;

    private final NodeStatistics statistics;

    private final long maxBytes;

    private final Runnable onOverload;

    private boolean dirty;

    /** Whether the loop weighs this queue because the socket does not take all of it. */
    private boolean weighed;

    /** @param onOverload ends the connection, when the node holds too much for all its clients and much for this one */
    OutboundQueue(
            Transport transport, ConnectionLoop loop, NodeStatistics statistics, long maxBytes, Runnable onOverload) {
        this.transport = transport;
        this.loop = loop;
        this.statistics = statistics;
        this.maxBytes = maxBytes;
        this.onOverload = onOverload;
    }

    /** Queues one or more frames in one buffer; {@code false} if the client is too slow and must be disconnected. */
    boolean offer(ByteBuf frame, int messages) {
        if (!write(frame, messages)) {
            return false;
        }
        if (!dirty) {
            dirty = true;
            loop.flushLater(this);
        }
        return true;
    }

    /** The same for what a delivery brings, which is sent at once if nothing can join it. */
    boolean deliver(ByteBuf frame, int messages) {
        if (!loop.nothingFollows()) {
            return offer(frame, messages);
        }
        if (!write(frame, messages)) {
            return false;
        }
        loop.flushNow(this);
        return true;
    }

    private boolean write(ByteBuf frame, int messages) {
        statistics.sent(messages, frame.readableBytes());
        transport.write(frame);
        if (transport.queuedBytes() > maxBytes) {
            // Much at once is no sign of a slow client: it is slow if the socket does not take it.
            transport.flush();
            return transport.queuedBytes() <= maxBytes;
        }
        return true;
    }

    /** Called by the loop at the end of the turn. */
    void flush() {
        dirty = false;
        transport.flush();
    }

    /** Bytes the socket has not taken yet. */
    long queuedBytes() {
        return transport.queuedBytes();
    }

    boolean weighed() {
        return weighed;
    }

    void weighed(boolean weighed) {
        this.weighed = weighed;
    }

    /** Ends the connection, since the node holds too much. */
    void shed() {
        onOverload.run();
    }
}
