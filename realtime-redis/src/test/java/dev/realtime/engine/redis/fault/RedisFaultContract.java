package dev.realtime.engine.redis.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.loss.Verdict;
import dev.realtime.engine.redis.server.FaultProxy;
import dev.realtime.engine.redis.server.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Faults that every kind of Redis can have. */
@ExtendWith(FaultFigures.class)
abstract class RedisFaultContract {

    private static final int TRIALS = 3;

    /** What the figures call this kind of Redis. */
    abstract String topology();

    /** Engines of two nodes on it. */
    abstract EnginePair engines();

    /** Servers that hold data and take writes now. */
    abstract List<RedisServer> primaries();

    /** Servers that hold data, living or not. */
    abstract List<RedisServer> dataServers();

    /** Measures whether writes are taken. */
    abstract OutageProbe probe();

    /** Returns when all servers live and are in sync. */
    abstract void awaitHealthy();

    FaultTrial trial() {
        awaitHealthy();
        return FaultTrial.start(topology(), engines());
    }

    @Test
    void lostPubSubConnectionsAreReplaced() {
        try (FaultTrial trial = trial()) {
            for (int time = 0; time < 3; time++) {
                trial.hurt(
                        probe(),
                        () -> dataServers().forEach(server -> server.execute("CLIENT", "KILL", "TYPE", "pubsub")));
            }

            assertNobodyWasNotified(trial.judge("CLIENT KILL TYPE pubsub"));
        }
    }

    @Test
    void lostCommandConnectionsAreReplaced() {
        try (FaultTrial trial = trial()) {
            for (int time = 0; time < 3; time++) {
                trial.hurt(
                        probe(),
                        () -> dataServers().forEach(server -> server.execute("CLIENT", "KILL", "TYPE", "normal")));
            }

            assertNobodyWasNotified(trial.judge("CLIENT KILL TYPE normal"));
        }
    }

    @Test
    void forgottenScriptsAreLoadedAgain() {
        try (FaultTrial trial = trial()) {
            for (int time = 0; time < 5; time++) {
                trial.hurt(probe(), () -> primaries().forEach(server -> server.execute("SCRIPT", "FLUSH")));
            }

            assertNobodyWasNotified(trial.judge("SCRIPT FLUSH"));
        }
    }

    @Test
    void subscribersAreNotifiedOfEmptiedRedis() {
        try (FaultTrial trial = trial()) {
            trial.hurt(probe(), () -> primaries().forEach(server -> server.execute("FLUSHALL")));

            assertThat(trial.judge("FLUSHALL").notified()).isPositive();
        }
    }

    @Test
    void nodeCutOffFromRedisCatchesUp() {
        EnginePair engines = engines();
        try (FaultTrial trial = FaultTrial.start(topology(), engines)) {
            trial.hurtForAsLongAs(() -> {
                engines.proxies().all().forEach(FaultProxy::blackHole);
                pass(Duration.ofSeconds(4));
                engines.proxies().all().forEach(FaultProxy::pass);
            });

            assertNobodyWasNotified(trial.judge("one node cut off for 4 s (no packets)"));
        }
    }

    @Test
    void nodeWhoseConnectionsAreResetAndRefusedCatchesUp() {
        EnginePair engines = engines();
        try (FaultTrial trial = FaultTrial.start(topology(), engines)) {
            trial.hurtForAsLongAs(() -> {
                engines.proxies().all().forEach(proxy -> {
                    proxy.refuse();
                    proxy.reset();
                });
                pass(Duration.ofSeconds(2));
                engines.proxies().all().forEach(FaultProxy::pass);
            });

            assertNobodyWasNotified(trial.judge("one node cut off for 2 s (reset, refused)"));
        }
    }

    /** The fault is meant to last. */
    static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Checks that no client without a loss reloads. */
    static void assertNobodyWasNotified(Verdict verdict) {
        assertThat(verdict.notified()).as("subscribers notified of a loss").isZero();
    }

    /**
     * Checks that no client even has to subscribe again. Where a survey is not answered in time, as on a busy machine,
     * more than necessary are notified: that may have a trial repeated, while each must be without a loss.
     */
    static void assertNobodyIsDisturbed(Supplier<Verdict> trial) {
        Verdict verdict = trial.get();
        for (int number = 1; number < TRIALS && (verdict.notified() > 0 || verdict.ended() > 0); number++) {
            verdict = trial.get();
        }
        assertNobodyWasNotified(verdict);
        assertThat(verdict.ended()).as("subscriptions ended").isZero();
    }
}
