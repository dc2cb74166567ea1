package dev.realtime.test.socket;

/** Socket of one test client. May be called by any thread. */
public interface ClientSocket {

    /** Sends a frame; nothing happens after the end. */
    void send(byte[] frame);

    /** Stops reading: what the server sends waits there. */
    void pause();

    /** Reads again, and first what waited. */
    void resume();

    /** Ends the socket without notice, as when the network is gone. Completes before it returns. */
    void drop();

    /**
     * Waits until everything that the server was given to deliver so far has arrived here.
     *
     * @return whether that is known; {@code false} if the server is elsewhere
     */
    boolean settle();
}
