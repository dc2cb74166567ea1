package dev.realtime.spi.transport;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.util.function.Consumer;

/**
 * Connection to one client. Everything but {@link #executor()}, {@link #wireForm()} and {@link #describe()} must be
 * called on the executor, which is the one owner of the connection; the transport must make all its calls to the
 * connection there too.
 */
public interface Transport {

    /**
     * Thread that owns the connection for its whole life.
     *
     * @return the executor; the same object each time
     */
    EventExecutor executor();

    /**
     * Encoding and frame, fixed for the life of the connection.
     *
     * @return the wire form; the same each time
     */
    WireForm wireForm();

    /**
     * What is known of the client's request; the same object each time.
     *
     * @return the description; the same object each time
     */
    TransportDescription describe();

    /**
     * Queues one or more complete frames that lie in one buffer. Takes over one reference of the buffer, whatever
     * happens; must not change its indexes or its content, others may be sending the same memory. Nothing has to leave
     * before {@link #flush()}. After the end of the connection the frame is released and nothing else happens.
     *
     * @param frame complete frames in one buffer
     */
    void write(ByteBuf frame);

    /** Sends what is queued, as fast as the client reads. Never blocks. */
    void flush();

    /**
     * Bytes accepted by {@link #write} and not yet handed to the operating system.
     *
     * @return the number of bytes
     */
    long queuedBytes();

    /**
     * Calls back with the buffers counted by {@link #queuedBytes()}, which may be shared with other connections, as far
     * as they can be shown. They must not be changed or kept.
     *
     * @param action called with each buffer
     */
    default void forEachQueued(Consumer<ByteBuf> action) {}

    /**
     * Stops handing over frames of the client until {@link #resumeReading()}; at most one more may arrive. What the
     * client sends meanwhile must be held back by the network, not in memory.
     */
    void pauseReading();

    /** Continues after {@link #pauseReading()}. */
    void resumeReading();

    /**
     * Ends the connection: sends what is queued unless {@link Disconnect#dropsQueue()}, then the code and reason, and
     * closes the socket, at the latest after five seconds. A second call does nothing. The connection is notified
     * immediately by the code that closes, never by this method.
     *
     * @param disconnect code and reason
     */
    void close(Disconnect disconnect);

    /**
     * Notes why the connect of a unidirectional client failed, which its disconnect says less precisely. The connection
     * is closed next.
     *
     * @param error error that a bidirectional client would get as the reply
     */
    default void connectFailed(ClientError error) {}

    /**
     * Releases everything that is still queued after {@link #close}, and closes the socket without waiting for the
     * client.
     */
    default void abort() {}
}
