package dev.realtime.engine.redis.epoch;

import dev.realtime.engine.redis.epoch.ReplicationRounds.Round;
import dev.realtime.engine.redis.generation.Generation;
import dev.realtime.engine.redis.generation.Generation.Predecessor;
import dev.realtime.engine.redis.generation.Generations;
import dev.realtime.engine.redis.generation.ReplicationState;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decision which generations have ended, and what each continues, by the rounds of replies of all primaries.
 *
 * <p>Not safe for use by several threads.
 */
final class GenerationEnds {

    private static final Logger logger = LoggerFactory.getLogger(GenerationEnds.class);

    /** A process that replied this long ago may have been replaced and have come back. */
    private static final Duration SAME_PROCESS = Duration.ofSeconds(10);

    /** Time after which a generation that no primary ever reported is given up. */
    private static final Duration UNCONFIRMED = Duration.ofSeconds(15);

    /**
     * Time after which two primaries of which one continues the other are two of their own, and not one that was
     * replaced and has not noticed it.
     */
    private static final Duration BESIDE = Duration.ofSeconds(2);

    private final Generations generations;

    private final Lineage lineage;

    private final Predicate<String> isServed;

    /** Generation to when a primary last reported it, in nanoseconds. */
    private final Map<String, Long> answeredAt = new HashMap<>();

    /** Generation to since when the one that it continues has been in use beside it, in nanoseconds. */
    private final Map<String, Long> besides = new HashMap<>();

    /** Generations that a primary reported by itself. */
    private final Set<String> served = new HashSet<>();

    /** @param isServed whether a primary has reported a generation by itself */
    GenerationEnds(Generations generations, Lineage lineage, Predicate<String> isServed) {
        this.generations = generations;
        this.lineage = lineage;
        this.isServed = isServed;
    }

    /** Notes that a generation is in use. */
    void noteServed(String generation) {
        if (isServed.test(generation)) {
            served.add(generation);
        }
    }

    /** Notes when the primaries of a round replied. */
    void noteReplies(Round round, long now) {
        round.states().values().forEach(state -> answeredAt.put(state.generation(), now));
    }

    /** Forgets generations that are not remembered any more. */
    void forgetUnknown() {
        answeredAt.keySet().removeIf(id -> generations.get(id) == null);
        served.removeIf(id -> generations.get(id) == null);
    }

    /** Returns the predecessor of a generation that a primary reports for the first time; {@code null} if unknown. */
    @Nullable
    Predecessor predecessor(ReplicationState state, long now) {
        if (!state.former().isEmpty()) {
            return new Predecessor(state.former(), state.formerEnd());
        }
        return generations.all().stream()
                .filter(other -> !other.hasEnded() && !other.id().equals(state.generation()))
                .filter(other -> isSameProcess(other, state, now))
                .findFirst()
                .map(other -> new Predecessor(other.id(), Long.MAX_VALUE))
                .orElse(null);
    }

    private boolean isSameProcess(Generation other, ReplicationState state, long now) {
        ReplicationState before = other.confirmed();
        Long at = answeredAt.get(other.id());
        return before != null
                && at != null
                && now - at < SAME_PROCESS.toNanos()
                && !state.runId().isEmpty()
                && state.runId().equals(before.runId());
    }

    /**
     * Finds generations beside which the one lives that they began with. For a moment a primary that was replaced may
     * answer too.
     */
    void findBranches(Round round, long now) {
        for (ReplicationState state : round.states().values()) {
            String id = state.generation();
            Generation generation = generations.meet(id);
            Predecessor former = generation.predecessor();
            if (former == null || former.id().equals(id) || !round.reports(former.id())) {
                besides.remove(id);
                continue;
            }
            Long since = besides.putIfAbsent(id, now);
            if (since != null && now - since >= BESIDE.toNanos()) {
                logger.debug("Generation {} is still in use beside {}, which started with its data", former.id(), id);
                generation.branchOff();
                besides.remove(id);
            }
        }
        besides.keySet().removeIf(id -> !round.reports(id));
    }

    /** Returns whether a generation has ended, as a round shows. */
    boolean hasEnded(Generation generation, Round round, long now) {
        if (round.reports(generation.id())) {
            return false;
        }
        if (lineage.isContinuedIn(round, generation.id())) {
            return true;
        }
        if (!round.complete() || generation.firstTick() >= round.tick()) {
            return false;
        }
        if (isServed.test(generation.id())) {
            served.add(generation.id());
            return false;
        }
        if (served.contains(generation.id())) {
            return true;
        }
        // Met by way of a partition only, which another server may have answered for.
        Long met = answeredAt.putIfAbsent(generation.id(), now);
        return met != null && now - met > UNCONFIRMED.toNanos();
    }
}
