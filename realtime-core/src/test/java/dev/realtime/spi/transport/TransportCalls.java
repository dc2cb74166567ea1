package dev.realtime.spi.transport;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Calls of a test to the transport of a connection, on its executor. */
public final class TransportCalls {

    private TransportCalls() {}

    /** Does something on the executor of the transport and waits for it. */
    public static void run(RecordingListener listener, Consumer<Transport> action) throws Exception {
        listener.transport()
                .executor()
                .submit(() -> action.accept(listener.transport()))
                .get(30, TimeUnit.SECONDS);
    }

    /** Writes a frame and flushes. */
    public static void write(RecordingListener listener, ByteBuf frame) throws Exception {
        run(listener, transport -> {
            transport.write(frame);
            transport.flush();
        });
    }

    /** Writes a frame many times and flushes once; takes over its reference. */
    public static void writeMuch(RecordingListener listener, ByteBuf frame, int frames) throws Exception {
        run(listener, transport -> {
            for (int i = 0; i < frames; i++) {
                transport.write(frame.retainedSlice());
            }
            transport.flush();
        });
        frame.release();
    }

    /** Returns the bytes that wait. */
    public static long queuedBytes(RecordingListener listener) throws Exception {
        return listener.transport()
                .executor()
                .submit(listener.transport()::queuedBytes)
                .get(10, TimeUnit.SECONDS);
    }
}
