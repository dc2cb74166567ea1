package dev.realtime.engine.redis.epoch;

import dev.realtime.engine.redis.epoch.ReplicationRounds.Round;
import dev.realtime.engine.redis.generation.Generation;
import dev.realtime.engine.redis.generation.Generations;
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

    /** Partition to all generations that it was in, as far as they are remembered. */
    private final Map<Integer, Set<String>> ever = new HashMap<>();

    /** Partition to the tick of the round that first found it at a primary to which its slot had moved. */
    private final Map<Integer, Integer> arrivedAt = new HashMap<>();

    PartitionHistory(Generations generations) {
        this.generations = generations;
    }

    /** Forgets generations that are not known any more. */
    private void forget() {
        ever.values().forEach(ids -> ids.removeIf(id -> generations.get(id) == null));
    }

    /** Notes what a round found. To be called after the generations were evaluated that ended with it. */
    void update(Round round) {
        for (int partition = 0; partition < round.owners().size(); partition++) {
            String now = round.generation(partition);
            if (now != null) {
                ever.computeIfAbsent(partition, unused -> new HashSet<>()).add(now);
                String before = present.put(partition, now);
                if (before != null && hasMoved(before, now)) {
                    arrivedAt.put(partition, round.tick());
                }
            }
        }
        forget();
    }

    private boolean hasMoved(String before, String now) {
        Generation later = generations.get(now);
        return !before.equals(now) && (later == null || !generations.isContinued(before, later));
    }

    /** Returns the current generations of the partitions of an ended generation that has no successor. */
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
     * Returns the partitions that were in a generation that has ended or are in its successors, each with the tick
     * from which notes of it in other generations matter. Streams may have gone back to before their slot moved there,
     * whatever they were in since: a move that a round found before {@code covered} is within what the successors have,
     * moves between two rounds show in what was noted since.
     *
     * @param covered the tick before which the successors have all
     */
    Map<Integer, Integer> handedOver(String ended, Set<String> successors, int covered, Round round) {
        Map<Integer, Integer> handedOver = new HashMap<>();
        present.forEach((partition, before) -> {
            String now = round.generation(partition);
            boolean in = now != null && successors.contains(now);
            if (now != null && (in || ever.getOrDefault(partition, Set.of()).contains(ended))) {
                boolean arrivedLately = in && !before.equals(ended)
                        ? hasMoved(before, now)
                        : arrivedAt.getOrDefault(partition, 0) > covered;
                handedOver.put(partition, arrivedLately ? 0 : covered);
            }
        });
        return handedOver;
    }
}
