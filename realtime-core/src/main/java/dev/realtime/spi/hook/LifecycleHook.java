package dev.realtime.spi.hook;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;

/**
 * Listener for what happened to clients. Called on the connection's event loop, in order for one connection: must
 * return immediately and must not throw. Methods left as they are do nothing.
 */
public interface LifecycleHook {

    /**
     * A client connected; its reply is about to be written.
     *
     * @param client identity of the client
     */
    default void connected(ClientIdentity client) {}

    /**
     * A client that had connected is gone. Its subscriptions ended before, each with {@link Unsubscribe#DISCONNECT}.
     *
     * @param client identity of the client
     * @param disconnect {@link Disconnect#CONNECTION_CLOSED} if the client or the network ended it
     */
    default void disconnected(ClientIdentity client, Disconnect disconnect) {}

    /**
     * A client is in a channel; its reply is written.
     *
     * @param client identity of the client
     * @param channel channel of the subscription
     */
    default void subscribed(ClientIdentity client, Channel channel) {}

    /**
     * A client that was in a channel is not any more.
     *
     * @param client identity of the client
     * @param channel channel of the subscription
     * @param unsubscribe {@link Unsubscribe#CLIENT} if it asked for it
     */
    default void unsubscribed(ClientIdentity client, Channel channel, Unsubscribe unsubscribe) {}
}
