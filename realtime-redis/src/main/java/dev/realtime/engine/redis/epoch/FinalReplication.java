package dev.realtime.engine.redis.epoch;

import dev.realtime.engine.redis.generation.Generation;
import dev.realtime.engine.redis.generation.Generations;
import dev.realtime.engine.redis.generation.ReplicationState;
import java.time.Duration;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Wait of a node that leaves until what it saw is settled, or in the replicas: then no other node has to ask it. */
final class FinalReplication {

    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Generations generations;

    private final ReplicationRounds rounds;

    private final Endings endings;

    private final LongSupplier clock;

    private final Scheduler scheduler;

    /** @param clock nanoseconds, as {@link System#nanoTime()} */
    FinalReplication(
            Generations generations,
            ReplicationRounds rounds,
            Endings endings,
            LongSupplier clock,
            Scheduler scheduler) {
        this.generations = generations;
        this.rounds = rounds;
        this.endings = endings;
        this.clock = clock;
        this.scheduler = scheduler;
    }

    /**
     * Settles all that has ended, and waits until replicas have what this node saw, both not for long. Completes with
     * whether everything that ended is settled and everything else is in the replicas that are connected.
     *
     * @param acknowledgeNothing is run when the replies have arrived to what was sent before, so that nothing is
     *     acknowledged that replicas are not waited for
     */
    Mono<Boolean> finish(Duration longest, Runnable acknowledgeNothing) {
        if (generations.all().isEmpty()) {
            // Scripts may not read the generation: nothing was noted, and no node asks.
            return Mono.just(true);
        }
        long giveUpAt = clock.getAsLong() + longest.toNanos();
        return rounds.next()
                .flatMap(round -> endings.checks()
                        .then(Mono.fromRunnable(acknowledgeNothing))
                        .then(replicated(giveUpAt)))
                .defaultIfEmpty(false)
                .timeout(longest, Mono.just(false), scheduler)
                .onErrorReturn(false)
                .doFinally(signal -> acknowledgeNothing.run());
    }

    /** Completes with whether what was noted is in all connected replicas, when it is or when it is too late. */
    private Mono<Boolean> replicated(long giveUpAt) {
        return rounds.next().flatMap(round -> {
            boolean all = round.complete()
                    && endings.areChecked()
                    && round.states().values().stream().allMatch(this::isReplicated);
            if (all || clock.getAsLong() - giveUpAt > 0) {
                return Mono.just(all);
            }
            return Mono.delay(PAUSE, scheduler).then(replicated(giveUpAt));
        });
    }

    private boolean isReplicated(ReplicationState state) {
        Generation generation = generations.get(state.generation());
        return generation == null
                || state.replicas() == 0
                || state.offset() < 0
                || generation.tail(generation.covered(state.replicated() + 1)).isEmpty();
    }
}
