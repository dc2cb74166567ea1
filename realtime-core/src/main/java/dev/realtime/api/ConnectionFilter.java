package dev.realtime.api;

/**
 * Narrows a call down to some connections of a user.
 *
 * @param clientId only this connection; empty for all
 */
public record ConnectionFilter(String clientId) {

    /** All connections of the user. */
    public static final ConnectionFilter ALL = new ConnectionFilter("");

    /** One connection. */
    public static ConnectionFilter client(String clientId) {
        return new ConnectionFilter(clientId);
    }
}
