package dev.realtime.test.socket;

import dev.realtime.api.client.Disconnect;

/** Listener of a socket, called by one thread at a time. */
public interface SocketListener {

    /**
     * A frame of the server arrived.
     *
     * @param frame message without frame header
     */
    void onFrame(byte[] frame);

    /**
     * The socket ended; the last call, made once.
     *
     * @param disconnect how the server closed it; {@link Disconnect#CONNECTION_CLOSED} when it did not
     */
    void onClosed(Disconnect disconnect);
}
