package dev.realtime.api;

/** Choice of some connections of a user. */
public final class ConnectionFilter {

    /** All connections of the user. */
    public static final ConnectionFilter ALL = new ConnectionFilter("");

    private final String clientId;

    private ConnectionFilter(String clientId) {
        this.clientId = clientId;
    }

    /**
     * Returns the filter of one connection.
     *
     * @param clientId id that the server gave the connection; empty for all connections of the user
     * @return a filter
     */
    public static ConnectionFilter client(String clientId) {
        return clientId.isEmpty() ? ALL : new ConnectionFilter(clientId);
    }

    /**
     * Returns the only connection meant.
     *
     * @return client id; empty for all connections
     */
    public String clientId() {
        return clientId;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConnectionFilter filter && clientId.equals(filter.clientId);
    }

    @Override
    public int hashCode() {
        return clientId.hashCode();
    }

    @Override
    public String toString() {
        return "ConnectionFilter[clientId=" + clientId + "]";
    }
}
