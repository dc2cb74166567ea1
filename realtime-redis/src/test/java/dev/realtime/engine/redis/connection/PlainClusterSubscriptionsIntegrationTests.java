package dev.realtime.engine.redis.connection;

import static dev.realtime.engine.redis.StartedEngine.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Plain pub/sub in a cluster: one connection to any node hears all, and any node takes publications. */
class PlainClusterSubscriptionsIntegrationTests {

    @RegisterExtension
    static final RedisExtension<RedisClusterServers> redis = RedisExtension.cluster();

    private static final int PARTITION = 7;

    private LinkRig subscriber;

    private LinkRig publisher;

    private String name;

    @BeforeEach
    void start() {
        redis.get().awaitHealthy();
        subscriber = LinkRig.to(redis.get(), PubSubMode.PLAIN).started();
        publisher = LinkRig.to(redis.get(), PubSubMode.PLAIN).started();
        name = subscriber.name(PARTITION, "plain");
        subscriber.subscribe(PARTITION, name);
    }

    @AfterEach
    void stop() {
        subscriber.close();
        publisher.close();
        assertThat(subscriber.overlaps).isEmpty();
        redis.get().servers().forEach(server -> {
            server.resume();
            if (!server.running()) {
                server.start();
            }
        });
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

        eventually(() -> assertThat(subscriber.status().problem()).isNull());
    }

    @Test
    void oneConnectionHearsAllPartitions() {
        for (int partition = 0; partition <= subscriber.partitions.control(); partition++) {
            String each = subscriber.name(partition, "all");
            subscriber.subscribe(partition, each);
            publisher.publish(partition, each, "hello");
        }

        LinkRig.await("all").until(() -> subscriber.deliveries.size() == subscriber.partitions.control() + 1);
        assertThat(publisher.connections.sharded()).isFalse();
        eventually(() -> assertThat(subscriber.status().problem()).isNull());
    }

    @Test
    void losingTheSubscribedNodeMovesToAnother() {
        try (NumberedStream stream = NumberedStream.from(publisher, subscriber, PARTITION, name)) {

            subscribedNode().kill();

            LinkRig.await("resubscribed").until(() -> subscriber.resubscribed.contains(name));
            stream.awaitDelivery();
            stream.checkAcrossFailover("plain cluster, kill -9 of the subscribed node");
        }
    }

    @Test
    void frozenSubscribedNodeIsFoundByItsSilence() {
        try (NumberedStream stream = NumberedStream.from(publisher, subscriber, PARTITION, name)) {
            RedisServer frozen = subscribedNode();

            frozen.pause();

            LinkRig.await("resubscribed").until(() -> subscriber.resubscribed.contains(name));
            stream.awaitDelivery();
            frozen.resume();
            stream.awaitDelivery();
            stream.checkAcrossFailover("plain cluster, SIGSTOP of the subscribed node");
        }
    }
}
