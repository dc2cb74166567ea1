package dev.realtime.engine.redis.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.engine.memory.MemoryEngine;
import dev.realtime.engine.redis.loss.Verdict.Violation;
import dev.realtime.spi.engine.Engine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

/** The whole apparatus on the memory engine: silent when all is well, and not when the engine loses something. */
class LossRunTests {

    private static final Load LIGHT = new Load(3, 1, 3, 4, Duration.ofMillis(20));

    @Test
    void wholeEngineIsClean() {
        MemoryEngine engine = new MemoryEngine(Duration.ofSeconds(60), Schedulers.parallel());
        try (LossRun run = LossRun.start(List.of(engine), LIGHT)) {
            long from = System.nanoTime();
            run.awaitDelivery();

            Verdict verdict = run.finish();

            assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
            assertThat(verdict.delivered()).isGreaterThanOrEqualTo(12);
            assertThat(run.journal().acknowledged()).isEqualTo(run.journal().published());
            assertThat(run.slowestDelivery(from)).isPositive();
        }
    }

    @Test
    void subscriberThatMissesSomethingIsNotified() {
        AtomicBoolean dropping = new AtomicBoolean();
        Engine engine = new LeakyEngine(new MemoryEngine(Duration.ofSeconds(60), Schedulers.parallel()), dropping::get);
        try (LossRun run = LossRun.start(List.of(engine), LIGHT)) {
            // when: nothing arrives for a moment, then arrivals continue
            int before = run.journal().acknowledged();
            dropping.set(true);
            await().until(() -> run.journal().acknowledged() > before + 20);
            dropping.set(false);
            run.awaitDelivery();

            // then: the gap was found by the offset, and recovered
            Verdict verdict = run.finish();
            assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
            assertThat(verdict.ended()).isPositive();
        }
    }

    @Test
    void lossAtTheEndIsFound() {
        AtomicBoolean dropping = new AtomicBoolean();
        Engine engine = new LeakyEngine(new MemoryEngine(Duration.ofSeconds(60), Schedulers.parallel()), dropping::get);
        try (LossRun run = LossRun.start(List.of(engine), LIGHT)) {
            dropping.set(true);
            int before = run.journal().acknowledged();
            await().until(() -> run.journal().acknowledged() > before + 20);

            Verdict verdict = run.finish(Duration.ofMillis(100));

            assertThat(verdict.count(Violation.LOST)).isPositive();
        }
    }
}
