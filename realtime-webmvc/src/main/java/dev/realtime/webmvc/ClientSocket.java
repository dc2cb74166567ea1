package dev.realtime.webmvc;

import io.netty.buffer.ByteBuf;

/**
 * WebSocket as a container offers it after the upgrade. Called on the executor of its connection only, where it also
 * calls the {@link ServletTransport}.
 */
interface ClientSocket {

    /**
     * Returns frames in the form in which the socket sends them. They wait in the queue in that form.
     *
     * @param frames one or more frames, of which one reference is taken over
     */
    default ByteBuf prepare(ByteBuf frames) {
        return frames;
    }

    /**
     * Sends frames of the queue as long as the socket takes them.
     *
     * @return whether everything was handed to the operating system; otherwise {@link ServletTransport#drain()} follows
     *     when the socket takes more
     */
    boolean send(FrameQueue queue);

    /** Number of bytes taken from the queue and not handed to the operating system. */
    long heldBytes();

    /** Sends a ping, unless frames are being sent, which keep the connection alive too. */
    void ping(FrameQueue queue);

    /**
     * Sends the close frame after everything that was sent before.
     *
     * @param code -1 for a close frame without a code
     */
    void close(int code, String reason);

    /**
     * Asks for messages of the client as long as {@link ServletTransport#wantsMessages()}; none is delivered inside
     * this call.
     */
    void requestMessages();

    /** Closes the socket immediately. */
    void disconnect();
}
