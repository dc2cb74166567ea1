package dev.realtime.engine.redis.connection;

import static dev.realtime.engine.redis.StartedEngine.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Plain pub/sub in a cluster: one connection to any node hears all, and any node takes publications. */
class PlainClusterSubscriptionsIntegrationTests {

    @RegisterExtension
    static final RedisExtension<RedisClusterServers> redis = RedisExtension.cluster();

    private static final int PARTITION = 7;

    @RegisterExtension
    final LinkPair links = new LinkPair(redis::get, () -> {
        redis.get().awaitHealthy();
        return LinkRig.to(redis.get(), PubSubMode.PLAIN);
    });

    private String name;

    @BeforeEach
    void start() {
        name = links.subscriber().name(PARTITION, "plain");
        links.subscriber().subscribe(PARTITION, name);
    }

    /** The node that the subscriber's connection leads to. */
    private RedisServer subscribedNode() {
        return redis.get().servers().stream()
                .filter(RedisServer::running)
                .filter(server -> server.text("PUBSUB", "NUMSUB", name).contains("1"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void probesGoThroughEveryPrimary() {
        redis.get().primaries().forEach(primary -> primary.execute("CONFIG", "RESETSTAT"));

        redis.get()
                .primaries()
                .forEach(primary -> LinkRig.await("a probe through " + primary)
                        .until(() -> primary.info("cmdstat_publish").startsWith("calls=")));

        eventually(() -> assertThat(links.subscriber().status().problem()).isNull());
    }

    @Test
    void oneConnectionHearsAllPartitions() {
        for (int partition = 0; partition <= links.subscriber().partitions.control(); partition++) {
            String each = links.subscriber().name(partition, "all");
            links.subscriber().subscribe(partition, each);
            links.publisher().publish(partition, each, "hello");
        }

        LinkRig.await("all")
                .until(() -> links.subscriber().deliveries.size()
                        == links.subscriber().partitions.control() + 1);
        assertThat(links.publisher().connections.sharded()).isFalse();
        eventually(() -> assertThat(links.subscriber().status().problem()).isNull());
    }

    @Test
    void losingTheSubscribedNodeMovesToAnother() {
        try (NumberedStream stream = NumberedStream.from(links.publisher(), links.subscriber(), PARTITION, name)) {

            subscribedNode().kill();

            LinkRig.await("resubscribed")
                    .until(() -> links.subscriber().resubscribed.contains(name));
            stream.awaitDelivery();
            stream.checkAcrossFailover("plain cluster, kill -9 of the subscribed node");
        }
    }

    @Test
    void frozenSubscribedNodeIsFoundByItsSilence() {
        try (NumberedStream stream = NumberedStream.from(links.publisher(), links.subscriber(), PARTITION, name)) {
            RedisServer frozen = subscribedNode();

            frozen.pause();

            LinkRig.await("resubscribed")
                    .until(() -> links.subscriber().resubscribed.contains(name));
            stream.awaitDelivery();
            frozen.resume();
            stream.awaitDelivery();
            stream.checkAcrossFailover("plain cluster, SIGSTOP of the subscribed node");
        }
    }
}
