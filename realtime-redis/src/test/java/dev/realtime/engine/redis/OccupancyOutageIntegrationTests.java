package dev.realtime.engine.redis;

import static dev.realtime.engine.redis.StartedEngine.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Redis is away, loses data, or is tampered with: missed events are reported late, and the nodes are counted correctly
 * again.
 */
class OccupancyOutageIntegrationTests {

    @RegisterExtension
    static final RedisExtension<RedisServer> redis = RedisExtension.standalone();

    private RedisEngineUnderTest underTest;

    private OccupancyNode first;

    private OccupancyNode second;

    @BeforeEach
    void start() {
        underTest = RedisEngineUnderTest.on(redis.get(), Duration.ofSeconds(1));
        first = new OccupancyNode(underTest.engine(), "first");
        second = new OccupancyNode(underTest.another(), "second");
    }

    @AfterEach
    void stop() {
        if (!redis.get().running()) {
            redis.get().start();
        }
        first.stop();
        second.stop();
        underTest.close();
    }

    private static String text(byte[] key) {
        return new String(key, StandardCharsets.UTF_8);
    }

    private @Nullable String count(String channel) {
        byte[] counts = underTest.keys().occupancyCounts(partition(channel));
        return (String) redis.get().execute("HGET", text(counts), channel);
    }

    private int partition(String channel) {
        return underTest.keys().of(channel).partition();
    }

    @Test
    void changesOfAnOutageAreReportedAfterIt() {
        first.occupy("before");
        second.occupy("before");
        redis.get().kill();
        first.occupy("meanwhile");
        first.occupy("passing");
        first.vacate("passing");
        first.vacate("before");
        second.vacate("before");

        redis.get().start();

        eventually(() -> assertThat(first.listener.toldOf("meanwhile")).containsExactly("occupied"));
        first.vacate("meanwhile");
        assertThat(first.listener.toldOf("meanwhile")).containsExactly("occupied", "vacated");
        assertThat(first.listener.toldOf("passing")).isEmpty();
    }

    @Test
    void channelsAreCountedAgainWhenRedisForgotThem() {
        first.occupy("a");
        second.occupy("a");
        redis.get().execute("FLUSHALL");

        eventually(() -> assertThat(count("a")).isEqualTo("2"));
        first.vacate("a");
        assertThat(first.listener.toldOf("a")).doesNotContain("vacated");
        second.vacate("a");

        assertThat(second.listener.toldOf("a")).endsWith("vacated");
    }

    @Test
    void lossOfOneKeyIsALossOfThePartitionAndCountedAgain() {
        int partition = partition("a");
        List<byte[]> keys = List.of(
                underTest.keys().occupancyLeases(partition),
                underTest.keys().occupancyCounts(partition),
                underTest.keys().occupancyShare(partition, "first"));
        first.occupy("a");
        second.occupy("a");
        for (byte[] key : keys) {
            redis.get().execute("DEL", text(key));

            eventually(() -> assertThat(count("a")).as(text(key)).isEqualTo("2"));
        }
    }

    @Test
    void changeThatRedisLostInAFailoverIsReportedAgain() {
        int partition = partition("a");
        first.occupy("a");
        // As a replica would have it that did not get the change.
        redis.get().execute("ZREM", text(underTest.keys().occupancyShare(partition, "first")), "a");
        redis.get().execute("ZADD", text(underTest.keys().occupancyShare(partition, "first")), "0", "");
        redis.get().execute("HDEL", text(underTest.keys().occupancyCounts(partition)), "a");

        eventually(() -> assertThat(count("a")).isEqualTo("1"));
        assertThat(first.listener.toldOf("a")).endsWith("occupied");
    }

    @Test
    void vacatedChannelThatRedisStillHasIsTakenAway() {
        int partition = partition("a");
        String share = text(underTest.keys().occupancyShare(partition, "first"));
        // A sibling in the same partition, so that the node has something to miss.
        String sibling = sibling("a");
        first.occupy(sibling);
        redis.get().execute("HSET", text(underTest.keys().occupancyCounts(partition)), "a", "1");
        redis.get().execute("ZADD", share, "200", "a", "0", "");

        eventually(() -> assertThat(count("a")).isNull());
        assertThat(count(sibling)).isEqualTo("1");
        // The reply of Redis brings the event.
        eventually(() -> assertThat(first.listener.toldOf("a")).containsExactly("vacated"));
    }

    private String sibling(String channel) {
        int number = 0;
        while (partition("sibling:" + number) != partition(channel)) {
            number++;
        }
        return "sibling:" + number;
    }

    @Test
    void lossOfNothingIsSettledOnce() {
        first.occupy("a");
        first.vacate("a");
        redis.get().execute("FLUSHALL");

        String share = text(underTest.keys().occupancyShare(partition("a"), "first"));
        eventually(() -> assertThat(redis.get().text("ZSCORE", share, "")).isEqualTo("-2"));
    }

    @Test
    void keysEndByThemselves() {
        first.occupy("a");
        int partition = partition("a");

        for (byte[] key : List.of(
                underTest.keys().occupancyLeases(partition),
                underTest.keys().occupancyCounts(partition),
                underTest.keys().occupancyShare(partition, "first"))) {
            assertThat((Long) redis.get().execute("PTTL", text(key))).isPositive();
        }
    }
}
