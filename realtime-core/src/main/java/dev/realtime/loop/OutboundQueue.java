package dev.realtime.loop;

import dev.realtime.failure.FailureOwner;
import dev.realtime.spi.transport.Transport;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Account of the bytes that wait to be sent to one client. The bytes themselves wait in the transport, where the socket
 * takes them from; here they are counted, bounded and put on the loop's list for one flush per turn.
 */
public final class OutboundQueue {

    private final Transport transport;

    private final ConnectionLoop loop;

    private final long maxBytes;

    private final Runnable onOverload;

    private final FailureOwner owner;

    private boolean dirty;

    /** What the loop weighed while the socket does not take all of it; {@code null} while it does. */
    private SlowQueues.@Nullable Weight weight;

    /**
     * @param onOverload ends the connection, when the node holds too much for all its clients and much for this one
     * @param owner ends when flushing fails
     */
    public OutboundQueue(
            Transport transport, ConnectionLoop loop, long maxBytes, Runnable onOverload, FailureOwner owner) {
        this.transport = transport;
        this.loop = loop;
        this.maxBytes = maxBytes;
        this.onOverload = onOverload;
        this.owner = owner;
    }

    /** Ends when flushing fails. */
    FailureOwner owner() {
        return owner;
    }

    /** Queues one or more frames in one buffer; {@code false} if the client is too slow and must be disconnected. */
    public boolean offer(ByteBuf frame, int messages) {
        if (!write(frame, messages)) {
            return false;
        }
        if (!dirty) {
            dirty = true;
            loop.flushLater(this);
        }
        return true;
    }

    /** The same for what a delivery brings, which is sent immediately if nothing can join it. */
    public boolean deliver(ByteBuf frame, int messages) {
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
        int bytes = frame.readableBytes();
        // First, so that the reference has an owner whatever fails.
        transport.write(frame);
        loop.sent(messages, bytes);
        if (transport.queuedBytes() > maxBytes) {
            // Many bytes at the same time are no sign of a slow client: it is slow if the socket does not take it.
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

    SlowQueues.@Nullable Weight weight() {
        return weight;
    }

    void weight(SlowQueues.@Nullable Weight weight) {
        this.weight = weight;
    }

    /** Calls back with each buffer that waits, as far as the transport can show them. */
    void forEachQueued(Consumer<ByteBuf> action) {
        transport.forEachQueued(action);
    }

    /** Ends the connection, since the node holds too much. */
    void shed() {
        onOverload.run();
    }

    /** Gives up what is still queued for a connection that was ended. */
    void abort() {
        transport.abort();
    }
}
