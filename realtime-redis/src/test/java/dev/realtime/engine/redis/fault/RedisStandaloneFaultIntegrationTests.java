package dev.realtime.engine.redis.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisStandaloneFaultIntegrationTests extends RedisFaultContract {

    @RegisterExtension
    static final RedisExtension<RedisServer> redis =
            RedisExtension.of(() -> RedisServer.builder().persistent().start());

    @Override
    String topology() {
        return "standalone";
    }

    @Override
    EnginePair engines() {
        return EnginePair.of(redis.get());
    }

    @Override
    List<RedisServer> primaries() {
        return List.of(redis.get());
    }

    @Override
    List<RedisServer> dataServers() {
        return List.of(redis.get());
    }

    @Override
    OutageProbe probe() {
        return OutageProbe.of(() -> List.of(redis.get()));
    }

    @Override
    void awaitHealthy() {
        redis.get().execute("PING");
    }

    @Test
    void redisGoneForAWhileLosesNothing() {
        try (FaultTrial trial = trial()) {
            trial.hurt(probe(), () -> {
                redis.get().kill();
                pass(Duration.ofSeconds(5));
                redis.get().start();
            });

            trial.judge("killed, back with its data after 5 s");
        }
    }

    @Test
    void subscribersAreNotifiedOfRestartWithoutData() {
        try (FaultTrial trial = trial()) {
            trial.hurt(probe(), () -> {
                redis.get().kill();
                redis.get().wipe();
                redis.get().start();
            });

            assertThat(trial.judge("killed, back empty").notified()).isPositive();
        }
    }

    @Test
    void frozenRedisLosesNothing() {
        try (FaultTrial trial = trial()) {
            trial.hurt(probe(), () -> {
                redis.get().pause();
                pass(Duration.ofSeconds(4));
                redis.get().resume();
            });

            trial.judge("frozen (SIGSTOP) for 4 s");
        }
    }

    @Test
    void redisWithoutMemoryRefusesWhatItDoesNotPublish() {
        try (FaultTrial trial = trial()) {
            trial.hurt(probe(), () -> {
                redis.get().execute("CONFIG", "SET", "maxmemory", "1");
                pass(Duration.ofSeconds(1));
                redis.get().execute("CONFIG", "SET", "maxmemory", "0");
            });

            assertNobodyWasNotified(trial.judge("out of memory for 1 s"));
        }
    }
}
