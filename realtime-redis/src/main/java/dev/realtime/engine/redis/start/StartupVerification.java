package dev.realtime.engine.redis.start;

import dev.realtime.api.client.EngineException;
import dev.realtime.engine.redis.options.RedisAddresses;
import dev.realtime.engine.redis.options.RedisTopology;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** Problem that the check at start-up found. It stops the start, or is part of the status until it is solved. */
public final class StartupVerification {

    private static final Logger logger = LoggerFactory.getLogger(StartupVerification.class);

    private final StartCheck check;

    private final RedisAddresses addresses;

    private final Disposable.Swap watch = Disposables.swap();

    private volatile @Nullable String problem;

    public StartupVerification(StartCheck check, RedisAddresses addresses) {
        this.check = check;
        this.addresses = addresses;
    }

    /** Completes when there is none; fails with the one that stays. */
    public Mono<Void> verify() {
        return check.run(temporary -> logger.debug("Redis is not usable yet.", temporary));
    }

    /** Looks again and again, in the background, until there is none. */
    public void watch() {
        problem = "Redis has not been reached yet.";
        watch.update(check.run(this::found)
                .subscribe(
                        nothing -> {},
                        error -> logger.error("Could not determine the Redis topology.", error),
                        this::solved));
    }

    private void found(RedisStartException failure) {
        String message = failure.getMessage();
        if (message != null && !message.equals(problem)) {
            logger.warn("{} This node keeps trying.", message);
        }
        problem = message;
    }

    private void solved() {
        problem = null;
        logger.info("Redis topology verified.");
    }

    public void stop() {
        watch.dispose();
    }

    /** Returns the last problem; {@code null} if there is none any more. */
    @Nullable
    public String problem() {
        return problem;
    }

    /** A failure to connect after the check found nothing wrong. */
    public Throwable explained(Throwable failure) {
        if (!(failure instanceof EngineException) || failure instanceof RedisStartException) {
            return failure;
        }
        return new RedisStartException(
                addresses.property(),
                "%s leads to Redis, which responds, but the engine cannot use it: %s."
                        .formatted(
                                addresses.origin(),
                                String.valueOf(failure.getMessage()).replaceFirst("\\.$", "")),
                addresses.topology() == RedisTopology.CLUSTER
                        ? "Make sure that all slots are covered (`CLUSTER INFO`), and that the addresses in"
                                + " `CLUSTER SLOTS` can be reached from this node; behind address translation set"
                                + " `cluster-announce-ip` or `cluster-announce-hostname` of each node."
                        : "Check the log of Redis, or set `realtime.redis.startup=wait` to start without it.",
                true,
                failure);
    }
}
