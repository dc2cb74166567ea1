package dev.realtime.api;

import dev.realtime.protocol.ClientError;

/** A call was refused; nothing was done. The message says what happened, why, and what to do. */
public class RealtimeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient ClientError error;

    public RealtimeException(ClientError error, String message) {
        super(message);
        this.error = error;
    }

    /** The refusal in the words of the protocol, as the HTTP API and client commands answer it. */
    public ClientError error() {
        return error;
    }
}
