package dev.realtime.engine.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisSentinelServers;
import dev.realtime.engine.redis.server.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Subscriptions and commands follow the primary that Sentinel names. */
class SentinelSubscriptionsIntegrationTests {

    @RegisterExtension
    static final RedisExtension<RedisSentinelServers> redis = RedisExtension.sentinel();

    private static final int PARTITION = 11;

    @RegisterExtension
    final LinkPair links = new LinkPair(redis::get, () -> {
        redis.get().awaitHealthy();
        return LinkRig.to(redis.get());
    });

    private String name;

    @BeforeEach
    void start() {
        name = links.subscriber().name(PARTITION, "sentinel");
        links.subscriber().subscribe(PARTITION, name);
    }

    @Test
    void failoverByCommandIsFollowed() {
        try (NumberedStream stream = NumberedStream.from(links.publisher(), links.subscriber(), PARTITION, name)) {

            RedisServer primary = redis.get().failOver();

            stream.awaitDelivery();
            stream.checkAcrossFailover("Sentinel, SENTINEL FAILOVER");
            LinkRig.await("its address")
                    .until(() -> links.subscriber().status().primaries().stream()
                            .anyMatch(each -> each.address().equals(primary.address())));
        }
    }

    @Test
    void killedPrimaryIsReplaced() {
        try (NumberedStream stream = NumberedStream.from(links.publisher(), links.subscriber(), PARTITION, name)) {

            RedisServer killed = redis.get().killPrimary();
            redis.get().awaitPrimaryOtherThan(killed);

            stream.awaitDelivery();
            stream.checkAcrossFailover("Sentinel, kill -9 of the primary");
            assertThat(links.subscriber().resubscribed).contains(name);
        }
    }

    /** Sentinel names it for some seconds more, and each connection to it lasts until it has said what it is. */
    @Test
    void demotedPrimaryIsNotDialledWithoutPause() {
        RedisServer primary = redis.get().primary();
        RedisServer other = redis.get().servers().stream()
                .filter(server -> server != primary && server.running())
                .findFirst()
                .orElseThrow();
        LinkRig.await("working").until(() -> links.subscriber().status().working());
        primary.execute("REPLICAOF", RedisServer.HOST, Integer.toString(other.port()));
        long before = connectionsReceived(primary);
        long began = System.nanoTime();

        LinkRig.await("two seconds")
                .until(() -> System.nanoTime() - began > Duration.ofSeconds(2).toNanos());

        long dials = connectionsReceived(primary) - before;
        System.out.printf("%d connections to a demoted primary in 2 s, from two nodes%n", dials);
        assertThat(dials).isLessThan(80);
        primary.execute("REPLICAOF", "NO", "ONE");
        redis.get().awaitHealthy();
    }

    private static long connectionsReceived(RedisServer server) {
        return Long.parseLong(
                server.text("INFO", "stats").replaceAll("(?s).*total_connections_received:(\\d+).*", "$1"));
    }
}
