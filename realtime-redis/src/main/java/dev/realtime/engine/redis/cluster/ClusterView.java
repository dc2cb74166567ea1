package dev.realtime.engine.redis.cluster;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Owners of the hash slots, as some nodes of a cluster reported them at one time. Where they disagree, the claim with
 * the
 * highest configuration epoch is the newest: that is how the nodes themselves settle it.
 */
public final class ClusterView {

    /** Stands for the one primary where there is no cluster. */
    public static final Primary SOLE =
            new Primary("", "", RedisURI.create("localhost", RedisURI.DEFAULT_REDIS_PORT), SlotHash.SLOT_COUNT, false);

    private static final short UNOWNED = -1;

    /**
     * A node that owns slots.
     *
     * @param id that the node gave itself
     * @param address host and port
     * @param uri the same without credentials
     * @param slots how many it owns
     * @param failed whether the cluster gave it up, and no replica has taken over yet
     * @param key what makes a connection to it useless when it changes
     */
    public record Primary(String id, String address, RedisURI uri, int slots, boolean failed, String key) {

        Primary(String id, String address, RedisURI uri, int slots, boolean failed) {
            this(id, address, uri, slots, failed, id + '@' + address);
        }
    }

    /** A connection to a node of the cluster, which is asked for the topology. */
    public interface Source {

        /** Requests the reply to {@code CLUSTER NODES}, which is sent with the next {@link #flush()}. */
        CompletionStage<String> clusterNodes();

        /** Sends what was written since the last flush. */
        void flush();
    }

    private final List<Primary> primaries;

    /** Per slot the index of its owner. */
    private final short[] owners;

    private ClusterView(List<Primary> primaries, short[] owners) {
        this.primaries = List.copyOf(primaries);
        this.owners = owners;
    }

    /** Without a cluster, one server owns all. */
    public static ClusterView sole() {
        return new ClusterView(List.of(SOLE), new short[SlotHash.SLOT_COUNT]);
    }

    /** @param replies the topology as each node reported it; nodes without an address are left out */
    public static ClusterView merge(Collection<? extends Iterable<RedisClusterNode>> replies) {
        RedisClusterNode[] newest = new RedisClusterNode[SlotHash.SLOT_COUNT];
        for (Iterable<RedisClusterNode> answer : replies) {
            for (RedisClusterNode node : answer) {
                if (mayOwn(node)) {
                    node.forEachSlot(slot -> {
                        RedisClusterNode other = newest[slot];
                        if (other == null || other.getConfigEpoch() < node.getConfigEpoch()) {
                            newest[slot] = node;
                        }
                    });
                }
            }
        }
        Map<String, RedisClusterNode> nodes = new LinkedHashMap<>();
        Map<String, Integer> slots = new LinkedHashMap<>();
        for (RedisClusterNode node : newest) {
            if (node != null) {
                nodes.putIfAbsent(node.getNodeId(), node);
                slots.merge(node.getNodeId(), 1, Integer::sum);
            }
        }
        List<String> ids = new ArrayList<>(nodes.keySet());
        short[] owners = new short[SlotHash.SLOT_COUNT];
        for (int slot = 0; slot < owners.length; slot++) {
            owners[slot] = newest[slot] == null ? UNOWNED : (short) ids.indexOf(newest[slot].getNodeId());
        }
        return new ClusterView(
                ids.stream().map(id -> primary(nodes.get(id), slots.get(id))).toList(), owners);
    }

    private static boolean mayOwn(RedisClusterNode node) {
        return node.is(NodeFlag.UPSTREAM) && !node.is(NodeFlag.NOADDR) && node.getUri() != null;
    }

    private static Primary primary(RedisClusterNode node, int slots) {
        RedisURI uri = node.getUri();
        String host = uri.getHost().indexOf(':') < 0 ? uri.getHost() : '[' + uri.getHost() + ']';
        return new Primary(node.getNodeId(), host + ':' + uri.getPort(), uri, slots, node.is(NodeFlag.FAIL));
    }

    /** All that own slots, also those that failed. */
    public List<Primary> primaries() {
        return primaries;
    }

    /** Returns the owner of a slot; {@code null} if there is none. */
    @Nullable
    public Primary owner(int slot) {
        short index = owners[slot];
        return index == UNOWNED ? null : primaries.get(index);
    }

    /** Slots that a node serves. */
    public int slotsCovered() {
        return primaries.stream()
                .filter(primary -> !primary.failed())
                .mapToInt(Primary::slots)
                .sum();
    }

    /** Whether the same nodes own the same slots. */
    public boolean sameOwners(ClusterView other) {
        return Arrays.equals(owners, other.owners)
                && primaries.stream()
                        .map(Primary::key)
                        .toList()
                        .equals(other.primaries.stream().map(Primary::key).toList());
    }
}
