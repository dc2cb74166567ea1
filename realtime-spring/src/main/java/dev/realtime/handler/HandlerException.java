package dev.realtime.handler;

import dev.realtime.api.client.CodedException;
import java.nio.charset.StandardCharsets;

/**
 * Exception of a handler method that rejects the call with a code of the application. The message is sent to the
 * client.
 */
public class HandlerException extends CodedException {

    private static final long serialVersionUID = 1L;

    private static final int MAX_REASON_BYTES = 123;

    /** An error reply that trying again does not mend, or the end of the connection, by the code. */
    public HandlerException(int code, String message) {
        this(code, message, false);
    }

    /**
     * @param code 400 to 1999 replies to the command with an error; 4000 to 4499 ends the connection and the client
     *     reconnects; 4500 to 4999 ends it for good
     * @param message sent to the client; ASCII and at most 123 bytes where it ends the connection
     * @param temporary whether the client should try the same again; errors only
     * @throws IllegalArgumentException for another code, or a message too long
     */
    public HandlerException(int code, String message, boolean temporary) {
        super(message, null, code, temporary);
        if (!isError(code) && !isDisconnect(code)) {
            throw new IllegalArgumentException("The code " + code
                    + " is not the application's to use: errors are 400 to 1999, ends of the connection 4000 to 4999.");
        }
        if (isDisconnect(code) && message.getBytes(StandardCharsets.UTF_8).length > MAX_REASON_BYTES) {
            throw new IllegalArgumentException(
                    "The message is longer than the 123 bytes that the close frame of a socket carries. Shorten it.");
        }
    }

    private static boolean isError(int code) {
        return code >= 400 && code <= 1999;
    }

    private static boolean isDisconnect(int code) {
        return code >= 4000 && code <= 4999;
    }

    /**
     * Returns whether the connection ends.
     *
     * @return {@code true} for codes from 4000 on, {@code false} for an error reply
     */
    public boolean endsConnection() {
        return isDisconnect(code());
    }
}
