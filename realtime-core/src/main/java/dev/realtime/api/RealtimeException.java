package dev.realtime.api;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.CodedException;

/** A call was refused; nothing was done. The message says what happened, why, and what to do. */
public class RealtimeException extends CodedException {

    private static final long serialVersionUID = 1L;

    private final String errorMessage;

    /**
     * Creates an instance.
     *
     * @param error error for the client
     * @param message text for the log and for developers
     */
    public RealtimeException(ClientError error, String message) {
        super(message, null, error.code(), error.temporary());
        this.errorMessage = error.message();
    }

    /**
     * The refusal in the words of the protocol, as the HTTP API and client commands return it.
     *
     * @return the error
     */
    public ClientError error() {
        return new ClientError(code(), errorMessage, temporary());
    }
}
