package dev.realtime.autoconfigure;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.event.ApplicationEvents;
import dev.realtime.handler.hook.Handlers;
import dev.realtime.spi.hook.ClientHooks;
import dev.realtime.spi.hook.LifecycleHook;

/** Hooks by which handler methods and events follow the life of clients. */
final class Hooks {

    private Hooks() {}

    static ClientHooks of(Handlers handlers, ApplicationEvents events) {
        LifecycleHook told = handlers.lifecycleHook();
        LifecycleHook lifecycle = told == null ? events : new Both(told, events);
        return new ClientHooks(handlers.publishHook(), handlers.renewalHook(), lifecycle);
    }

    private record Both(LifecycleHook first, LifecycleHook second) implements LifecycleHook {

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
}
