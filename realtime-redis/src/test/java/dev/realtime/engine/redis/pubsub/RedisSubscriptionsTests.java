package dev.realtime.engine.redis.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.cluster.ClusterView;
import dev.realtime.engine.redis.connection.LinkRig;
import dev.realtime.engine.redis.driver.ReceivedData;
import dev.realtime.engine.redis.key.Partitions;
import dev.realtime.engine.redis.monitor.RedisStatistics;
import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.options.RedisTopology;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests to the reconciler, and the cost of reading the counts. */
class RedisSubscriptionsTests {

    private final List<Runnable> tasks = new ArrayList<>();

    private final RedisSubscriptions subscriptions = new RedisSubscriptions(
            new PublishPaths() {
                @Override
                public PublishPath through(String server) {
                    return this;
                }

                @Override
                public void topologyRead(ClusterView view, boolean changed) {}

                @Override
                public void avoidPresentPath() {}

                @Override
                public CompletionStage<Long> publish(int partition, byte[] name, byte[] message) {
                    return CompletableFuture.completedFuture(0L);
                }
            },
            new ReceivedData(),
            LinkRig.options(RedisTopology.CLUSTER, PubSubMode.AUTO),
            new Partitions(8),
            new RedisStatistics(),
            tasks::add,
            "node");

    @Test
    void manyReasonsToReadTheTopologyAreOneTask() {
        for (int name = 0; name < 100_000; name++) {
            subscriptions.refreshTopology();
        }

        assertThat(tasks).hasSize(1);
        tasks.remove(0).run();
        subscriptions.refreshTopology();
        assertThat(tasks).hasSize(1);
    }

    @Test
    @Timeout(10)
    void countsDoNotWaitForADeliveryInProgress() {
        PartitionSubscriptions partition = new PartitionSubscriptions(0, new RedisStatistics());
        partition.subscribe(new byte[] {1}, new NoListener(), true, null);

        PartitionSubscriptions.Counts counts;
        synchronized (partition) {
            counts = CompletableFuture.supplyAsync(partition::counts)
                    .orTimeout(5, TimeUnit.SECONDS)
                    .join();
        }

        assertThat(counts).isEqualTo(new PartitionSubscriptions.Counts(1, 0, 0));
    }

    private static final class NoListener implements SubscriptionListener {

        @Override
        public void onMessage(int partition, byte[] name, byte[] message) {}

        @Override
        public void onResubscribed(int partition, Collection<byte[]> names) {}
    }
}
