package dev.realtime.api.client;

import org.jspecify.annotations.Nullable;

/**
 * Refusal with a code for the client: either an error reply or the end of the connection. Carries no stack trace. The
 * reason is for the log of the operator and never reaches the client.
 */
public final class ClientRefusedException extends CodedException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable ClientError error;

    private final transient @Nullable Disconnect disconnect;

    private ClientRefusedException(@Nullable ClientError error, @Nullable Disconnect disconnect, String reason) {
        super(
                reason,
                error != null ? error.code() : disconnect != null ? disconnect.code() : 0,
                error != null ? error.temporary() : disconnect != null && disconnect.reconnect());
        this.error = error;
        this.disconnect = disconnect;
    }

    /**
     * Replies to the command with an error.
     *
     * @param error error for the client
     * @param reason reason for the log; it is not sent to the client
     * @return the exception
     */
    public static ClientRefusedException with(ClientError error, String reason) {
        return new ClientRefusedException(error, null, reason);
    }

    /**
     * Ends the connection.
     *
     * @param disconnect code and reason for the clients
     * @param reason reason for the log; it is not sent to the client
     * @return the exception
     */
    public static ClientRefusedException with(Disconnect disconnect, String reason) {
        return new ClientRefusedException(null, disconnect, reason);
    }

    /**
     * The error reply, or {@code null} if the connection ends.
     *
     * @return the error; {@code null} if the connection is closed
     */
    public @Nullable ClientError error() {
        return error;
    }

    /**
     * How the connection ends, or {@code null} if there is an error reply.
     *
     * @return the disconnect; {@code null} if there is an error reply
     */
    public @Nullable Disconnect disconnect() {
        return disconnect;
    }
}
