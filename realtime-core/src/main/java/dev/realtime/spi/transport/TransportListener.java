package dev.realtime.spi.transport;

import dev.realtime.api.data.StreamPosition;
import io.netty.buffer.ByteBuf;
import java.util.Map;

/** Listener for the events of a transport, called on {@link Transport#executor()} only. */
public interface TransportListener {

    /**
     * The client sent a complete message. The buffer belongs to the caller, which releases it afterwards.
     *
     * @param frame the message without frame headers, at most as long as the transport's message size limit
     */
    void onMessage(ByteBuf frame);

    /** The socket ended, by whichever side; the last call, made exactly once. */
    void onClosed();

    /**
     * Returns the positions up to which everything was written to the transport, for clients that resume without a
     * request of the protocol.
     *
     * @return position in each channel that the client can recover; empty if there is none
     */
    default Map<String, StreamPosition> recoverablePositions() {
        return Map.of();
    }
}
