package dev.realtime.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
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
        List<RefusalCount> appeared = new ArrayList<>();
        statistics.whenRefusalAppears(appeared::add);

        for (int i = 0; i < 50_000; i++) {
            statistics.refused(Refusal.CHANNEL_LIMIT, "n" + i);
        }
        statistics.refused(Refusal.CHANNEL_LIMIT, "n0");

        assertThat(appeared).hasSizeLessThan(20_000);
        assertThat(appeared.get(0).count()).isEqualTo(2);
        assertThat(appeared.stream().mapToLong(RefusalCount::count).sum()).isEqualTo(50_001);
    }
}
