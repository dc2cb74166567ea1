package dev.realtime.spi.transport;

import io.netty.buffer.ByteBuf;

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
}
