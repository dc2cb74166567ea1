package dev.realtime.api.channel;

/**
 * Clients that may do one kind of thing in the channels of a namespace by configuration alone.
 *
 * @param client any client with a user id
 * @param subscriber a client that is subscribed to the channel at that moment, by either side
 * @param anonymous whether {@code client} and {@code subscriber} extend to clients without a user id; grants nothing
 *     alone
 */
public record Access(boolean client, boolean subscriber, boolean anonymous) {

    /** No client. */
    public static final Access NOBODY = new Access(false, false, false);

    /**
     * Returns whether this user may, given whether it is subscribed.
     *
     * @param userId id of the user; empty for anonymous clients
     * @param subscribed whether the client is subscribed to the channel
     * @return whether the user has access
     */
    public boolean permits(String userId, boolean subscribed) {
        return (client || (subscriber && subscribed)) && (anonymous || !userId.isEmpty());
    }
}
