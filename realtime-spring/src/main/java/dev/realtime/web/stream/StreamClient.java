package dev.realtime.web.stream;

import dev.realtime.spi.transport.TransportDescription;
import dev.realtime.spi.transport.WireForm;

/**
 * Client whose stream is being opened.
 *
 * @param form form of its messages
 * @param description what the connection keeps of the request
 * @param input commands or the connect request
 */
public record StreamClient(
        StreamKind kind, WireForm form, TransportDescription description, StreamOptions options, byte[] input) {

    /** Returns whether the connect is decided before the response begins. */
    public boolean isDecidedFirst() {
        return kind.isUnidirectional() && options.responses().enabled();
    }

    /** Leaves out the input, which may hold a token. */
    @Override
    public String toString() {
        return "StreamClient[kind=" + kind + ", input of " + input.length + " bytes]";
    }
}
