package dev.realtime.engine.redis.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.cluster.models.partitions.ClusterPartitionParser;
import io.lettuce.core.cluster.models.partitions.Partitions;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import java.util.List;
import org.junit.jupiter.api.Test;

class DriverTopologyTests {

    private final Partitions known = ClusterPartitionParser.parse("""
            a 127.0.0.1:7000@17000 myself,master - 0 0 1 connected 0-8000
            b 127.0.0.1:7001@17001 master - 0 0 2 connected 8001-16383
            c 127.0.0.1:7002@17002 slave a 0 0 1 connected
            """);

    private static ClusterView view(String nodes) {
        return ClusterView.merge(List.of(ClusterPartitionParser.parse(nodes)));
    }

    @Test
    void promotedReplicaGetsTheSlotsOfItsPrimary() {
        known.updateCache();

        boolean changed = DriverTopology.update(known, view("""
                        a 127.0.0.1:7000@17000 master,fail - 0 0 1 disconnected
                        b 127.0.0.1:7001@17001 myself,master - 0 0 2 connected 8001-16383
                        c 127.0.0.1:7002@17002 master - 0 0 3 connected 0-8000
                        """));

        assertThat(changed).isTrue();
        assertThat(known.getMasterBySlot(8000).getNodeId()).isEqualTo("c");
        assertThat(known.getMasterBySlot(8001).getNodeId()).isEqualTo("b");
        assertThat(known.getPartitionByNodeId("c").is(NodeFlag.UPSTREAM)).isTrue();
        assertThat(known.getPartitionByNodeId("a").hasNoSlots()).isTrue();
        assertThat(known).hasSize(3);
    }

    @Test
    void movedSlotsGoAlone() {
        known.updateCache();

        DriverTopology.update(known, view("""
                        a 127.0.0.1:7000@17000 master - 0 0 1 connected 1-8000
                        b 127.0.0.1:7001@17001 myself,master - 0 0 4 connected 0 8001-16383
                        """));

        assertThat(known.getMasterBySlot(0).getNodeId()).isEqualTo("b");
        assertThat(known.getMasterBySlot(1).getNodeId()).isEqualTo("a");
        assertThat(known.getPartitionByNodeId("c").is(NodeFlag.UPSTREAM)).isFalse();
    }

    @Test
    void nodeThatTheDriverHasNotHeardOfIsLeftToIt() {
        known.updateCache();

        boolean changed =
                DriverTopology.update(known, view("d 127.0.0.1:7003@17003 myself,master - 0 0 9 connected 0-16383\n"));

        assertThat(changed).isFalse();
        assertThat(known.getMasterBySlot(0).getNodeId()).isEqualTo("a");
    }

    @Test
    void nodeWithAnotherAddressIsLeftToTheDriver() {
        known.updateCache();

        boolean changed =
                DriverTopology.update(known, view("a 127.0.0.1:7009@17009 myself,master - 0 0 9 connected 0-16383\n"));

        assertThat(changed).isFalse();
        assertThat(known.getPartitionByNodeId("a").getUri().getPort()).isEqualTo(7000);
    }
}
