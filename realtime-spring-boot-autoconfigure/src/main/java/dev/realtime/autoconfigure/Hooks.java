package dev.realtime.autoconfigure;

import dev.realtime.api.TransactionHook;
import dev.realtime.auth.ClientIdentity;
import dev.realtime.channel.Channel;
import dev.realtime.connection.ClientHooks;
import dev.realtime.connection.LifecycleHook;
import dev.realtime.event.ApplicationEvents;
import dev.realtime.handler.Handlers;
import dev.realtime.node.NodeHooks;
import dev.realtime.protocol.Disconnect;
import dev.realtime.protocol.Unsubscribe;
import org.jspecify.annotations.Nullable;

/** Brings handler methods, events and transactions to the hooks of the node. */
final class Hooks {

    private Hooks() {}

    static NodeHooks of(Handlers handlers, ApplicationEvents events, @Nullable TransactionHook transactions) {
        LifecycleHook told = handlers.lifecycleHook();
        LifecycleHook lifecycle = told == null ? events : new Both(told, events);
        return new NodeHooks(
                new ClientHooks(handlers.publishHook(), handlers.renewalHook(), lifecycle), transactions, events);
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
