package dev.realtime.engine.redis.cluster;

import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.models.partitions.Partitions;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Updater of the driver's view of the topology: assigns slots to their new owners immediately. When one node is frozen
 * or gone, a refresh by the driver takes as long as the timeout for opening a connection, and until then commands are
 * sent to that node and wait.
 */
public final class DriverTopology {

    private DriverTopology() {}

    /**
     * Brings what the driver knows up to date.
     *
     * @return whether something changed; {@code false} also if an owner is not known to the driver, or under another
     *     address: then only a look of its own helps
     */
    public static boolean update(Partitions known, ClusterView view) {
        if (!view.primaries().stream().allMatch(primary -> isKnown(known, primary))) {
            return false;
        }
        Map<String, List<Integer>> slots = new HashMap<>();
        for (int slot = 0; slot < SlotHash.SLOT_COUNT; slot++) {
            ClusterView.Primary owner = view.owner(slot);
            if (owner != null) {
                slots.computeIfAbsent(owner.id(), id -> new ArrayList<>()).add(slot);
            }
        }
        List<RedisClusterNode> nodes = new ArrayList<>();
        for (RedisClusterNode node : known) {
            RedisClusterNode updated = node.clone();
            List<Integer> owned = slots.getOrDefault(node.getNodeId(), List.of());
            updated.setSlots(owned);
            if (!owned.isEmpty() && !node.is(NodeFlag.UPSTREAM)) {
                updated.setFlags(Set.of(NodeFlag.UPSTREAM));
                updated.setSlaveOf(null);
            }
            nodes.add(updated);
        }
        known.reload(nodes);
        return true;
    }

    private static boolean isKnown(Partitions known, ClusterView.Primary primary) {
        RedisClusterNode node = known.getPartitionByNodeId(primary.id());
        return node != null
                && node.getUri().getPort() == primary.uri().getPort()
                && node.getUri().getHost().equals(primary.uri().getHost());
    }
}
