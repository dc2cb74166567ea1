package dev.realtime.engine.redis.pubsub;

import dev.realtime.engine.redis.cluster.ClusterView;
import dev.realtime.engine.redis.driver.Connector;
import io.lettuce.core.RedisClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Opens pub/sub connections to the server that a client was made for, or to the primary that Sentinel knows. */
public final class ServerDialer implements PubSubDialer {

    private final RedisClient client;

    private final Connector connector;

    public ServerDialer(RedisClient client, Connector connector) {
        this.client = client;
        this.connector = connector;
    }

    @Override
    public CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> dial(ClusterView.Primary server) {
        return connector.open(() -> client.connectPubSub(ByteArrayCodec.INSTANCE));
    }

    @Override
    public CompletionStage<Void> close() {
        return CompletableFuture.completedFuture(null);
    }
}
