package dev.realtime.web.stream;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/**
 * Outgoing bytes of one response. Frames wait here until the response begins and takes them. Confined to the executor
 * of the connection.
 */
public interface StreamOutput {

    /** Queues frames and takes over one reference of their buffer. */
    void write(ByteBuf frames);

    /** Sends what is queued, as fast as the client reads. */
    void flush();

    /** Returns the number of bytes that the operating system has not accepted yet, as far as the server shows. */
    long queuedBytes();

    /** Passes each buffer that waits to a callback, as far as it can be shown. */
    void forEachQueued(Consumer<ByteBuf> action);

    /** Releases what can still be taken back. */
    void drop();

    /** Sends all that is queued, then ends the response. */
    void finish();

    /** Ends the connection to the client immediately, or the response where the server hides its connection. */
    void cut();
}
