package dev.realtime.api.client;

/**
 * End of a connection by the server, sent to the client as the close code and reason of the socket.
 *
 * @param code 3000 to 3999 are the protocol's, 4000 to 4499 the application's with reconnect, 4500 to 4999 the
 *     application's without
 * @param reason short ASCII text, at most 123 bytes
 */
public record Disconnect(int code, String reason) {

    /** The client or the network closed; never sent. */
    public static final Disconnect CONNECTION_CLOSED = new Disconnect(3000, "connection closed");

    public static final Disconnect SHUTDOWN = new Disconnect(3001, "shutdown");
    public static final Disconnect SERVER_ERROR = new Disconnect(3004, "internal server error");
    public static final Disconnect EXPIRED = new Disconnect(3005, "connection expired");
    public static final Disconnect SUBSCRIPTION_EXPIRED = new Disconnect(3006, "subscription expired");
    /** The outbound queue is over its limit; what it holds is dropped. */
    public static final Disconnect SLOW = new Disconnect(3008, "slow");

    public static final Disconnect WRITE_ERROR = new Disconnect(3009, "write error");
    public static final Disconnect INSUFFICIENT_STATE = new Disconnect(3010, "insufficient state");
    public static final Disconnect FORCE_RECONNECT = new Disconnect(3011, "force reconnect");
    public static final Disconnect NO_PONG = new Disconnect(3012, "no pong");
    public static final Disconnect TOO_MANY_REQUESTS = new Disconnect(3013, "too many requests");
    public static final Disconnect STATE_INVALIDATED = new Disconnect(3014, "state invalidated");
    public static final Disconnect INVALID_TOKEN = new Disconnect(3500, "invalid token");
    public static final Disconnect BAD_REQUEST = new Disconnect(3501, "bad request");
    public static final Disconnect STALE = new Disconnect(3502, "stale");
    public static final Disconnect FORCE_DISCONNECT = new Disconnect(3503, "force disconnect");
    public static final Disconnect CONNECTION_LIMIT = new Disconnect(3504, "connection limit");
    public static final Disconnect CHANNEL_LIMIT = new Disconnect(3505, "channel limit");
    /** The data to deliver does not fit the encoding of the client. */
    public static final Disconnect INAPPROPRIATE_PROTOCOL = new Disconnect(3506, "inappropriate protocol");

    public static final Disconnect PERMISSION_DENIED = new Disconnect(3507, "permission denied");
    public static final Disconnect NOT_AVAILABLE = new Disconnect(3508, "not available");
    public static final Disconnect TOO_MANY_ERRORS = new Disconnect(3509, "too many errors");

    /**
     * Returns whether official SDKs connect again after this code.
     *
     * @return whether SDKs reconnect
     */
    public boolean reconnect() {
        return code < 3500 || (code >= 4000 && code < 4500) || code >= 5000;
    }

    /**
     * Returns whether what is queued for the client is dropped instead of written before the close.
     *
     * @return whether the queue is dropped
     */
    public boolean dropsQueue() {
        return code == SLOW.code || code == CONNECTION_CLOSED.code || code == WRITE_ERROR.code;
    }
}
