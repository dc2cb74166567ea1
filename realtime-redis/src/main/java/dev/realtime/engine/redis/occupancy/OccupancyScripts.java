package dev.realtime.engine.redis.occupancy;

import dev.realtime.engine.redis.format.BinaryOutput;
import dev.realtime.engine.redis.key.ChannelBytes;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.script.RedisScripts;
import dev.realtime.engine.redis.script.Script;
import dev.realtime.engine.redis.script.ScriptRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Scripts for the occupancy of channels; see open-occupancy.lua. */
final class OccupancyScripts {

    private final RedisScripts scripts;

    private final RedisKeys keys;

    private final String nodeId;

    private final byte[] leaseMillis;

    OccupancyScripts(RedisKeys redisKeys, RedisScripts scripts, String nodeId, Duration lease) {
        this.scripts = scripts;
        this.keys = redisKeys;
        this.nodeId = nodeId;
        this.leaseMillis = text(Long.toString(lease.toMillis()));
    }

    /**
     * Result of a report.
     *
     * @param before number of the latest change that Redis had
     * @param leased whether the lease had not ended
     * @param lapsed id of a node whose lease ended; empty if there is none, or it was not looked for
     * @param effective those of the changes that made a channel occupied or vacated on all nodes together
     */
    record Report(long before, boolean leased, String lapsed, List<OccupancyChange> effective) {}

    /**
     * Renews the lease, and reports changes if there are any.
     *
     * @param number of the last of the changes; without any, of the latest that Redis is to know of, or 0
     */
    Mono<Report> report(int partition, long number, List<OccupancyChange> changes) {
        List<byte[]> arguments = new ArrayList<>(4 + changes.size());
        arguments.add(text(nodeId));
        arguments.add(leaseMillis);
        arguments.add(text(Long.toString(number)));
        arguments.add(scripts.time());
        changes.forEach(change -> arguments.add(bytes(change)));
        return run(Script.OCCUPANCY_REPORT, partition, keys(partition, nodeId), arguments)
                .map(reply -> read(reply, changes));
    }

    private static byte[] bytes(OccupancyChange change) {
        byte[] channel = ChannelBytes.of(change.channel());
        return new BinaryOutput(1 + channel.length)
                .octet(change.occupied() ? '+' : '-')
                .bytes(channel)
                .toBytes();
    }

    private static Report read(List<Object> reply, List<OccupancyChange> changes) {
        List<OccupancyChange> effective = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            if ((Long) reply.get(3 + i) == 1) {
                effective.add(changes.get(i));
            }
        }
        return new Report((Long) reply.get(0), (Long) reply.get(1) == 1, text(reply.get(2)), effective);
    }

    /**
     * Some channels that were taken from a node.
     *
     * @param more whether it has more
     * @param vacated those of them that no node has any more
     */
    record Ended(boolean more, List<String> vacated) {}

    /** Takes some channels from a node whose lease ended; nothing happens if it has not. */
    Mono<Ended> endLapsed(int partition, String node) {
        return end(partition, node, "lapsed");
    }

    /** Takes some channels from this node. */
    Mono<Ended> leave(int partition) {
        return end(partition, nodeId, "leaving");
    }

    private Mono<Ended> end(int partition, String node, String why) {
        return run(
                        Script.OCCUPANCY_END,
                        partition,
                        keys(partition, node),
                        List.of(text(node), text(why), scripts.time()))
                .map(reply -> new Ended(
                        (Long) reply.get(0) == 1,
                        reply.stream().skip(1).map(OccupancyScripts::text).toList()));
    }

    /**
     * Channels that Redis believes this node to have subscribers in.
     *
     * @param next where the next page begins; {@code null} behind the last
     */
    record Page(List<String> channels, byte @Nullable [] next) {}

    /** The page that begins there; the first one begins at {@code "0"}. */
    Mono<Page> page(int partition, byte[] from) {
        byte[][] share = {keys.occupancyShare(partition, nodeId)};
        return run(Script.OCCUPANCY_SHARE, partition, share, List.of(from)).map(reply -> {
            List<String> channels = new ArrayList<>(reply.size() / 2);
            for (int i = 0; i < reply.size(); i += 2) {
                channels.add(text(reply.get(i)));
            }
            return new Page(channels, reply.isEmpty() ? null : (byte[]) reply.get(reply.size() - 1));
        });
    }

    private byte[][] keys(int partition, String node) {
        return new byte[][] {
            keys.occupancyLeases(partition), keys.occupancyCounts(partition), keys.occupancyShare(partition, node)
        };
    }

    private Mono<List<Object>> run(Script script, int partition, byte[][] scriptKeys, List<byte[]> arguments) {
        return scripts.run(new ScriptRequest<>(
                script,
                partition,
                scriptKeys,
                arguments.toArray(byte[][]::new),
                ScriptRequest::list,
                true,
                "Counting occupied channels of partition",
                String.valueOf(partition)));
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
