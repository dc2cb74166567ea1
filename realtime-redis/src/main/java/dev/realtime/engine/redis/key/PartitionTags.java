package dev.realtime.engine.redis.key;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Finds the partition of a pub/sub name by the tag in it. Immutable. */
public final class PartitionTags {

    private final Map<ByteBuffer, Integer> partitions = new HashMap<>();

    public PartitionTags(Partitions all) {
        for (int partition = 0; partition <= all.control(); partition++) {
            partitions.put(ByteBuffer.wrap(all.tag(partition).getBytes(StandardCharsets.US_ASCII)), partition);
        }
    }

    /** -1 if the name has no tag, or not one of ours. */
    public int partitionOf(byte[] name) {
        int open = indexOf(name, '{', 0);
        int close = open < 0 ? -1 : indexOf(name, '}', open);
        if (close < 0) {
            return -1;
        }
        Integer partition = partitions.get(ByteBuffer.wrap(name, open + 1, close - open - 1));
        return partition == null ? -1 : partition;
    }

    private static int indexOf(byte[] name, char wanted, int from) {
        for (int index = from; index < name.length; index++) {
            if (name[index] == wanted) {
                return index;
            }
        }
        return -1;
    }
}
