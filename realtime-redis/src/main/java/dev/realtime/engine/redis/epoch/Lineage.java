package dev.realtime.engine.redis.epoch;

import dev.realtime.engine.redis.epoch.ReplicationRounds.Round;
import dev.realtime.engine.redis.generation.Generation;
import dev.realtime.engine.redis.generation.Generation.Predecessor;
import dev.realtime.engine.redis.generation.Generations;
import org.jspecify.annotations.Nullable;

/** Known successions of generations. May be used by any thread. */
final class Lineage {

    private final Generations generations;

    Lineage(Generations generations) {
        this.generations = generations;
    }

    /**
     * Returns the tick before which all that was noted of a generation is in a later one, which is what every
     * generation between them kept of it; {@code null} if that is not its successor.
     */
    @Nullable
    Integer covered(Generation generation, String later) {
        String at = later;
        long end = Long.MAX_VALUE;
        for (int step = 0; step < Generations.MOST_STEPS; step++) {
            Generation successor = generations.get(at);
            Predecessor former = successor == null ? null : successor.predecessor();
            if (former == null || former.id().equals(at)) {
                return null;
            }
            end = Math.min(end, former.end());
            if (former.id().equals(generation.id())) {
                return end == Long.MAX_VALUE ? Integer.MAX_VALUE : (Integer) generation.covered(end);
            }
            at = former.id();
        }
        return null;
    }

    /**
     * Returns whether a generation continues another one by way of others, none of which was promoted without something
     * that the one before it had kept of the first.
     */
    boolean isHandedOn(String id, String later) {
        Generation at = generations.get(later);
        long end = Long.MAX_VALUE;
        for (int step = 0; at != null && step < Generations.MOST_STEPS; step++) {
            Predecessor former = at.predecessor();
            if (former == null) {
                return false;
            }
            if (former.id().equals(id)) {
                return step > 0 && former.end() <= end;
            }
            end = Math.min(end, former.end());
            at = generations.get(former.id());
        }
        return false;
    }

    /** Returns whether a primary of a round continues a generation and is no branch of it. */
    boolean isContinuedIn(Round round, String id) {
        return round.states().values().stream()
                .filter(state -> state.former().equals(id))
                .map(state -> generations.get(state.generation()))
                .anyMatch(generation -> generation == null || !generation.isBranch());
    }

    /** Returns whether a generation is known to have ended. */
    boolean hasEnded(String id) {
        return generations.hasGenerationEnded(id);
    }

    /** Returns whether this node was there when a generation was in use. */
    boolean knows(String generation) {
        return generations.get(generation) != null;
    }

    /** Returns whether a generation is in use, or one that continues it. */
    boolean isUsedOrContinued(String id, Round round) {
        return round.states().values().stream()
                .anyMatch(state -> state.generation().equals(id)
                        || state.former().equals(id)
                        || isContinued(id, state.generation()));
    }

    /** Returns whether a generation continues another one, directly or by way of others, as far as known. */
    boolean isContinued(String id, String by) {
        Generation later = generations.get(by);
        return later != null && generations.isContinued(id, later);
    }

    /** Returns the generation that one continues; {@code null} if that is not known. */
    @Nullable
    String predecessorOf(String id) {
        Generation generation = generations.get(id);
        Predecessor former = generation == null ? null : generation.predecessor();
        return former == null ? null : former.id();
    }
}
