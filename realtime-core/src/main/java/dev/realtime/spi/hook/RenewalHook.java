package dev.realtime.spi.hook;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.SubscriptionGrant;
import reactor.core.publisher.Mono;

/**
 * Renews what expires and is not renewed by the client with a token: asked when the end has come, unseen by the client.
 * Called on the connection's event loop: must not block it. Empty, a failure or a missed time limit let it end. Methods
 * left as they are renew nothing.
 */
public interface RenewalHook {

    /**
     * The connection's new end, and what others see of it if that changed; the user must be the same.
     *
     * @param client identity of the client
     * @return the identity with the new expiry; empty if it is not renewed
     */
    default Mono<Authentication> renew(ClientIdentity client) {
        return Mono.empty();
    }

    /**
     * The subscription's new end, and what others in the channel see if that changed.
     *
     * @param client identity of the client
     * @param channel channel of the subscription
     * @return the permission with the new expiry; empty if it is not renewed
     */
    default Mono<SubscriptionGrant> renewSubscription(ClientIdentity client, Channel channel) {
        return Mono.empty();
    }
}
