package dev.realtime.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Counters are bounded, whatever clients and resolvers of the application name. */
class NodeStatisticsTests {

    private final NodeStatistics statistics = new NodeStatistics();

    @Test
    void namespacesBeyondAThousandAreCountedTogether() {
        List<NamespaceStatistics> appeared = new ArrayList<>();
        statistics.whenNamespaceAppears(appeared::add);

        for (int i = 0; i < 5_000; i++) {
            statistics.namespace("n" + i).subscriptionAdded();
        }

        assertThat(appeared).hasSize(1_001);
        assertThat(statistics.namespace("n0").subscriptions()).isEqualTo(1);
        assertThat(statistics.namespace("n4999").namespace()).isEqualTo(NodeStatistics.OTHER_NAMESPACES);
        assertThat(statistics.namespace("n4999").subscriptions()).isEqualTo(4_000);
    }

    @Test
    void refusalsInInventedNamespacesAreCountedTogether() {
        List<LimitCounter> appeared = new ArrayList<>();
        statistics.whenLimitAppears(appeared::add);

        for (int i = 0; i < 50_000; i++) {
            statistics.refused(ReachedLimit.CHANNEL_LIMIT, "n" + i);
        }
        statistics.refused(ReachedLimit.CHANNEL_LIMIT, "n0");

        assertThat(appeared).hasSizeLessThan(20_000);
        assertThat(appeared.get(0).count()).isEqualTo(2);
        assertThat(appeared.stream().mapToLong(LimitCounter::count).sum()).isEqualTo(50_001);
    }

    @Test
    void listenersAreNotifiedOfEachNamespaceExactlyOnce() throws Exception {
        for (int round = 0; round < 200; round++) {
            NodeStatistics shared = new NodeStatistics();
            List<String> appeared = new CopyOnWriteArrayList<>();
            Thread counting = new Thread(() -> {
                for (int i = 0; i < 20; i++) {
                    shared.namespace("n" + i);
                }
            });
            counting.start();
            shared.whenNamespaceAppears(counter -> appeared.add(counter.namespace()));
            counting.join();

            assertThat(appeared).doesNotHaveDuplicates().hasSize(20);
        }
    }

    @Test
    void listenerAddedWhileAnotherIsNotifiedMissesNothing() {
        List<String> appeared = new ArrayList<>();
        statistics.whenNamespaceAppears(
                first -> statistics.whenNamespaceAppears(counter -> appeared.add(counter.namespace())));

        statistics.namespace("a");

        assertThat(appeared).containsExactly("a");
    }
}
