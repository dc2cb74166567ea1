package dev.realtime.hub;

/**
 * Listener that is notified when a channel may have got its first or lost its last subscriber on this node. Calls for
 * one channel may overtake each other: they say that something changed, {@link Hub#hasSubscribers} says what is.
 */
public interface HubListener {

    /** The last subscriber of a channel left. */
    void onLastSubscriberGone(String channel);
}
