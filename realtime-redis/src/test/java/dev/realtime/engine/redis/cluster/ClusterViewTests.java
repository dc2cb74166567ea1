package dev.realtime.engine.redis.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.cluster.models.partitions.ClusterPartitionParser;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterViewTests {

    private static String node(String id, int port, String flags, int epoch, String slots) {
        return "%s 127.0.0.1:%d@%d %s - 0 0 %d connected %s\n".formatted(id, port, port + 10000, flags, epoch, slots);
    }

    private static ClusterView merge(String... answers) {
        List<Iterable<RedisClusterNode>> parsed = Arrays.stream(answers)
                .<Iterable<RedisClusterNode>>map(ClusterPartitionParser::parse)
                .toList();
        return ClusterView.merge(parsed);
    }

    @Test
    void everySlotHasItsOwner() {
        ClusterView view =
                merge(node("a", 7000, "myself,master", 1, "0-8000") + node("b", 7001, "master", 2, "8001-16383"));

        assertThat(view.owner(0).address()).isEqualTo("127.0.0.1:7000");
        assertThat(view.owner(16383).address()).isEqualTo("127.0.0.1:7001");
        assertThat(view.slotsCovered()).isEqualTo(16384);
        assertThat(view.primaries()).extracting(ClusterView.Primary::slots).containsExactly(8001, 8383);
    }

    @Test
    void newestClaimWins() {
        String stale = node("a", 7000, "myself,master", 1, "0-16383") + node("b", 7001, "slave", 1, "");
        String fresh = node("a", 7000, "slave", 1, "") + node("b", 7001, "myself,master", 4, "0-16383");

        assertThat(merge(stale, fresh).owner(5).id()).isEqualTo("b");
        assertThat(merge(fresh, stale).owner(5).id()).isEqualTo("b");
        assertThat(merge(stale, fresh).primaries()).hasSize(1);
    }

    @Test
    void migratedSlotBelongsToItsTarget() {
        String source =
                node("a", 7000, "myself,master", 1, "0-99 [50->-b]") + node("b", 7001, "master", 2, "100-16383");
        String target =
                node("a", 7000, "master", 1, "0-49 51-99") + node("b", 7001, "myself,master", 3, "50 100-16383");

        ClusterView view = merge(source, target);

        assertThat(view.owner(49).id()).isEqualTo("a");
        assertThat(view.owner(50).id()).isEqualTo("b");
    }

    @Test
    void slotsOfAFailedPrimaryAreOwnedButNotCovered() {
        ClusterView view =
                merge(node("a", 7000, "master,fail", 1, "0-99") + node("b", 7001, "myself,master", 2, "100-16383"));

        assertThat(view.owner(0).failed()).isTrue();
        assertThat(view.slotsCovered()).isEqualTo(16284);
    }

    @Test
    void slotsWithoutAnOwnerAreNobodys() {
        ClusterView view = merge(node("a", 7000, "myself,master", 1, "1-16383"));

        assertThat(view.owner(0)).isNull();
        assertThat(view.slotsCovered()).isEqualTo(16383);
    }

    @Test
    void nodesWithoutAddressOrSlotsAreLeftOut() {
        ClusterView view =
                merge("a :0@0 master,noaddr - 0 0 1 disconnected 0-16383\n" + node("b", 7001, "myself,master", 2, ""));

        assertThat(view.primaries()).isEmpty();
    }

    @Test
    void sameOwnersAreRecognised() {
        String first = node("a", 7000, "myself,master", 1, "0-16383");

        assertThat(merge(first).sameOwners(merge(first, first))).isTrue();
        assertThat(merge(first).sameOwners(merge(node("a", 7005, "myself,master", 1, "0-16383"))))
                .isFalse();
        assertThat(merge(first).sameOwners(merge(node("a", 7000, "myself,master", 1, "0-16382"))))
                .isFalse();
    }

    @Test
    void withoutAClusterOneServerOwnsAll() {
        assertThat(ClusterView.sole().owner(12345)).isSameAs(ClusterView.SOLE);
        assertThat(ClusterView.sole().slotsCovered()).isEqualTo(16384);
    }
}
