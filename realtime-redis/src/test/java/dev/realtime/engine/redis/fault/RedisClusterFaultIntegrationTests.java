package dev.realtime.engine.redis.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.loss.Verdict;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.server.RedisClusterServers;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sharded pub/sub in a cluster. */
class RedisClusterFaultIntegrationTests extends RedisFaultContract {

    /** A slot of each of the primaries at the start, which are one third of all slots each. */
    private static final List<Integer> SLOTS = List.of(100, 6000, 12000);

    @RegisterExtension
    static final RedisExtension<RedisClusterServers> redis = RedisExtension.cluster();

    @Override
    String topology() {
        return "Cluster";
    }

    /** The options of production, and what is special here. */
    RedisEngineOptions options(RedisEngineOptions production) {
        return production;
    }

    @Override
    EnginePair engines() {
        return EnginePair.of(redis.get(), this::options);
    }

    @Override
    List<RedisServer> primaries() {
        return redis.get().primaries();
    }

    @Override
    List<RedisServer> dataServers() {
        return redis.get().servers();
    }

    @Override
    OutageProbe probe() {
        return OutageProbe.ofSlots(() -> redis.get().servers(), SLOTS);
    }

    @Override
    void awaitHealthy() {
        redis.get().awaitHealthy();
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
                awaitHealthy();
            }

            trial.judge("primary killed");
        }
    }

    @Test
    void gracefulFailoversDisturbNobody() {
        assertNobodyIsDisturbed(this::failOverGracefully);
    }

    private Verdict failOverGracefully() {
        try (FaultTrial trial = trial()) {
            for (int slot : SLOTS) {
                trial.hurt(probe(), () -> redis.get().failOver(slot));
                awaitHealthy();
            }

            return trial.judge("CLUSTER FAILOVER");
        }
    }

    @Test
    void frozenPrimaryLosesNothingInSilence() {
        try (FaultTrial trial = trial()) {
            int slot = SLOTS.get(1);
            RedisServer old = redis.get().primaryOf(slot);
            try {
                trial.hurt(probe(), () -> {
                    old.pause();
                    redis.get().awaitPrimaryOtherThan(old, slot);
                });
            } finally {
                old.resume();
            }
            awaitHealthy();
            trial.awaitDelivery();

            trial.judgeWhereOldPrimaryCameBack("primary frozen (SIGSTOP)");
        }
    }

    @Test
    void clusterBackEmptyAfterAWhileIsReported() {
        try (FaultTrial trial = trial()) {
            trial.hurt(probe(), () -> {
                redis.get().servers().forEach(RedisServer::kill);
                pass(Duration.ofSeconds(3));
                redis.get().servers().forEach(RedisServer::start);
                awaitHealthy();
            });

            assertThat(trial.judge("all killed, back empty after 3 s").notified())
                    .isPositive();
        }
    }
}
