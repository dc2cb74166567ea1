package dev.realtime.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.StreamPosition;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

/**
 * Rounds of rollbacks, each of another shape: one to eight nodes that publish to more channels than they can remember,
 * and that stop in good order, start, or both while the loss is being settled. The whole of Redis is rolled back, the
 * registry of nodes with it.
 *
 * <p>Each channel is a case. In those that lost a publication no client may recover and each live subscriber must be
 * notified; in those that lost nothing every client recovers and no subscriber is notified.
 *
 * <p>{@code -Dcampaign=true} runs 17 rounds of 600 channels, half of them lossy, with 200,000 others. {@code
 * -Drealtime.test.rounds} and {@code -Drealtime.test.first-round} choose some of them.
 */
class RollbackCampaignIntegrationTests {

    private static final boolean CAMPAIGN = Boolean.getBoolean("campaign");

    private static final int ROUNDS = Integer.getInteger("realtime.test.rounds", CAMPAIGN ? 17 : 3);

    private static final int FIRST_ROUND = Integer.getInteger("realtime.test.first-round", 1);

    /** Channels that lose something, and as many that do not. */
    private static final int CASES = CAMPAIGN ? 300 : 100;

    /** More than a node remembers. */
    private static final int OTHERS = CAMPAIGN ? 200_000 : 4_000;

    private static final int REMEMBERED = CAMPAIGN ? 1 << 17 : 2048;

    private static final int MOST_NODES = 8;

    /** On a busy machine a question may not be answered in time; then more than necessary are notified. */
    private static final int TRIALS = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    static List<Integer> rounds() {
        return IntStream.range(FIRST_ROUND, FIRST_ROUND + ROUNDS).boxed().toList();
    }

    /** What happens while the loss is being settled. */
    private enum Step {
        STOP_PUBLISHER,
        STOP_NODE,
        START_NODE,
        PUBLISH_OTHERS
    }

    @ParameterizedTest
    @MethodSource("rounds")
    void onlyLossesAreNoticedAndEachIs(int round) {
        String needless = needlesslyNotified(round);
        for (int trial = 1; trial < TRIALS && !needless.isEmpty(); trial++) {
            needless = needlesslyNotified(round);
        }

        assertThat(needless).as("round " + round).isEmpty();
    }

    /** Fails if a loss is silent; returns what was noticed though nothing was lost, empty if there is nothing. */
    private static String needlesslyNotified(int round) {
        SplittableRandom random = new SplittableRandom(round);
        int nodes = 1 + (round - 1) % MOST_NODES;
        boolean othersBefore = random.nextBoolean();
        long from = System.nanoTime();
        try (ReplicatedDeployment deployment = new ReplicatedDeployment(nodes, REMEMBERED)) {
            StartedEngine publisher = deployment.start("publisher");
            if (othersBefore) {
                RollbackAtScaleIntegrationTests.publish(publisher, "before:", OTHERS, "\"other\"");
            }
            Map<String, StreamPosition> lossy = publishByAll(deployment, "lossy:", "1");
            Map<String, StreamPosition> whole = publishByAll(deployment, "whole:", "1");
            StartedEngine live = deployment.nodes.get(0);
            subscribe(live, lossy);
            subscribe(live, whole);
            deployment.cutReplication();
            publishByAll(deployment, "lossy:", "2");

            deployment.failOver();
            List<Step> steps = random.ints(4, 0, Step.values().length)
                    .mapToObj(step -> Step.values()[step])
                    .toList();
            steps.forEach(step -> run(step, deployment, publisher, random));

            List<StartedEngine> living = deployment.nodes;
            StartedEngine asked = living.get(random.nextInt(living.size()));
            assertThat(RollbackAtScaleIntegrationTests.recovered(asked, lossy))
                    .as("silent losses in round " + round + ", " + steps)
                    .isZero();
            StartedEngine.eventually(() -> assertThat(live.listener.disturbed())
                    .as("subscribers of lossy channels that are notified in round " + round + ", " + steps)
                    .containsAll(lossy.keySet()));
            long recovered = RollbackAtScaleIntegrationTests.recovered(asked, whole);
            long notified = Set.copyOf(live.listener.disturbed()).stream()
                    .filter(Predicate.not(lossy::containsKey))
                    .count();
            System.out.printf(
                    "Round %d, %d nodes and a publisher, %s%s: %d lossy cases, 0 silent; %d of %d others recovered, %d"
                            + " notified; %d s%n",
                    round,
                    nodes,
                    othersBefore ? "others before, " : "",
                    steps,
                    lossy.size(),
                    recovered,
                    whole.size(),
                    notified,
                    Duration.ofNanos(System.nanoTime() - from).toSeconds());
            return recovered == whole.size() && notified == 0
                    ? ""
                    : "%d of %d did not recover, %d subscribers were notified; %s"
                            .formatted(whole.size() - recovered, whole.size(), notified, steps);
        }
    }

    /** Publishes to the channels with these names, each time by all nodes in turn. */
    private static Map<String, StreamPosition> publishByAll(
            ReplicatedDeployment deployment, String prefix, String text) {
        Map<String, StreamPosition> positions = new LinkedHashMap<>();
        int count = deployment.nodes.size();
        for (int node = 0; node < count; node++) {
            int share = CASES / count + (node < CASES % count ? 1 : 0);
            positions.putAll(RollbackAtScaleIntegrationTests.publish(
                    deployment.nodes.get(node), prefix + node + ":", share, text));
        }
        return positions;
    }

    private static void subscribe(StartedEngine node, Map<String, StreamPosition> channels) {
        Flux.fromIterable(channels.entrySet())
                .flatMap(
                        channel -> node.engine
                                .broker()
                                .subscribe(channel.getKey())
                                .then(node.history(channel.getKey(), channel.getValue())),
                        64)
                .blockLast(PATIENCE);
    }

    private static void run(
            Step step, ReplicatedDeployment deployment, StartedEngine publisher, SplittableRandom random) {
        List<StartedEngine> nodes = deployment.nodes;
        switch (step) {
            case STOP_PUBLISHER -> {
                if (nodes.contains(publisher)) {
                    deployment.stop(publisher);
                }
            }
            case STOP_NODE -> {
                // The first has the live subscribers.
                if (nodes.size() > 1) {
                    deployment.stop(nodes.get(1 + random.nextInt(nodes.size() - 1)));
                }
            }
            case START_NODE -> deployment.start("late-" + nodes.size() + "-" + random.nextInt(1000));
            case PUBLISH_OTHERS ->
                RollbackAtScaleIntegrationTests.publish(
                        nodes.get(random.nextInt(nodes.size())), "after:", OTHERS, "\"other\"");
        }
    }
}
