package dev.realtime.connection;

import reactor.core.publisher.Mono;

/** Makes the engine bring the publications of a channel to this node while the hub has subscribers for it. */
public interface ChannelInterest {

    /**
     * Completes when publications of the channel arrive here. Asked after the hub knows the subscriber; many
     * subscribers of one channel share one subscription of the engine.
     */
    Mono<Void> confirmed(String channel);
}
