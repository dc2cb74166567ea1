package dev.realtime.loop;

import dev.realtime.failure.FailureOwner;
import dev.realtime.spi.transport.Transport;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Account of the bytes that wait to be sent to one client. The bytes themselves wait in the transport, where the socket
 * takes them from; here they are counted, bounded and put on the loop's list for one flush per turn.
 *
 * <p>A client is behind when its transport holds more than a moment's worth of bytes that the socket does not take.
 * Then publications that may be left out are held here, see {@link HeldFrames}, and everything that comes after them
 * too, so that the order stays. They move to the transport as the socket takes bytes.
 */
public final class OutboundQueue {

    private static final long MAX_BEHIND_BYTES = 16_384;

    private final Transport transport;

    private final ConnectionLoop loop;

    private final long maxBytes;

    private final Runnable onOverload;

    private final FailureOwner owner;

    /** Bytes in the transport from which the client is behind. */
    private final long behindBytes;

    private boolean dirty;

    /** What waits in front of the transport; {@code null} while the client has never been behind. */
    private @Nullable HeldFrames held;

    /** Whether the loop visits the queue because of what is held. */
    private boolean visited;

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
        this.behindBytes = Math.min(MAX_BEHIND_BYTES, maxBytes / 4);
        this.onOverload = onOverload;
        this.owner = owner;
    }

    /** Ends when flushing fails. */
    FailureOwner owner() {
        return owner;
    }

    /** Queues one or more frames in one buffer; {@code false} if the client is too slow and must be disconnected. */
    public boolean offer(ByteBuf frame, int messages) {
        if (isHolding()) {
            return hold(frame, messages);
        }
        if (!write(frame, messages)) {
            return false;
        }
        flushLater();
        return true;
    }

    private void flushLater() {
        if (!dirty) {
            dirty = true;
            loop.flushLater(this);
        }
    }

    /** The same for what a delivery brings, which is sent immediately if nothing can join it. */
    public boolean deliver(ByteBuf frame, int messages) {
        if (isHolding() || !loop.nothingFollows()) {
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

    /** Returns whether the client is behind, so that publications may be left out. */
    public boolean isBehind() {
        if (isHolding()) {
            moveHeld();
            return isHolding();
        }
        return !hasRoom();
    }

    /**
     * Queues a publication that may be left out, for a client that is behind; {@code false} if the client is too slow
     * all the same and must be disconnected.
     */
    public boolean hold(ByteBuf frame, Droppable droppable) {
        frames().add(frame, droppable);
        return isWithinBounds();
    }

    private boolean hold(ByteBuf frame, int messages) {
        frames().add(frame, messages);
        return isWithinBounds();
    }

    private HeldFrames frames() {
        if (held == null) {
            held = new HeldFrames();
        }
        if (!visited) {
            visited = true;
            loop.visitLater(this);
        }
        return held;
    }

    private boolean isHolding() {
        return held != null && !held.isEmpty();
    }

    private boolean isWithinBounds() {
        if (queuedBytes() > maxBytes) {
            moveHeld();
        }
        while (queuedBytes() > maxBytes) {
            if (held == null || !held.dropOldest()) {
                return false;
            }
        }
        return true;
    }

    /** Moves what the socket takes, and a moment's worth more, to the transport. */
    private void moveHeld() {
        transport.flush();
        boolean moved = false;
        while (held != null && !held.isEmpty() && hasRoom()) {
            send(held.poll());
            moved = true;
        }
        if (moved) {
            flushLater();
        }
    }

    /** Many bytes at the same time are no sign of a slow client, as above. */
    private boolean hasRoom() {
        if (transport.queuedBytes() > behindBytes) {
            transport.flush();
        }
        return transport.queuedBytes() <= behindBytes;
    }

    private void send(HeldFrames.@Nullable Entry entry) {
        ByteBuf frame = entry == null ? null : entry.takeFrame();
        if (frame == null) {
            return;
        }
        int bytes = frame.readableBytes();
        transport.write(frame);
        loop.sent(entry.messages(), bytes);
        if (entry.droppable() != null) {
            entry.droppable().statistics().deliveredOne();
        }
    }

    /** Called by the loop while frames are held; returns whether none is any more. */
    boolean catchUp() {
        if (isHolding()) {
            moveHeld();
        }
        visited = isHolding();
        return !visited;
    }

    /**
     * Ends the queue.
     *
     * @param sends whether the transport still sends what was queued
     */
    public void close(boolean sends) {
        if (held == null) {
            return;
        }
        for (HeldFrames.Entry next = sends ? held.poll() : null; next != null; next = held.poll()) {
            send(next);
        }
        held.clear();
    }

    /** Called by the loop at the end of the turn. */
    void flush() {
        dirty = false;
        transport.flush();
    }

    /** Bytes the socket has not taken yet. */
    long queuedBytes() {
        return transport.queuedBytes() + (held == null ? 0 : held.bytes());
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
        if (held != null) {
            held.forEach(action);
        }
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
