package dev.realtime.emulation;

import dev.realtime.failure.Boundary;
import dev.realtime.failure.FailureOwner;
import dev.realtime.failure.Place;
import dev.realtime.loop.TimerWheel;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.spi.transport.Transport;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Way of the frames that the client of one connection posts to the commands of that connection. All of them that are
 * not being read yet, whether they wait for the executor, for frames before them or for a command in progress, are
 * bounded together, since no network holds the client back. Used on the executor of the connection, except for
 * {@link #offer}.
 */
public final class EmulatedSession {

    /** Most bytes that wait, twice the largest body of a request. */
    static final int MAX_WAITING_BYTES = 131_072;

    /** Memory of a waiting frame beside its bytes, roughly. */
    static final int FRAME_OVERHEAD = 64;

    private final Transport transport;

    private final FailureOwner owner;

    private final FrameOrder order;

    private final AtomicInteger waitingBytes = new AtomicInteger();

    /** Secret id; empty until the client is connected. */
    private String id = "";

    /** @param commands take the frames in order, and call {@link #begun} for each */
    public EmulatedSession(
            Transport transport,
            ProtocolLimits limits,
            TimerWheel wheel,
            FailureOwner owner,
            Consumer<byte[]> commands) {
        this.transport = transport;
        this.owner = owner;
        this.order = new FrameOrder(transport, limits, wheel, owner, commands);
    }

    String id() {
        return id;
    }

    void id(String id) {
        this.id = id;
    }

    /** Takes a frame that the client sent with the request of the stream, connect first. */
    public void start(byte[] frame) {
        waitingBytes.addAndGet(frame.length + FRAME_OVERHEAD);
        order.take(frame);
    }

    /**
     * Takes a frame that the client posted, on any thread. One that comes while nothing waits is taken, however long it
     * is.
     *
     * @return {@code false} if too much waits already, and the frame was not taken
     */
    boolean offer(byte[] frame) {
        int size = frame.length + FRAME_OVERHEAD;
        int before;
        do {
            before = waitingBytes.get();
            if (before > 0 && (long) before + size > MAX_WAITING_BYTES) {
                return false;
            }
        } while (!waitingBytes.compareAndSet(before, before + size));
        Boundary.execute(transport.executor(), Boundary.ownedTask(Place.COMMAND, owner, () -> order.take(frame)));
        return true;
    }

    /** The commands began to read a frame of this length. */
    public void begun(int length) {
        waitingBytes.addAndGet(-length - FRAME_OVERHEAD);
    }

    /** The connection ended: frames that wait are forgotten, and those that still come too. */
    public void stop() {
        order.stop();
    }
}
