package dev.realtime.engine.redis.fault;

import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisSentinelServers;
import dev.realtime.engine.redis.server.RedisServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisSentinelFaultIntegrationTests extends RedisFaultContract {

    @RegisterExtension
    static final RedisExtension<RedisSentinelServers> redis = RedisExtension.sentinel();

    @Override
    String topology() {
        return "Sentinel";
    }

    @Override
    EnginePair engines() {
        return EnginePair.of(redis.get());
    }

    @Override
    List<RedisServer> primaries() {
        return List.of(redis.get().primary());
    }

    @Override
    List<RedisServer> dataServers() {
        return List.of(redis.get().primary(), redis.get().replica());
    }

    /** A replica takes writes before the Sentinels announce it, which cannot be detected. */
    @Override
    OutageProbe probe() {
        return OutageProbe.of(this::primaries);
    }

    @Override
    void awaitHealthy() {
        redis.get().awaitHealthy();
    }

    @Test
    void failoverByCommandLosesNothing() {
        try (FaultTrial trial = trial()) {
            for (int time = 0; time < 2; time++) {
                trial.hurt(probe(), () -> redis.get().failOver());
                awaitHealthy();
            }

            trial.judge("SENTINEL FAILOVER");
        }
    }

    @Test
    void killedPrimaryLosesNothingInSilence() {
        try (FaultTrial trial = trial()) {
            for (int time = 0; time < 2; time++) {
                RedisServer old = redis.get().primary();
                trial.hurt(
                        probe(),
                        () -> redis.get().awaitPrimaryOtherThan(redis.get().killPrimary()));
                old.start();
                awaitHealthy();
            }

            trial.judge("primary killed");
        }
    }

    @Test
    void frozenPrimaryLosesNothingInSilence() {
        try (FaultTrial trial = trial()) {
            RedisServer old = redis.get().primary();
            try {
                trial.hurt(probe(), () -> {
                    old.pause();
                    redis.get().awaitPrimaryOtherThan(old);
                });
            } finally {
                old.resume();
            }
            awaitHealthy();
            trial.awaitDelivery();

            trial.judgeWhereOldPrimaryCameBack("primary frozen (SIGSTOP)");
        }
    }
}
