package dev.realtime.engine.redis.broker;

import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.script.Script;
import dev.realtime.engine.redis.script.ScriptRequest;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** One small write and one {@code WAIT} behind it, for publications of one primary. */
final class ReplicationCheck {

    private final RedisKeys redisKeys;

    ReplicationCheck(RedisKeys redisKeys) {
        this.redisKeys = redisKeys;
    }

    /**
     * Result of a check.
     *
     * @param needed how many replicas could be promoted
     * @param replicas how many of them have the publications
     * @param has publication to whether the server still has it
     * @param refused publication to why the server did not say whether it has it
     */
    record Result(
            int needed,
            long replicas,
            Map<WaitingPublication, Boolean> has,
            Map<WaitingPublication, Throwable> refused) {

        boolean isWhole() {
            return replicas >= needed;
        }
    }

    /**
     * Completes with how many replicas have the publications, and whether the server still has each.
     *
     * @param needed replicas to wait for, at least
     * @param millis longest wait
     */
    CompletableFuture<Result> run(
            RedisClusterAsyncCommands<byte[], byte[]> commands,
            List<WaitingPublication> batch,
            int needed,
            long millis) {
        Map<Integer, List<WaitingPublication>> byPartition = new TreeMap<>();
        batch.forEach(publication -> byPartition
                .computeIfAbsent(publication.keys().partition(), partition -> new ArrayList<>())
                .add(publication));
        Map<WaitingPublication, Boolean> has = new ConcurrentHashMap<>();
        Map<WaitingPublication, Throwable> refused = new ConcurrentHashMap<>();
        AtomicInteger online = new AtomicInteger(-1);
        List<CompletableFuture<?>> all = new ArrayList<>();
        // While the slot of one partition moves the server may refuse what is in it, and nothing else.
        byPartition.forEach((partition, some) ->
                all.add(write(commands, partition, some).handle((answers, refusal) -> {
                    if (refusal != null) {
                        some.forEach(publication -> refused.put(publication, refusal));
                        return null;
                    }
                    online.accumulateAndGet(((Long) answers.get(0)).intValue(), Math::max);
                    for (int i = 0; i < some.size(); i++) {
                        has.put(some.get(i), answers.get(i + 1).equals(1L));
                    }
                    return null;
                })));
        CompletableFuture<Long> replicas =
                commands.waitForReplication(needed, millis).toCompletableFuture();
        all.add(replicas);
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(done -> new Result(
                        // How many there were at the write counts, where that is known.
                        online.get() < 0 ? needed : Math.max(1, online.get()), replicas.join(), has, refused));
    }

    private CompletableFuture<List<Object>> write(
            RedisClusterAsyncCommands<byte[], byte[]> commands, int partition, List<WaitingPublication> publications) {
        CommandArgs<byte[], byte[]> arguments =
                new CommandArgs<>(ByteArrayCodec.INSTANCE).add(Script.REPLICATE.source());
        arguments.add(publications.size() + 1).addKey(redisKeys.replicated(partition));
        publications.forEach(publication -> arguments.addKey(publication.keys().meta()));
        publications.forEach(publication -> arguments
                .add(publication.epoch().getBytes(StandardCharsets.ISO_8859_1))
                .add(publication.offset()));
        return commands.dispatch(CommandType.EVAL, ScriptRequest.list(), arguments)
                .toCompletableFuture();
    }
}
