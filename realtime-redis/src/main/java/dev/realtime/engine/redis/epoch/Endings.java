package dev.realtime.engine.redis.epoch;

import dev.realtime.engine.redis.generation.Generation;
import dev.realtime.engine.redis.generation.Generations;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Generations that have ended, with what took their place and whether this node has forgotten something that it may
 * lack. May be used by any thread; changed by {@link Settlement}, one round at a time.
 */
final class Endings {

    /** Successor in {@link Ending#results} that stands for any. */
    static final String ANY = "*";

    /** Ended generations whose tail is kept, to be looked for again if the next failover loses a note. */
    private static final int KEPT_TAILS = 4;

    private final Generations generations;

    private final Lineage lineage;

    /** Ended generation to what became of it. */
    private final Map<String, Ending> endings = new ConcurrentHashMap<>();

    Endings(Generations generations, Lineage lineage) {
        this.generations = generations;
        this.lineage = lineage;
    }

    /** Outcome of an ended generation. */
    static final class Ending {

        final Generation generation;

        /** Generations that took its place. */
        final Set<String> successors;

        /** Successor, or {@link #ANY}, to whether something was forgotten that it may lack. */
        final Map<String, Boolean> results = new ConcurrentHashMap<>();

        /** The check that runs, or ran last. */
        volatile CompletableFuture<Void> check = CompletableFuture.completedFuture(null);

        Ending(Generation generation, Set<String> successors) {
            this.generation = generation;
            this.successors = successors;
        }

        /** Returns whether something was forgotten that a successor may lack; {@code null} if that is not known yet. */
        @Nullable
        Boolean forgotten(String successor) {
            Boolean forgotten = results.get(successor);
            return forgotten == null ? results.get(ANY) : forgotten;
        }
    }

    void add(Ending ending) {
        endings.put(ending.generation.id(), ending);
    }

    void remove(String generation) {
        endings.remove(generation);
    }

    /** Returns the ending of a generation; {@code null} if it has not ended, as far as known. */
    @Nullable
    Ending of(String generation) {
        return endings.get(generation);
    }

    /** Forgets generations that are not remembered any more. */
    void forgetUnknown() {
        endings.values().removeIf(ending -> generations.get(ending.generation.id()) != ending.generation);
    }

    /** An older dataset may be in use: nothing that was seen before is certain to be there. */
    void recheckAll(String successor) {
        for (Ending ending : endings.values()) {
            if (!ending.results.containsKey(ANY)
                    && ending.check.isDone()
                    && (successor.equals(ANY) || lineage.covered(ending.generation, successor) == null)) {
                ending.results.put(ANY, ending.generation.hasForgotten(0));
            }
        }
    }

    /** Returns the tick from which notes of an earlier generation have to be looked for in the heir of a later one. */
    int covered(Ending earlier, @Nullable String heir) {
        Integer covered = heir == null ? null : lineage.covered(earlier.generation, heir);
        return covered == null ? 0 : covered;
    }

    /**
     * Returns the generations that one came after. The heir of that may lack more of them than it did itself, and notes
     * of losses that were made in it.
     */
    List<Ending> before(String generation) {
        List<Ending> before = new ArrayList<>();
        Set<String> reached = new HashSet<>(Set.of(generation));
        boolean more = true;
        while (more) {
            more = false;
            for (Ending one : endings.values()) {
                if (!Collections.disjoint(one.successors, reached) && reached.add(one.generation.id())) {
                    before.add(one);
                    more = true;
                }
            }
        }
        return before;
    }

    void dropOldTails() {
        endings.values().stream()
                .map(ending -> ending.generation)
                .filter(generation -> generation.size() > 0)
                .sorted(Comparator.comparing(Generation::firstTick).reversed())
                .skip(KEPT_TAILS)
                .forEach(generation -> generation.trim(Integer.MAX_VALUE));
    }

    /** Returns whether no check runs. */
    boolean areChecked() {
        return endings.values().stream().allMatch(ending -> ending.check.isDone());
    }

    /** Completes when the checks that run now have ended. */
    Mono<Void> checks() {
        return Mono.fromFuture(
                CompletableFuture.allOf(
                        endings.values().stream().map(ending -> ending.check).toArray(CompletableFuture[]::new)),
                true);
    }
}
