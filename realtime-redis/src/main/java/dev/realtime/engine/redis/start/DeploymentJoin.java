package dev.realtime.engine.redis.start;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/** Entry of a node into its deployment when its connections are open: now, or as soon as Redis can be reached. */
public final class DeploymentJoin {

    private static final Logger logger = LoggerFactory.getLogger(DeploymentJoin.class);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Mono<Void> steps;

    private final Scheduler scheduler;

    private final Disposable.Swap trying = Disposables.swap();

    /** Permanent reason why this node must not take part. */
    private final AtomicReference<@Nullable RedisStartException> mistake = new AtomicReference<>();

    /** @param steps to take, again from the first when one fails */
    public DeploymentJoin(Mono<Void> steps, Scheduler scheduler) {
        this.steps = steps;
        this.scheduler = scheduler;
    }

    /** Completes when it has joined; fails if it cannot. */
    public Mono<Void> now() {
        return steps;
    }

    /** Completes immediately, and keeps trying until it is stopped. */
    public Mono<Void> whenPossible() {
        return Mono.fromRunnable(() -> trying.update(steps.retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                        .maxBackoff(LONGEST_PAUSE)
                        .scheduler(scheduler)
                        .doBeforeRetry(signal -> failed(signal.failure())))
                .subscribe(
                        nothing -> {},
                        error -> logger.error("This node could not join the others because of a defect", error),
                        () -> mistake.set(null))));
    }

    private void failed(Throwable error) {
        if (error instanceof RedisStartException problem) {
            if (mistake.getAndSet(problem) == null) {
                logger.error("{}", problem.getMessage());
            }
        } else {
            logger.debug("This node has not joined the others yet: {}", error.toString());
        }
    }

    public void stop() {
        trying.dispose();
    }

    /** Returns why this node must not take part; {@code null} if it may. */
    @Nullable
    public String problem() {
        RedisStartException problem = mistake.get();
        return problem == null ? null : problem.getMessage();
    }
}
