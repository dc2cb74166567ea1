package dev.realtime.engine.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

final class PlainTestLink implements RedisLink, SubscriptionManager {

    private final AbstractRedisClient client;
    private RedisClusterAsyncCommands<byte[], byte[]> commands;
    private StatefulConnection<?, ?> connection;
    private StatefulRedisPubSubConnection<byte[], byte[]> pubSub;
    private final Map<String, Integer> partitions = new ConcurrentHashMap<>();
    private SubscriptionListener listener;

    PlainTestLink(AbstractRedisClient client) {
        this.client = client;
    }

    Mono<Void> open() {
        return Mono.fromRunnable(() -> {
            if (client instanceof RedisClusterClient cluster) {
                var c = cluster.connect(ByteArrayCodec.INSTANCE);
                connection = c;
                commands = c.async();
                pubSub = cluster.connectPubSub(ByteArrayCodec.INSTANCE);
            } else {
                var c = ((RedisClient) client).connect(ByteArrayCodec.INSTANCE);
                connection = c;
                commands = c.async();
                pubSub = ((RedisClient) client).connectPubSub(ByteArrayCodec.INSTANCE);
            }
            pubSub.addListener(new RedisPubSubAdapter<>() {
                @Override
                public void message(byte[] channel, byte[] message) {
                    Integer partition =
                            partitions.get(new String(channel, java.nio.charset.StandardCharsets.ISO_8859_1));
                    if (partition != null) {
                        listener.onMessage(partition, channel, message);
                    }
                }
            });
        });
    }

    Mono<Void> close() {
        return Mono.fromRunnable(() -> {
            if (connection != null) {
                connection.close();
                pubSub.close();
                connection = null;
            }
        });
    }

    @Override
    public RedisClusterAsyncCommands<byte[], byte[]> commands(int partition) {
        return commands;
    }

    @Override
    public CompletionStage<Long> publish(int partition, byte[] name, byte[] message) {
        return commands.publish(name, message);
    }

    @Override
    public boolean sharded() {
        return false;
    }

    @Override
    public void start(SubscriptionListener listener) {
        this.listener = listener;
    }

    @Override
    public Mono<Void> subscribe(int partition, byte[] name) {
        return Mono.defer(() -> {
            partitions.put(new String(name, java.nio.charset.StandardCharsets.ISO_8859_1), partition);
            return Mono.fromCompletionStage(pubSub.async().subscribe(name));
        });
    }

    @Override
    public Mono<Void> unsubscribe(int partition, byte[] name) {
        return Mono.defer(() -> {
            partitions.remove(new String(name, java.nio.charset.StandardCharsets.ISO_8859_1));
            return Mono.fromCompletionStage(pubSub.async().unsubscribe(name));
        });
    }
}
