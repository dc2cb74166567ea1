package dev.realtime.engine.redis.epoch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.epoch.FenceModel.Rule;
import dev.realtime.engine.redis.epoch.FenceModel.Settled;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Search of the states that {@link FenceModel} can reach in the fewest steps, by every order of its steps. From each
 * state the world comes to rest; then nothing acknowledged may be missing unnoticed, nothing may have come twice,
 * and where nothing was lost no client may have been notified of a loss, or have had to come back.
 *
 * <p>Covered: a publish, its push to either node and its answer before, between and after replication, promotion, the
 * moves of either connection of either node, checkpoints, the settling of either node, and the healing of the
 * partition; clients that come back by a node that still reads the old primary; a node that is taken for dead while it
 * continues to publish there, one that leaves in good order, one that forgets what it saw, one that the registry does
 * not know; two clients at different positions.
 */
class FenceModelTests {

    private static final int PUBLICATIONS = 2;

    private static final int RETURNS = 1;

    /** States that a search visits, nearest first; {@code -Dcampaign=true} visits all. */
    private static final int MOST_STATES = Boolean.getBoolean("campaign") ? Integer.MAX_VALUE : 40_000;

    /** Events beside failover, publishes and returns; each search has some of it, so that it stays small. */
    private enum Hazard {
        NOTES_ARE_FORGOTTEN,
        NODE_LEAVES,
        NODE_IS_TAKEN_FOR_DEAD,
        REGISTRY_IS_ROLLED_BACK
    }

    private static final List<Set<Hazard>> HAZARDS = List.of(
            EnumSet.of(Hazard.NODE_IS_TAKEN_FOR_DEAD, Hazard.REGISTRY_IS_ROLLED_BACK),
            EnumSet.of(Hazard.NODE_LEAVES, Hazard.REGISTRY_IS_ROLLED_BACK),
            EnumSet.of(Hazard.NOTES_ARE_FORGOTTEN, Hazard.NODE_IS_TAKEN_FOR_DEAD),
            EnumSet.of(Hazard.NOTES_ARE_FORGOTTEN, Hazard.NODE_LEAVES));

    static List<Set<Hazard>> hazards() {
        return HAZARDS;
    }

    @ParameterizedTest
    @MethodSource("hazards")
    void everyOrderOfStepsLosesNothingInSilenceAndDisturbsNobody(Set<Hazard> hazards) {
        Search search = new Search(EnumSet.allOf(Rule.class), hazards);

        String counterexample = search.counterexample();

        assertThat(counterexample).isNull();
        assertThat(search.visited.size()).as("states").isGreaterThan(20_000);
    }

    @ParameterizedTest
    @EnumSource(Rule.class)
    void withoutARuleAPromiseIsBroken(Rule rule) {
        Set<Rule> others = EnumSet.complementOf(EnumSet.of(rule));

        assertThat(HAZARDS).anyMatch(hazards -> new Search(others, hazards).counterexample() != null);
    }

    /** A state and how it was reached. */
    private record Visit(FenceModel model, @Nullable Visit before, String step) {

        String path() {
            return before == null ? "" : before.path() + "\n  " + step;
        }
    }

    private static final class Search {

        private final Set<Rule> rules;

        private final Set<String> visited = new HashSet<>();

        private final Deque<Visit> open = new ArrayDeque<>();

        private final Set<Hazard> hazards;

        Search(Set<Rule> rules, Set<Hazard> hazards) {
            this.rules = rules;
            this.hazards = hazards;
        }

        /** The shortest path to a broken promise, or {@code null} when every state that was visited keeps them all. */
        @Nullable
        String counterexample() {
            FenceModel start = new FenceModel(rules);
            visited.add(start.key());
            open.add(new Visit(start, null, ""));
            while (!open.isEmpty()) {
                Visit visit = open.remove();
                String broken = brokenPromise(visit.model());
                if (broken != null) {
                    return broken + " after" + visit.path();
                }
                if (visited.size() >= MOST_STATES) {
                    continue;
                }
                steps(visit.model()).forEach((name, step) -> {
                    FenceModel next = visit.model().copy();
                    step.accept(next);
                    if (visited.add(next.key())) {
                        open.add(new Visit(next, visit, name));
                    }
                });
            }
            return null;
        }

        private static @Nullable String brokenPromise(FenceModel state) {
            FenceModel end = state.copy();
            end.comeToRest();
            for (int client = 0; client < 2; client++) {
                if (!end.silentLosses(client).isEmpty()) {
                    return "client " + client + " silently missed " + end.silentLosses(client);
                }
                if (end.clients[client].misled) {
                    return "client " + client + " was assured that it missed nothing while a node knew better";
                }
                if (end.duplicated(client)) {
                    return "client " + client + " got twice what is in " + end.clients[client].got;
                }
                if (end.nothingLost() && !end.clients[client].notifiedInDoubt) {
                    if (end.clients[client].notified) {
                        return "client " + client + " was notified of a loss that was none";
                    }
                    if (end.clients[client].disturbed) {
                        return "client " + client + " had to come back though nothing was lost";
                    }
                }
            }
            return null;
        }

        private Map<String, Consumer<FenceModel>> steps(FenceModel state) {
            Map<String, Consumer<FenceModel>> steps = new LinkedHashMap<>();
            if (!state.promoted) {
                if (state.replicated < state.changes) {
                    steps.put("replicate", FenceModel::replicate);
                }
                steps.put("promote", FenceModel::promote);
            } else if (!state.healed) {
                steps.put("heal", FenceModel::heal);
            }
            for (int i = 0; i < 2; i++) {
                if (!state.nodes[i].left) {
                    stepsOfNode(state, i, steps);
                }
                stepsOfClient(state, i, steps);
            }
            return steps;
        }

        private void stepsOfNode(FenceModel state, int i, Map<String, Consumer<FenceModel>> steps) {
            FenceModel.Node node = state.nodes[i];
            boolean talksToOld = node.commands == 0 || node.subscriptions == 0;
            if (state.published < PUBLICATIONS && node.unanswered.isEmpty()) {
                steps.put("publish by node " + i, model -> {
                    model.publish(i);
                    if (i == 1) {
                        model.answer(1);
                    }
                });
            }
            if (!node.unanswered.isEmpty()) {
                steps.put("answer to node " + i, model -> model.answer(i));
                if (state.promoted) {
                    steps.put("lost answer to node " + i, model -> model.loseAnswer(i));
                }
            }
            if (!node.arriving.isEmpty()) {
                steps.put("push to node " + i, model -> model.arrive(i));
            }
            if (i == 0 && node.commands == 0 && node.seen.getOrDefault(1, 0) > node.seenAtCheckpoint) {
                steps.put("checkpoint of node 0", model -> model.checkpoint(0));
            }
            boolean notes = node.seen.getOrDefault(1, 0) > 0 && node.settled == Settled.NOT_YET;
            if (i == 0 && notes && hazards.contains(Hazard.NOTES_ARE_FORGOTTEN)) {
                steps.put("node 0 forgets its notes", model -> model.forgetNotes(0));
            }
            if (state.promoted && node.commands == 0 && i == 0) {
                steps.put("commands of node 0 move", model -> model.moveCommands(0));
            }
            if (state.promoted && node.subscriptions == 0 && i == 0) {
                steps.put("subscriptions of node 0 move", model -> model.moveSubscriptions(0));
            }
            if (state.promoted && node.subscriptions == 0 && i == 1) {
                steps.put("node 1 moves", model -> {
                    model.moveCommands(1);
                    model.moveSubscriptions(1);
                });
            }
            if (state.promoted && node.commands == 1 && node.settled == Settled.NOT_YET) {
                steps.put("node " + i + " settles", model -> model.settle(i));
            }
            if (i == 0 && node.unanswered.isEmpty() && state.mayLeave(0) && hazards.contains(Hazard.NODE_LEAVES)) {
                steps.put("node 0 leaves", model -> model.leave(0));
            }
            boolean dead = hazards.contains(Hazard.NODE_IS_TAKEN_FOR_DEAD);
            if (state.promoted && talksToOld && node.living && i == 0 && dead) {
                steps.put("node 0 is taken for dead", model -> model.forget(0));
            }
            boolean rollback = hazards.contains(Hazard.REGISTRY_IS_ROLLED_BACK);
            if (state.promoted && node.registered && i == 0 && rollback) {
                steps.put("the registry loses node 0", model -> model.unregister(0));
            }
        }

        private static void stepsOfClient(FenceModel state, int i, Map<String, Consumer<FenceModel>> steps) {
            FenceModel.Client client = state.clients[i];
            if (client.connected && client.returns < RETURNS && i == 1) {
                steps.put("client " + i + " goes away", model -> model.goAway(i));
            }
            if (!client.connected && client.returns < RETURNS) {
                for (int by = 0; by < 2; by++) {
                    int node = by;
                    if (!state.nodes[by].left) {
                        steps.put("client " + i + " comes back by node " + by, model -> model.recover(i, node));
                    }
                }
            }
        }
    }
}
