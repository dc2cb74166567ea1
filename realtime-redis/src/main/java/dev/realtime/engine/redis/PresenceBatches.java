package dev.realtime.engine.redis;

import dev.realtime.protocol.ClientInfo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Splits what is to be refreshed into calls of presence-add.lua: few channels' keys of one partition, few clients. */
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

        private final List<byte[]> keys = new ArrayList<>();

        private final List<byte[]> arguments = new ArrayList<>();

        private int clients;

        Batch(int partition, byte[] ttlMillis, byte[] time) {
            this.partition = partition;
            arguments.add(ttlMillis);
            arguments.add(time);
        }
    }

    private void add(String channel, Collection<ClientInfo> clients) {
        RedisKeys.ChannelKeys channelKeys = keys.of(channel);
        List<ClientInfo> left = List.copyOf(clients);
        while (!left.isEmpty()) {
            Batch batch =
                    open.computeIfAbsent(channelKeys.partition(), partition -> new Batch(partition, ttlMillis, time));
            int room = Math.min(left.size(), MAX_CLIENTS - batch.clients);
            batch.keys.addAll(
                    List.of(channelKeys.presence(), channelKeys.presenceExpiry(), channelKeys.presenceUsers()));
            batch.arguments.add(Integer.toString(room).getBytes(StandardCharsets.US_ASCII));
            for (ClientInfo info : left.subList(0, room)) {
                batch.arguments.add(ChannelBytes.of(info.clientId()));
                batch.arguments.add(write(info));
            }
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
        requests.add(new ScriptRequest<>(
                Script.PRESENCE_ADD,
                batch.partition,
                batch.keys.toArray(byte[][]::new),
                batch.arguments.toArray(byte[][]::new),
                ScriptRequest::number,
                true,
                "Writing presence of channels of partition",
                String.valueOf(batch.partition)));
    }
}
