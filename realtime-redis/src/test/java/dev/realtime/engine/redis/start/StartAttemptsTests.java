package dev.realtime.engine.redis.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.options.RedisTopology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Attempts at the check of Redis at the start. */
class StartAttemptsTests {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

    private final AtomicInteger attempts = new AtomicInteger();

    private final List<RedisStartException> problems = new ArrayList<>();

    private static RedisEngineOptions options(boolean wait, Duration startTimeout) {
        return RedisEngineOptions.builder(RedisTopology.STANDALONE)
                .waitForRedis(wait)
                .startTimeout(startTimeout)
                .build();
    }

    private Mono<Void> repeat(RedisEngineOptions options, int failures, boolean temporary) {
        return new StartAttempts(options, time)
                .repeat(
                        Mono.defer(() -> attempts.incrementAndGet() <= failures
                                ? Mono.error(new RedisStartException("address", "Not there.", "Start it.", temporary))
                                : Mono.empty()),
                        problems::add);
    }

    /** Some hours of them. */
    @Test
    void waitingIsNotEndedByManyAttempts() {
        AtomicBoolean done = new AtomicBoolean();
        repeat(options(true, Duration.ZERO), 20_000, true)
                .subscribe(nothing -> {}, failure -> {}, () -> done.set(true));

        time.advanceTimeBy(Duration.ofSeconds(20_000));

        assertThat(problems).hasSize(20_000);
        assertThat(done).isTrue();
    }

    @Test
    void pausesGrowToOneSecond() {
        repeat(options(true, Duration.ZERO), 100, true).subscribe();

        List<Integer> made = new ArrayList<>();
        for (long millis : List.of(0, 100, 200, 400, 800, 1000, 1000)) {
            time.advanceTimeBy(Duration.ofMillis(millis));
            made.add(attempts.get());
        }

        assertThat(made).containsExactly(1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void attemptsEndWithTheStartTimeout() {
        List<Throwable> failures = new ArrayList<>();
        repeat(options(false, Duration.ofSeconds(1)), 100, true).subscribe(nothing -> {}, failures::add);

        time.advanceTimeBy(Duration.ofSeconds(10));

        assertThat(attempts).hasValue(4);
        assertThat(failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasMessageContaining("It was tried for 700ms"));
    }

    @Test
    void mistakeThatDoesNotPassIsNotTriedAgain() {
        List<Throwable> failures = new ArrayList<>();
        repeat(options(false, Duration.ofSeconds(10)), 100, false).subscribe(nothing -> {}, failures::add);

        assertThat(attempts).hasValue(1);
        assertThat(failures).hasSize(1);
    }
}
