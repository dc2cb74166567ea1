package dev.realtime.engine.redis.fault;

import dev.realtime.engine.redis.loss.Verdict;
import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Slots move to another primary and back, with their keys, while clients use them. */
@ExtendWith(FaultFigures.class)
class RedisMovedSlotsFaultIntegrationTests {

    /** About a tenth of all slots, and so of all channels. */
    private static final int LAST_SLOT = 1500;

    private static final int SLOT_ELSEWHERE = 6000;

    @RegisterExtension
    static final RedisExtension<RedisClusterServers> redis =
            RedisExtension.of(() -> RedisClusterServers.builder().replicas(0).start());

    @ParameterizedTest
    @EnumSource(
            value = PubSubMode.class,
            names = {"SHARDED", "PLAIN"})
    void movedSlotsDisturbNobody(PubSubMode pubSub) {
        RedisFaultContract.assertNobodyIsDisturbed(() -> moveSlots(pubSub));
    }

    private static Verdict moveSlots(PubSubMode pubSub) {
        redis.get().awaitHealthy();
        EnginePair engines = EnginePair.of(redis.get(), production -> EnginePair.withPubSub(production, pubSub));
        try (FaultTrial trial = FaultTrial.start(topology(pubSub), engines)) {
            RedisServer home = redis.get().primaryOf(0);
            RedisServer away = redis.get().primaryOf(SLOT_ELSEWHERE);
            for (RedisServer target : List.of(away, home)) {
                trial.hurt(probe(), () -> redis.get().moveSlots(0, LAST_SLOT, target));
            }

            return trial.judge((LAST_SLOT + 1) + " slots moved");
        }
    }

    private static OutageProbe probe() {
        return OutageProbe.ofSlots(() -> redis.get().servers(), List.of(0));
    }

    private static String topology(PubSubMode pubSub) {
        return pubSub == PubSubMode.PLAIN ? "Cluster, plain" : "Cluster";
    }
}
