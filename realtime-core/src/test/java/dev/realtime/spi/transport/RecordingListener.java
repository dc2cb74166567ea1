package dev.realtime.spi.transport;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Records the calls of a transport and their threads. */
public final class RecordingListener implements TransportListener {

    private final Transport transport;

    private final List<String> messages = new CopyOnWriteArrayList<>();

    private final AtomicInteger closed = new AtomicInteger();

    private final AtomicInteger callsElsewhere = new AtomicInteger();

    private volatile boolean pauseAfterEachMessage;

    public RecordingListener(Transport transport) {
        this.transport = transport;
    }

    @Override
    public void onMessage(ByteBuf frame) {
        checkThread();
        messages.add(frame.toString(StandardCharsets.ISO_8859_1));
        if (pauseAfterEachMessage) {
            transport.pauseReading();
        }
    }

    /** From now on reading has to be resumed after each message. */
    public void pauseAfterEachMessage() {
        pauseAfterEachMessage = true;
    }

    @Override
    public void onClosed() {
        checkThread();
        closed.incrementAndGet();
    }

    private void checkThread() {
        if (!transport.executor().inEventLoop()) {
            callsElsewhere.incrementAndGet();
        }
    }

    public Transport transport() {
        return transport;
    }

    /** Messages so far, a character for each byte. */
    public List<String> messages() {
        return messages;
    }

    /** Returns the number of notifications of the end. */
    public int closed() {
        return closed.get();
    }

    /** Number of calls that were not made on the executor of the transport. */
    public int callsElsewhere() {
        return callsElsewhere.get();
    }
}
