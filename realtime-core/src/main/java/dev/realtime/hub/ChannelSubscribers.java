package dev.realtime.hub;

import reactor.core.publisher.Mono;

/**
 * Listener for the channels that have subscribers on this node, which makes the engine bring their publications here.
 * Calls for one channel may overtake each other: they say that something changed, {@link Hub#hasSubscribers} says what
 * is.
 */
@FunctionalInterface
public interface ChannelSubscribers {

    /** The last subscriber of a channel left. */
    void onLastSubscriberGone(String channel);

    /**
     * Completes when publications of the channel arrive here. Called after the hub knows the subscriber; many
     * subscribers of one channel share one subscription of the engine. Completes immediately by default.
     */
    default Mono<Void> confirmed(String channel) {
        return Mono.empty();
    }
}
