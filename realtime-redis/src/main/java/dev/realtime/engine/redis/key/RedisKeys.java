package dev.realtime.engine.redis.key;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Every key, and every name that is published under, of one deployment.
 *
 * <p>For the channel {@code chat:room}, whose partition has the tag {@code 3f}, and the prefix {@code realtime}:
 *
 * <pre>
 *   realtime:1:{3f}:meta:chat:room                    hash: position of the stream, see open-stream.lua
 *   realtime:1:{3f}:stream:chat:room                  stream: publications kept; the id is offset-0
 *   realtime:1:{3f}:once:5:order:chat:room            string: result of the publish with idempotency key "order"
 *   realtime:1:{3f}:channel:chat:room                 name: publications, joins and leaves are published under
 *   realtime:1:{3f}:presence:chat:room                hash: client id to info
 *   realtime:1:{3f}:presence-expiry:chat:room         sorted set: client id by the time at which its entry ends
 *   realtime:1:{3f}:presence-users:chat:room          hash: user id to the number of its clients
 *   realtime:1:{3f}:occupancy-leases                  sorted set: node id by end of its lease, see open-occupancy.lua
 *   realtime:1:{3f}:occupancy-counts                  hash: channel to the number of nodes that have subscribers in it
 *   realtime:1:{3f}:occupancy-share:5a0c...           sorted set: the channels that a node has subscribers in
 *   realtime:1:{3f}:replicated                        string: written to see replicas catch up, see replicate.lua
 *   realtime:1:{control}:nodes                        hash: node id to its description, see control-beat.lua
 *   realtime:1:{control}:nodes-expiry                 sorted set: node id by the time at which it counts as dead
 *   realtime:1:{control}:generations                  hash: two generations of Redis to their handover, see Handovers
 *   realtime:1:{control}:commands                     stream: the latest commands to all nodes
 *   realtime:1:{control}:control                      name: commands and questions to all nodes
 *   realtime:1:{control}:node:5a0c...                 name: replies to one node
 *   realtime:{control}:layout                         hash: layout version, number of partitions, pub/sub mode
 * </pre>
 *
 * <p>In database 3 the prefix is {@code realtime:db3}. {@code 1} is the {@link #LAYOUT_VERSION}. The tag is the first
 * thing in braces, because the prefix has none: so nothing behind it, braces in channel names included, changes the
 * slot. The channel comes last and whole, behind a fixed number of parts, so that two channels never share a key. Least
 * privilege is {@code ~realtime:*} for keys and {@code &realtime:*} for names.
 */
public final class RedisKeys {

    /**
     * Version of the names and of what is kept under them. Nodes of different versions share nothing but the layout
     * key.
     */
    public static final int LAYOUT_VERSION = 1;

    private final Partitions partitions;

    /** Of each partition, the control bus included: what all its names begin with. */
    private final byte[][] beginnings;

    private final String prefix;

    /** In database 0. */
    public RedisKeys(String prefix, Partitions partitions) {
        this(prefix, 0, partitions);
    }

    /**
     * @param database number, which is part of all names unless it is 0: pub/sub knows no databases
     * @throws IllegalArgumentException if the prefix is empty or has braces, which would decide of the slot of all
     *     names
     */
    public RedisKeys(String prefix, int database, Partitions partitions) {
        if (prefix.isEmpty() || prefix.indexOf('{') >= 0 || prefix.indexOf('}') >= 0) {
            throw new IllegalArgumentException(
                    "The prefix '" + prefix + "' of the names in Redis is empty or has braces, which "
                            + "would put all channels in one hash slot. Set `realtime.redis.prefix` to letters,"
                            + " digits, '.', '-' or ':'.");
        }
        this.prefix = database == 0 ? prefix : prefix + ":db" + database;
        this.partitions = partitions;
        this.beginnings = new byte[partitions.control() + 1][];
        for (int partition = 0; partition < beginnings.length; partition++) {
            beginnings[partition] = bytes(this.prefix + ':' + LAYOUT_VERSION + ":{" + partitions.tag(partition) + "}:");
        }
    }

    /** Kind of name that belongs to a channel. */
    private enum Kind {
        META,
        STREAM,
        CHANNEL,
        PRESENCE,
        PRESENCE_EXPIRY,
        PRESENCE_USERS;

        private final byte[] bytes =
                bytes(name().toLowerCase(java.util.Locale.ROOT).replace('_', '-') + ':');
    }

    public ChannelKeys of(String channel) {
        return new ChannelKeys(ChannelBytes.of(channel));
    }

    /** Names of one channel. Computed at each call: names are short, and callers that use one often keep it. */
    public final class ChannelKeys {

        private final byte[] channel;

        private final long hash;

        private final int partition;

        private ChannelKeys(byte[] channel) {
            this.channel = channel;
            this.hash = Partitions.hash(channel);
            this.partition = partitions.of(hash);
        }

        public int partition() {
            return partition;
        }

        /** Of the channel, the same on all nodes. */
        long hash() {
            return hash;
        }

        public byte[] meta() {
            return key(Kind.META);
        }

        public byte[] stream() {
            return key(Kind.STREAM);
        }

        /** Returns the name under which its publications are published. */
        public byte[] name() {
            return key(Kind.CHANNEL);
        }

        public byte[] presence() {
            return key(Kind.PRESENCE);
        }

        public byte[] presenceExpiry() {
            return key(Kind.PRESENCE_EXPIRY);
        }

        public byte[] presenceUsers() {
            return key(Kind.PRESENCE_USERS);
        }

        /** Where the answer to the first publish with an idempotency key is kept. */
        public byte[] once(String idempotencyKey) {
            byte[] once = ChannelBytes.of(idempotencyKey);
            return join(beginnings[partition], bytes("once:" + once.length + ':'), once, new byte[] {':'}, channel);
        }

        private byte[] key(Kind kind) {
            byte[] beginning = beginnings[partition];
            byte[] key = Arrays.copyOf(beginning, beginning.length + kind.bytes.length + channel.length);
            System.arraycopy(kind.bytes, 0, key, beginning.length, kind.bytes.length);
            System.arraycopy(channel, 0, key, beginning.length + kind.bytes.length, channel.length);
            return key;
        }
    }

    /** Whose channels count in a partition, and how long. */
    public byte[] occupancyLeases(int partition) {
        return join(beginnings[partition], bytes("occupancy-leases"));
    }

    /** Returns the key of the numbers of nodes with subscribers in each channel of a partition. */
    public byte[] occupancyCounts(int partition) {
        return join(beginnings[partition], bytes("occupancy-counts"));
    }

    /** Which channels of a partition a node has subscribers in. */
    public byte[] occupancyShare(int partition, String nodeId) {
        return join(beginnings[partition], bytes("occupancy-share:" + nodeId));
    }

    /** Returns the key that is written to check that replicas of a partition catch up. */
    public byte[] replicated(int partition) {
        return join(beginnings[partition], bytes("replicated"));
    }

    public byte[] nodes() {
        return control("nodes");
    }

    public byte[] nodesExpiry() {
        return control("nodes-expiry");
    }

    public byte[] generations() {
        return control("generations");
    }

    public byte[] commands() {
        return control("commands");
    }

    /** Returns the name under which commands and questions to all nodes are published. */
    public byte[] controlName() {
        return control("control");
    }

    /** Returns the name under which replies to one node are published. */
    public byte[] nodeName(String nodeId) {
        return control("node:" + nodeId);
    }

    private byte[] control(String end) {
        return join(beginnings[partitions.control()], bytes(end));
    }

    /** The same in every layout version, so that a node of another one is noticed. */
    public byte[] layout() {
        return bytes(prefix + ":{" + partitions.tag(partitions.control()) + "}:layout");
    }

    private static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] joined = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, joined, at, part.length);
            at += part.length;
        }
        return joined;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
