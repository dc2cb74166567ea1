package dev.realtime.engine.redis.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A node of a cluster as another node sees it: one line of {@code CLUSTER NODES}.
 *
 * @param id of the node, 40 hexadecimal digits
 * @param port it announces
 * @param flags such as {@code master}, {@code slave}, {@code fail}, {@code handshake}
 * @param primaryId whom it replicates, {@code -} for a primary
 * @param slots it owns
 */
record ClusterNode(String id, int port, Set<String> flags, String primaryId, List<SlotRange> slots) {

    /** Hash slots, both ends included. */
    record SlotRange(int first, int last) {

        boolean contains(int slot) {
            return first <= slot && slot <= last;
        }
    }

    static List<ClusterNode> all(RedisServer seenBy) {
        return seenBy.text("CLUSTER", "NODES").lines().map(ClusterNode::parse).toList();
    }

    static ClusterNode parse(String line) {
        String[] words = line.split(" ");
        String address = words[1].substring(0, words[1].indexOf('@'));
        List<SlotRange> slots = new ArrayList<>();
        for (int word = 8; word < words.length; word++) {
            // A slot in brackets is being moved, which is listed among the others as well.
            if (!words[word].startsWith("[")) {
                int[] ends = Arrays.stream(words[word].split("-"))
                        .mapToInt(Integer::parseInt)
                        .toArray();
                slots.add(new SlotRange(ends[0], ends[ends.length - 1]));
            }
        }
        return new ClusterNode(
                words[0],
                Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)),
                Set.of(words[2].split(",")),
                words[3],
                slots);
    }

    boolean isPrimary() {
        return flags.contains("master");
    }

    boolean isUsable() {
        return flags.stream().noneMatch(Set.of("fail", "fail?", "handshake", "noaddr")::contains);
    }

    boolean owns(int slot) {
        return slots.stream().anyMatch(range -> range.contains(slot));
    }
}
