package dev.realtime.api.client;

/**
 * End of a subscription by the server.
 *
 * @param code below 2500 the SDK stays unsubscribed, from 2500 on it subscribes again
 * @param reason short text for developers
 */
public record Unsubscribe(int code, String reason) {

    /** The client asked; never sent. */
    public static final Unsubscribe CLIENT = new Unsubscribe(0, "client unsubscribed");

    /** The connection ended; never sent. */
    public static final Unsubscribe DISCONNECT = new Unsubscribe(1, "client disconnected");

    public static final Unsubscribe SERVER = new Unsubscribe(2000, "server unsubscribe");
    /** A gap was found: the client must subscribe again and recover. */
    public static final Unsubscribe INSUFFICIENT_STATE = new Unsubscribe(2500, "insufficient state");

    public static final Unsubscribe EXPIRED = new Unsubscribe(2501, "subscription expired");
    public static final Unsubscribe STATE_INVALIDATED = new Unsubscribe(2502, "state invalidated");
}
