package dev.realtime.engine.redis.pubsub;

import dev.realtime.engine.redis.cluster.ClusterView;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Opens pub/sub connections. Never blocks; what it returns ends after the connect timeout of the client, more or less.
 */
public interface PubSubDialer {

    /** One new connection to this server; where there is no cluster, to the primary of this moment. */
    CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> dial(ClusterView.Primary server);

    /** Releases what belongs to this dialer alone; by default nothing does. */
    default CompletionStage<Void> close() {
        return CompletableFuture.completedFuture(null);
    }
}
