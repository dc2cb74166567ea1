package dev.realtime.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.FenceModel.Rule;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Visits every state that {@link FenceModel} can reach within small bounds, by every order of its steps. From each state the
 * world comes to rest; then nothing acknowledged may be missing without a word, nothing may have come twice, and where
 * nothing was lost nobody may have been told that something was.
 *
 * <p>Covered: a publish, its push to either node and its answer before, between and after replication, promotion, the moves of
 * either connection of either node, the survey, and the healing of the partition; clients that come back by a node that still
 * reads the old primary; a node that is forgotten while it goes on to publish there; two clients at different positions.
 */
class FenceModelTests {

    private static final int PUBLICATIONS = 2;

    private static final int RETURNS = 1;

    @Test
    void everyOrderOfStepsLosesNothingInSilence() {
        Search search = new Search(EnumSet.allOf(Rule.class));

        String counterexample = search.counterexample();

        assertThat(counterexample).isNull();
        assertThat(search.visited.size()).as("states").isGreaterThan(100_000);
    }

    @ParameterizedTest
    @EnumSource(Rule.class)
    void withoutARuleSomethingIsLostInSilence(Rule rule) {
        Search search = new Search(EnumSet.complementOf(EnumSet.of(rule)));

        String counterexample = search.counterexample();

        assertThat(counterexample).isNotNull();
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

        Search(Set<Rule> rules) {
            this.rules = rules;
        }

        /** The shortest path to a broken promise, or {@code null} when every state keeps them all. */
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
                if (end.duplicated(client)) {
                    return "client " + client + " got twice what is in " + end.clients[client].got;
                }
                if (end.nothingLost() && end.clients[client].told && !end.clients[client].toldInDoubt) {
                    return "client " + client + " was told of a loss that was none";
                }
            }
            return null;
        }

        private static Map<String, Consumer<FenceModel>> steps(FenceModel state) {
            Map<String, Consumer<FenceModel>> steps = new LinkedHashMap<>();
            if (!state.promoted) {
                steps.put("replicate", FenceModel::replicate);
                steps.put("promote", FenceModel::promote);
            } else if (!state.healed) {
                steps.put("heal", FenceModel::heal);
            }
            for (int i = 0; i < 2; i++) {
                int which = i;
                FenceModel.Node node = state.nodes[i];
                boolean talksToOld = node.commands == 0 || node.subscriptions == 0;
                if (state.published < PUBLICATIONS && node.unanswered.isEmpty()) {
                    steps.put("publish by node " + i, model -> {
                        model.publish(which);
                        if (which == 1) {
                            model.answer(1);
                        }
                    });
                }
                if (!node.unanswered.isEmpty()) {
                    steps.put("answer to node " + i, model -> model.answer(which));
                    if (state.promoted) {
                        steps.put("lost answer to node " + i, model -> model.loseAnswer(which));
                    }
                }
                if (!node.arriving.isEmpty()) {
                    steps.put("push to node " + i, model -> model.arrive(which));
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
                if (state.promoted && talksToOld && node.living && i == 0) {
                    steps.put("node 0 is forgotten", model -> model.forget(0));
                }
                if (state.clients[i].connected && state.clients[i].returns < RETURNS && i == 1) {
                    steps.put("client " + i + " leaves", model -> model.leave(which));
                }
                if (!state.clients[i].connected && state.clients[i].returns < RETURNS) {
                    steps.put("client " + i + " comes back by node 0", model -> model.recover(which, 0));
                    steps.put("client " + i + " comes back by node 1", model -> model.recover(which, 1));
                }
            }
            return steps;
        }
    }
}
