package dev.realtime.engine.redis.fault;

import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Plain pub/sub in a cluster: where it differs from sharded. */
@ExtendWith(FaultFigures.class)
class RedisPlainClusterFaultIntegrationTests {

    private static final List<Integer> SLOTS = List.of(100, 6000, 12000);

    @RegisterExtension
    static final RedisExtension<RedisClusterServers> redis = RedisExtension.cluster();

    private static RedisEngineOptions plain(RedisEngineOptions production) {
        return EnginePair.withPubSub(production, PubSubMode.PLAIN);
    }

    private static FaultTrial trial() {
        redis.get().awaitHealthy();
        return FaultTrial.start(
                "Cluster, plain", EnginePair.of(redis.get(), RedisPlainClusterFaultIntegrationTests::plain));
    }

    private static OutageProbe probe() {
        return OutageProbe.ofSlots(() -> redis.get().servers(), SLOTS);
    }

    @Test
    void killedPrimariesLoseNothingInSilence() {
        try (FaultTrial trial = trial()) {
            for (int slot : SLOTS) {
                RedisServer old = redis.get().primaryOf(slot);
                trial.hurt(
                        probe(),
                        () -> redis.get().awaitPrimaryOtherThan(redis.get().killPrimaryOf(slot), slot));
                old.start();
                redis.get().awaitHealthy();
            }

            trial.judge("primary killed");
        }
    }

    @Test
    void lostPubSubConnectionsAreReplaced() {
        try (FaultTrial trial = trial()) {
            trial.hurt(
                    probe(),
                    () -> redis.get().servers().forEach(server -> server.execute("CLIENT", "KILL", "TYPE", "pubsub")));

            RedisFaultContract.assertNobodyWasNotified(trial.judge("CLIENT KILL TYPE pubsub"));
        }
    }
}
