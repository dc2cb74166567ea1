package dev.realtime.engine.redis;

import dev.realtime.engine.redis.ReplicationRounds.Round;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Generations that the partitions were in, as rounds found them. When a generation ends, it says which ones took its
 * place, and which partitions had come from another primary so lately that the successor may lack the move.
 *
 * <p>Not safe for use by several threads.
 */
final class PartitionHistory {

    private final Generations generations;

    /** Partition to the generation that its owner last answered with. */
    private final Map<Integer, String> present = new HashMap<>();

    /** Partition to the tick of the round that first found it at a primary to which its slot had moved. */
    private final Map<Integer, Integer> arrivedAt = new HashMap<>();

    PartitionHistory(Generations generations) {
        this.generations = generations;
    }

    /** Notes what a round found. To be called after the generations were evaluated that ended with it. */
    void update(Round round) {
        for (int partition = 0; partition < round.owners().size(); partition++) {
            String now = round.generation(partition);
            if (now != null) {
                String before = present.put(partition, now);
                if (before != null && hasMoved(before, now)) {
                    arrivedAt.put(partition, round.tick());
                }
            }
        }
    }

    private boolean hasMoved(String before, String now) {
        Generation later = generations.get(now);
        return !before.equals(now) && (later == null || !generations.isContinued(before, later));
    }

    /** Returns the generations in which the partitions of one are now that nobody continues. */
    Set<String> inPlaceOf(String ended, Round round) {
        Set<String> successors = new HashSet<>();
        present.forEach((partition, before) -> {
            String now = before.equals(ended) ? round.generation(partition) : null;
            if (now != null && !now.equals(ended)) {
                successors.add(now);
            }
        });
        if (successors.isEmpty()) {
            // It was met in epochs only: which partitions it had is not known.
            round.states().values().forEach(state -> successors.add(state.generation()));
        }
        return Set.copyOf(successors);
    }

    /**
     * Returns the partitions that are in the successors of a generation that has ended, each with the tick from which
     * notes of it in other generations matter. Streams may have gone back to before their slot moved there, whatever
     * they were in since: a move that a round found before {@code covered} is within what the successors have, moves
     * between two rounds show in what was noted since.
     *
     * @param covered the tick before which the successors have all
     */
    Map<Integer, Integer> handedOver(String ended, Set<String> successors, int covered, Round round) {
        Map<Integer, Integer> handedOver = new HashMap<>();
        present.forEach((partition, before) -> {
            String now = round.generation(partition);
            if (now != null && successors.contains(now)) {
                boolean arrivedLately =
                        before.equals(ended) ? arrivedAt.getOrDefault(partition, 0) > covered : hasMoved(before, now);
                handedOver.put(partition, arrivedLately ? 0 : covered);
            }
        });
        return handedOver;
    }
}
