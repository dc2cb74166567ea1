package dev.realtime.autoconfigure;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.spi.hook.LifecycleHook;

/** Two hooks that are notified one after the other. */
record CompositeLifecycleHook(LifecycleHook first, LifecycleHook second) implements LifecycleHook {

    @Override
    public void connected(ClientIdentity client) {
        first.connected(client);
        second.connected(client);
    }

    @Override
    public void disconnected(ClientIdentity client, Disconnect disconnect) {
        first.disconnected(client, disconnect);
        second.disconnected(client, disconnect);
    }

    @Override
    public void subscribed(ClientIdentity client, Channel channel) {
        first.subscribed(client, channel);
        second.subscribed(client, channel);
    }

    @Override
    public void unsubscribed(ClientIdentity client, Channel channel, Unsubscribe unsubscribe) {
        first.unsubscribed(client, channel, unsubscribe);
        second.unsubscribed(client, channel, unsubscribe);
    }
}
