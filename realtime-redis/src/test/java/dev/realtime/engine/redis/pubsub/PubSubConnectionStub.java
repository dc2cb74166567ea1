package dev.realtime.engine.redis.pubsub;

import dev.realtime.engine.redis.cluster.ClusterView;
import dev.realtime.engine.redis.driver.ReceivedData;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Pub/sub connections that lead nowhere. */
final class PubSubConnectionStub {

    private PubSubConnectionStub() {}

    @SuppressWarnings("unchecked")
    static PubSubConnection open() {
        Object commands = Proxy.newProxyInstance(
                PubSubConnectionStub.class.getClassLoader(),
                new Class<?>[] {RedisPubSubAsyncCommands.class},
                (proxy, method, arguments) -> null);
        StatefulRedisPubSubConnection<byte[], byte[]> connection =
                (StatefulRedisPubSubConnection<byte[], byte[]>) Proxy.newProxyInstance(
                        PubSubConnectionStub.class.getClassLoader(),
                        new Class<?>[] {StatefulRedisPubSubConnection.class},
                        (proxy, method, arguments) -> switch (method.getName()) {
                            case "async" -> commands;
                            case "isOpen" -> true;
                            case "closeAsync" -> CompletableFuture.completedFuture(null);
                            case "hashCode" -> System.identityHashCode(proxy);
                            case "equals" -> proxy == arguments[0];
                            default -> null;
                        });
        return new PubSubConnection(connection, ClusterView.SOLE, true, new ReceivedData(), new NoEvents());
    }

    private static final class NoEvents implements PubSubConnection.Events {

        @Override
        public void confirmed(PubSubConnection connection, byte[] name) {}

        @Override
        public void ended(PubSubConnection connection, byte[] name) {}

        @Override
        public void message(PubSubConnection connection, byte[] name, byte[] message) {}

        @Override
        public void finished(PubSubConnection connection, SubscriptionBatch batch, @Nullable Throwable refusal) {}

        @Override
        public void hasRoom(PubSubConnection connection) {}

        @Override
        public void lost(PubSubConnection connection, String why) {}
    }
}
