package dev.realtime.engine.redis.presence;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.engine.redis.format.BinaryOutput;
import dev.realtime.engine.redis.format.PublicationFormat;
import dev.realtime.engine.redis.key.ChannelBytes;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.script.Script;
import dev.realtime.engine.redis.script.ScriptRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Batches of clients to refresh, one for each call of presence-add.lua: channels of one partition, and a bounded number
 * of clients.
 */
final class PresenceBatches {

    /** Most clients in one call: Redis does nothing else meanwhile. */
    static final int MAX_CLIENTS = 150;

    private final byte[] ttlMillis;

    private final RedisKeys keys;

    private final Map<Integer, Batch> open = new HashMap<>();

    private final List<ScriptRequest<Long>> requests = new ArrayList<>();

    private final byte[] time;

    private PresenceBatches(RedisKeys keys, byte[] ttlMillis, byte[] time) {
        this.keys = keys;
        this.ttlMillis = ttlMillis;
        this.time = time;
    }

    /**
     * @param present channel to its clients
     * @param time of this node
     */
    static List<ScriptRequest<Long>> of(
            Map<String, ? extends Collection<ClientInfo>> present, RedisKeys keys, byte[] ttlMillis, byte[] time) {
        PresenceBatches batches = new PresenceBatches(keys, ttlMillis, time);
        present.forEach(batches::add);
        batches.open.values().forEach(batches::close);
        return batches.requests;
    }

    private static final class Batch {

        private final int partition;

        private final List<Entry> entries = new ArrayList<>();

        private int clients;

        Batch(int partition) {
            this.partition = partition;
        }
    }

    /**
     * Clients of one channel.
     *
     * @param arguments their number, and id and info of each
     */
    private record Entry(RedisKeys.ChannelKeys channel, List<byte[]> arguments) {}

    private void add(String channel, Collection<ClientInfo> clients) {
        RedisKeys.ChannelKeys channelKeys = keys.of(channel);
        List<ClientInfo> left = List.copyOf(clients);
        while (!left.isEmpty()) {
            Batch batch = open.computeIfAbsent(channelKeys.partition(), Batch::new);
            int room = Math.min(left.size(), MAX_CLIENTS - batch.clients);
            List<byte[]> arguments = new ArrayList<>(1 + 2 * room);
            arguments.add(Integer.toString(room).getBytes(StandardCharsets.US_ASCII));
            for (ClientInfo info : left.subList(0, room)) {
                arguments.add(ChannelBytes.of(info.clientId()));
                arguments.add(write(info));
            }
            batch.entries.add(new Entry(channelKeys, arguments));
            batch.clients += room;
            left = left.subList(room, left.size());
            if (batch.clients == MAX_CLIENTS) {
                close(batch);
                open.remove(batch.partition);
            }
        }
    }

    private static byte[] write(ClientInfo info) {
        BinaryOutput output = new BinaryOutput(64).octet(PublicationFormat.VERSION);
        PublicationFormat.write(info, output);
        return output.toBytes();
    }

    private void close(Batch batch) {
        ScriptRequest<Long> request = request(batch.partition, batch.entries);
        requests.add(
                batch.entries.size() < 2
                        ? request
                        : request.withParts(new ScriptRequest.Parts<>(
                                () -> batch.entries.stream()
                                        .map(entry -> request(batch.partition, List.of(entry)))
                                        .toList(),
                                channels -> channels.stream()
                                        .mapToLong(Long::longValue)
                                        .sum())));
    }

    private ScriptRequest<Long> request(int partition, List<Entry> entries) {
        List<byte[]> scriptKeys = new ArrayList<>(3 * entries.size());
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(ttlMillis);
        arguments.add(time);
        for (Entry entry : entries) {
            scriptKeys.add(entry.channel().presence());
            scriptKeys.add(entry.channel().presenceExpiry());
            scriptKeys.add(entry.channel().presenceUsers());
            arguments.addAll(entry.arguments());
        }
        return new ScriptRequest<>(
                Script.PRESENCE_ADD,
                partition,
                scriptKeys.toArray(byte[][]::new),
                arguments.toArray(byte[][]::new),
                ScriptRequest::number,
                true,
                "Writing the presence of channels of partition",
                String.valueOf(partition));
    }
}
