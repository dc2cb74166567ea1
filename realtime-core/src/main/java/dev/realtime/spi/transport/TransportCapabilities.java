package dev.realtime.spi.transport;

/**
 * Capabilities of a transport.
 *
 * @param emulation whether commands arrive apart from the stream that carries the replies, in requests of their own
 * @param ping whether the server sends pings of the protocol; false when the transport pings natively
 * @param pong whether the client replies to those pings, so that one that does not is disconnected
 */
public record TransportCapabilities(boolean emulation, boolean ping, boolean pong) {

    /** A WebSocket. */
    public static final TransportCapabilities WEBSOCKET = new TransportCapabilities(false, true, true);

    /** A WebSocket that pings with control frames. */
    public static final TransportCapabilities WEBSOCKET_WITH_NATIVE_PING =
            new TransportCapabilities(false, false, false);

    /** A stream whose client posts its commands. */
    public static final TransportCapabilities EMULATED = new TransportCapabilities(true, true, true);

    /** A stream of pushes. */
    public static final TransportCapabilities UNIDIRECTIONAL = new TransportCapabilities(false, true, false);
}
