package dev.realtime.engine.redis.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.loss.Load;
import dev.realtime.engine.redis.loss.LossRun;
import dev.realtime.engine.redis.loss.Verdict;
import dev.realtime.engine.redis.loss.Verdict.Violation;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Two nodes under load, hurt once or several times in the same way, and what came of it. */
final class FaultTrial implements AutoCloseable {

    /** Goal: delivery is back within a second after Redis is. */
    private static final Duration GOAL = Duration.ofSeconds(1);

    /** What a slow machine with other work may add to the goal before a test fails. */
    private static final Duration SLACK = Duration.ofSeconds(4);

    private final String topology;

    private final EnginePair engines;

    private final LossRun run;

    private int times;

    private Duration rawOutage = Duration.ZERO;

    private Duration delivery = Duration.ZERO;

    private FaultTrial(String topology, EnginePair engines) {
        this.topology = topology;
        this.engines = engines;
        this.run = LossRun.start(List.of(engines.first(), engines.second()), Load.MODERATE);
    }

    /** Starts nodes and clients; the engines end with the trial. */
    static FaultTrial start(String topology, EnginePair engines) {
        try {
            return new FaultTrial(topology, engines);
        } catch (RuntimeException failed) {
            engines.close();
            throw failed;
        }
    }

    /**
     * Does harm to Redis, and returns when publications arrive everywhere again; that must not take much longer than
     * Redis.
     *
     * @param probe measures Redis; closed at the end
     * @param harm returns when Redis is, or is about to be, usable again
     */
    void hurt(OutageProbe probe, Runnable harm) {
        try (probe) {
            measure(harm, probe::longestOutage);
        }
    }

    /**
     * Does harm that a probe of Redis does not see: the time it takes is the outage.
     *
     * @param harm returns when it is over
     */
    void hurtForAsLongAs(Runnable harm) {
        long from = System.nanoTime();
        long[] took = new long[1];
        measure(
                () -> {
                    harm.run();
                    took[0] = System.nanoTime() - from;
                },
                () -> Duration.ofNanos(took[0]));
    }

    private void measure(Runnable harm, Supplier<Duration> outage) {
        long from = System.nanoTime();
        harm.run();
        run.awaitDelivery();
        Duration raw = outage.get();
        Duration slowest = run.slowestDelivery(from);
        times++;
        rawOutage = max(rawOutage, raw);
        delivery = max(delivery, slowest);
        assertThat(slowest)
                .as("time to delivery, while Redis itself took no write for %s", raw)
                .isLessThan(raw.plus(GOAL).plus(SLACK));
    }

    /** Publications arrive everywhere. */
    void awaitDelivery() {
        run.awaitDelivery();
    }

    /**
     * Ends publishing, adds a line to the figures, and fails if anything was lost in silence, doubled, reordered or
     * altered.
     */
    Verdict judge(String fault) {
        Verdict verdict = measured(fault);
        assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
        return verdict;
    }

    /**
     * The same for a failover that leaves a command behind in the old primary: tried again at the new one, it may be
     * carried out by both. With history the fence keeps one of them from being delivered; without, this cannot be
     * detected.
     */
    Verdict judgeWhereOldPrimaryCameBack(String fault) {
        Verdict verdict = measured(fault);
        assertThat(verdict.isCleanBut(Violation.BELATED)).as(verdict.toString()).isTrue();
        return verdict;
    }

    private Verdict measured(String fault) {
        Verdict verdict = run.finish();
        FaultFigures.add(
                topology,
                fault,
                times,
                rawOutage,
                delivery,
                run.journal().published(),
                run.journal().acknowledged(),
                verdict);
        assertThat(run.disconnects()).as("clients that were disconnected").isZero();
        return verdict;
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    @Override
    public void close() {
        run.close();
        engines.close();
    }
}
