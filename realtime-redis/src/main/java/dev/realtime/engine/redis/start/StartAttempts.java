package dev.realtime.engine.redis.start;

import dev.realtime.engine.redis.options.RedisEngineOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/** Attempts at a check, repeated with growing pauses while that may help. */
final class StartAttempts {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final RedisEngineOptions options;

    private final Scheduler scheduler;

    /** @param scheduler of the pauses */
    StartAttempts(RedisEngineOptions options, Scheduler scheduler) {
        this.options = options;
        this.scheduler = scheduler;
    }

    /**
     * Subscribes to a check until it completes: for {@link RedisEngineOptions#startTimeout()}, as long as its failures
     * may pass; with {@link RedisEngineOptions#waitForRedis()} until it is cancelled.
     *
     * @param problem is notified of each attempt that failed and is followed by another one
     */
    Mono<Void> repeat(Mono<Void> check, Consumer<RedisStartException> problem) {
        return Mono.defer(() -> {
            long beganMillis = scheduler.now(TimeUnit.MILLISECONDS);
            return check.retryWhen(
                    Retry.from(failures -> failures.concatMap(failed -> afterFailure(failed, problem, beganMillis))));
        });
    }

    private Publisher<?> afterFailure(
            Retry.RetrySignal failed, Consumer<RedisStartException> problem, long beganMillis) {
        if (!(failed.failure() instanceof RedisStartException failure)) {
            return Mono.error(failed.failure());
        }
        Duration pause = pause(failed.totalRetries());
        if (!options.waitForRedis()) {
            Duration tried = Duration.ofMillis(scheduler.now(TimeUnit.MILLISECONDS) - beganMillis);
            if (!failure.temporary()) {
                return Mono.error(failure);
            }
            if (tried.plus(pause).compareTo(options.startTimeout()) >= 0) {
                return Mono.error(failure.after(tried));
            }
        }
        problem.accept(failure);
        return Mono.delay(pause, scheduler);
    }

    /** Doubles from the first to the longest. */
    private static Duration pause(long attempts) {
        Duration pause = FIRST_PAUSE;
        for (long attempt = 0; attempt < attempts && pause.compareTo(LONGEST_PAUSE) < 0; attempt++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
}
