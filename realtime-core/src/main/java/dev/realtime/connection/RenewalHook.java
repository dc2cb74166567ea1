package dev.realtime.connection;

import dev.realtime.auth.Authentication;
import dev.realtime.auth.ClientIdentity;
import dev.realtime.auth.SubscriptionGrant;
import dev.realtime.channel.Channel;
import reactor.core.publisher.Mono;

/**
 * Renews what expires and is not renewed by the client with a token: asked when the end has come, unseen by the client.
 * Called on the connection's event loop: must not block it. Empty, a failure or a missed time limit let it end. Methods
 * left as they are renew nothing.
 */
public interface RenewalHook {

    /** The connection's new end, and what others see of it if that changed; the user must be the same. */
    default Mono<Authentication> renew(ClientIdentity client) {
        return Mono.empty();
    }

    /** The subscription's new end, and what others in the channel see if that changed. */
    default Mono<SubscriptionGrant> renewSubscription(ClientIdentity client, Channel channel) {
        return Mono.empty();
    }
}
