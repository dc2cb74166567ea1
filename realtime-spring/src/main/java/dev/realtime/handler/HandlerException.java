package dev.realtime.handler;

import dev.realtime.api.client.CodedException;
import java.nio.charset.StandardCharsets;

/**
 * Refusal by a handler method with a code of the application. The client receives the code and the message, as an error
 * or as a disconnect.
 *
 * @see <a href="https://centrifugal.dev/docs/server/codes">Client error codes and disconnect codes</a>
 */
public class HandlerException extends CodedException {

    private static final long serialVersionUID = 1L;

    private static final int MAX_REASON_BYTES = 123;

    /**
     * Creates a refusal that is not temporary.
     *
     * @param code 400 to 1999 for an error; 4000 to 4499 to disconnect a client that then reconnects; 4500 to 4999 to
     *     disconnect it permanently
     * @param message text for the client; at most 123 bytes in UTF-8 for a disconnect
     * @throws IllegalArgumentException if the code is out of range or the message is too long
     */
    public HandlerException(int code, String message) {
        this(code, message, false);
    }

    /**
     * Creates a refusal.
     *
     * @param code 400 to 1999 for an error; 4000 to 4499 to disconnect a client that then reconnects; 4500 to 4999 to
     *     disconnect it permanently
     * @param message text for the client; at most 123 bytes in UTF-8 for a disconnect
     * @param temporary whether the client may retry the command; ignored for a disconnect
     * @throws IllegalArgumentException if the code is out of range or the message is too long
     */
    public HandlerException(int code, String message, boolean temporary) {
        super(message, null, code, temporary);
        if (!isError(code) && !isDisconnect(code)) {
            throw new IllegalArgumentException("Code " + code + " is not available to applications. Use 400 to 1999 for"
                    + " errors and 4000 to 4999 for disconnects.");
        }
        if (isDisconnect(code) && message.getBytes(StandardCharsets.UTF_8).length > MAX_REASON_BYTES) {
            throw new IllegalArgumentException("The message of disconnect " + code
                    + " exceeds 123 bytes, the limit of a close frame. Shorten it.");
        }
    }

    private static boolean isError(int code) {
        return code >= 400 && code <= 1999;
    }

    private static boolean isDisconnect(int code) {
        return code >= 4000 && code <= 4999;
    }

    /**
     * Returns whether the refusal ends the connection.
     *
     * @return {@code true} for codes from 4000, {@code false} for an error reply
     */
    public boolean endsConnection() {
        return isDisconnect(code());
    }
}
