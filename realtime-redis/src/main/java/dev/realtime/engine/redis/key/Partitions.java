package dev.realtime.engine.redis.key;

import io.lettuce.core.cluster.SlotHash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The fixed number of partitions that all channels are spread over. All keys of a channel, and the name it is published
 * under, carry the tag of its partition, so that they share one hash slot in every kind of Redis.
 *
 * <p>The tags are chosen so that the slots of the partitions are spread evenly: of {@code n} partitions, number
 * {@code p} has its slot in the {@code p}-th of {@code n} equal ranges. However the slots of a cluster are split into
 * ranges of equal length, each primary owns its share of the partitions. The partitions of channels are followed by one
 * more, of the control bus.
 */
public final class Partitions {

    /** Most partitions there can be. */
    static final int MAX_COUNT = 4096;

    private static final long FNV_OFFSET_BASIS = 0xcbf29ce484222325L;

    private static final long FNV_PRIME = 0x100000001b3L;

    private final String[] tags;

    private final int[] slots;

    private final Map<ByteBuffer, Integer> byTag = new HashMap<>();

    /** @param count of channels' partitions, 1 to {@link #MAX_COUNT}; never changes for a prefix once it is in use */
    public Partitions(int count) {
        if (count < 1 || count > MAX_COUNT) {
            throw new IllegalArgumentException("There can be 1 to " + MAX_COUNT + " partitions, not " + count);
        }
        tags = new String[count + 1];
        slots = new int[count + 1];
        int missing = count;
        for (int candidate = 0; missing > 0; candidate++) {
            String tag = Integer.toString(candidate, Character.MAX_RADIX);
            int slot = SlotHash.getSlot(tag);
            int partition = (int) ((long) slot * count / SlotHash.SLOT_COUNT);
            if (tags[partition] == null) {
                tags[partition] = tag;
                slots[partition] = slot;
                missing--;
            }
        }
        tags[count] = "control";
        slots[count] = SlotHash.getSlot(tags[count]);
        for (int partition = 0; partition <= count; partition++) {
            byTag.put(ByteBuffer.wrap(tags[partition].getBytes(StandardCharsets.US_ASCII)), partition);
        }
    }

    /** Number of partitions that channels are spread over. */
    public int count() {
        return tags.length - 1;
    }

    /** The partition of the control bus, behind those of channels. */
    public int control() {
        return count();
    }

    /** The partition of a channel: FNV-1a of its {@link ChannelBytes}, folded. */
    int of(String channel) {
        return of(ChannelBytes.of(channel));
    }

    /** The partition of a channel whose bytes are at hand. */
    int of(byte[] channel) {
        return of(hash(channel));
    }

    /** The partition of a channel with this {@link #hash}. */
    int of(long hash) {
        return (int) Long.remainderUnsigned(hash ^ (hash >>> 32), count());
    }

    /** FNV-1a. The same on all nodes. */
    static long hash(byte[] channel) {
        long hash = FNV_OFFSET_BASIS;
        for (byte octet : channel) {
            hash = (hash ^ (octet & 0xff)) * FNV_PRIME;
        }
        return hash;
    }

    /** Returns the text between the braces in the names of this partition. */
    public String tag(int partition) {
        return tags[partition];
    }

    /** Returns the partition of a pub/sub name by the tag in it; -1 if it has no tag, or not one of ours. */
    public int ofName(byte[] name) {
        int open = indexOf(name, '{', 0);
        int close = open < 0 ? -1 : indexOf(name, '}', open);
        if (close < 0) {
            return -1;
        }
        Integer partition = byTag.get(ByteBuffer.wrap(name, open + 1, close - open - 1));
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

    /** The hash slot of the tag. */
    public int slot(int partition) {
        return slots[partition];
    }
}
