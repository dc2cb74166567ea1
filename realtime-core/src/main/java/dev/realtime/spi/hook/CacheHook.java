package dev.realtime.spi.hook;

import dev.realtime.api.PublishOptions;
import dev.realtime.api.channel.Channel;
import dev.realtime.api.data.Payload;
import reactor.core.publisher.Mono;

/**
 * Fills the empty cache of a channel whose recovery mode is {@code cache}, when a client asks for its latest
 * publication. Clients of a node that ask at the same time share one call, so that it is on behalf of none of them.
 * Called on an event loop: must not block it. After a failure or a missed time limit they are subscribed without a
 * publication.
 */
@FunctionalInterface
public interface CacheHook {

    /**
     * Returns the state of a channel, to be published to it unless something else was published meanwhile.
     *
     * @param channel channel without a publication
     * @return the state; empty if there is none, or if it was published already
     */
    Mono<State> cacheEmpty(Channel channel);

    /**
     * State of a channel.
     *
     * @param data of the format the namespace asks for
     * @param options such as tags or the version of the state
     */
    record State(Payload data, PublishOptions options) {}
}
