package dev.realtime.engine.redis;

import dev.realtime.engine.EngineException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Waits until a replica has publications that a primary took.
 *
 * <p>{@code WAIT} tells how many replicas have all that one connection wrote, and holds that connection up. So it goes over one of
 * its own, behind a small write, and one at a time to each primary; all publications that come meanwhile share the next:
 *
 * <pre>
 *   publishes   p1        p2 p3 p4            p5
 *   waits          |- write, WAIT: p1 -||- write, WAIT: p2 p3 p4 -||- write, WAIT: p5 -|
 * </pre>
 *
 * The write is a script, which also looks whether the server still has the publications: a replica that was promoted in between
 * may lack them, and would have replicas of its own.
 *
 * <p>May be used by any thread. Lock: the monitor of one lane; nobody is called under it.
 */
final class ReplicaWaits {

    /** Publications that share one wait at most. */
    private static final int BATCH = 1000;

    /** Most publications that wait for their turn, per primary. */
    private static final int MAX_WAITING = 50_000;

    private static final long PAUSE_MILLIS = 50;

    private final RedisParts parts;

    private final Duration timeout;

    /** By owner of partitions: as many as there are primaries. */
    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();

    /** @param commandTimeout of the connections; a wait has to end before it */
    ReplicaWaits(RedisParts parts, Duration commandTimeout) {
        this.parts = parts;
        this.timeout = commandTimeout.multipliedBy(4).dividedBy(5);
    }

    /** One publication. */
    private record Waiting(
            String channel, RedisKeys.ChannelKeys keys, String epoch, long offset, MonoSink<Void> sink) {}

    /** Completes when a replica has what is at this place; fails with an {@link EngineException} if none has it in time. */
    Mono<Void> await(String channel, RedisKeys.ChannelKeys keys, String epoch, long offset) {
        return Mono.create(sink -> lanes.computeIfAbsent(parts.link().owner(keys.partition()), owner -> new Lane())
                .add(new Waiting(channel, keys, epoch, offset, sink)));
    }

    /** Waits of one primary, one after the other. */
    private final class Lane {

        /** Guarded by this. */
        private final Queue<Waiting> waiting = new ArrayDeque<>();

        /** Guarded by this. */
        private boolean busy;

        void add(Waiting publication) {
            boolean first;
            boolean full;
            synchronized (this) {
                full = waiting.size() >= MAX_WAITING;
                first = !full && !busy;
                if (!full) {
                    waiting.add(publication);
                    busy = true;
                }
            }
            if (full) {
                fail(publication, "too many publications wait for replicas already", null);
            } else if (first) {
                next();
            }
        }

        private void next() {
            List<Waiting> batch = new ArrayList<>();
            synchronized (this) {
                while (batch.size() < BATCH && !waiting.isEmpty()) {
                    batch.add(waiting.remove());
                }
                busy = !batch.isEmpty();
            }
            if (!batch.isEmpty()) {
                attempt(batch, System.nanoTime() + timeout.toNanos());
            }
        }

        private void attempt(List<Waiting> batch, long giveUpAtNanos) {
            parts.link()
                    .forWaiting(batch.get(0).keys().partition())
                    .thenCompose(commands -> replicated(commands, batch))
                    .whenComplete((has, error) -> {
                        if (error == null) {
                            settle(batch, has);
                            next();
                        } else if (Failure.of(error) == Failure.DISCONNECTED && System.nanoTime() < giveUpAtNanos) {
                            later(() -> attempt(batch, giveUpAtNanos), batch, error);
                        } else {
                            failAll(batch, error);
                        }
                    });
        }

        private void later(Runnable attempt, List<Waiting> batch, Throwable error) {
            try {
                parts.scripts().scheduler().schedule(attempt, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException stopped) {
                failAll(batch, error);
            }
        }

        private void failAll(List<Waiting> batch, Throwable error) {
            Throwable cause = Failure.unwrap(error);
            batch.forEach(publication -> fail(publication, String.valueOf(cause.getMessage()), cause));
            next();
        }
    }

    /** Publication to whether it is still there; empty if no replica has them. */
    private CompletableFuture<Map<Waiting, Boolean>> replicated(
            RedisClusterAsyncCommands<byte[], byte[]> commands, List<Waiting> batch) {
        Map<Integer, List<Waiting>> byPartition = new TreeMap<>();
        batch.forEach(publication -> byPartition
                .computeIfAbsent(publication.keys().partition(), partition -> new ArrayList<>())
                .add(publication));
        Map<Waiting, Boolean> has = new ConcurrentHashMap<>();
        List<CompletableFuture<?>> all = new ArrayList<>();
        byPartition.forEach((partition, some) ->
                all.add(write(commands, partition, some).thenAccept(answers -> {
                    for (int i = 0; i < some.size(); i++) {
                        has.put(some.get(i), answers.get(i).equals(1L));
                    }
                })));
        CompletableFuture<Long> replicas =
                commands.waitForReplication(1, timeout.toMillis()).toCompletableFuture();
        all.add(replicas);
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(done -> replicas.join() < 1 ? Map.of() : has);
    }

    private CompletableFuture<List<Object>> write(
            RedisClusterAsyncCommands<byte[], byte[]> commands, int partition, List<Waiting> publications) {
        CommandArgs<byte[], byte[]> arguments =
                new CommandArgs<>(ByteArrayCodec.INSTANCE).add(Script.REPLICATE.source());
        arguments.add(publications.size() + 1).addKey(parts.keys().replicated(partition));
        publications.forEach(publication -> arguments.addKey(publication.keys().meta()));
        publications.forEach(publication -> arguments
                .add(publication.epoch().getBytes(StandardCharsets.ISO_8859_1))
                .add(publication.offset()));
        return commands.dispatch(CommandType.EVAL, ScriptRequest.list(), arguments)
                .toCompletableFuture();
    }

    private void settle(List<Waiting> batch, Map<Waiting, Boolean> has) {
        for (Waiting publication : batch) {
            Boolean kept = has.get(publication);
            if (kept == null) {
                fail(publication, "no replica confirmed it within " + timeout.toMillis() + " ms", null);
            } else if (!kept) {
                fail(publication, "the server that took it was replaced by one without it", null);
            } else {
                publication.sink().success();
            }
        }
    }

    private static void fail(Waiting publication, String why, @Nullable Throwable cause) {
        publication
                .sink()
                .error(new EngineException(
                        "Publishing to channel '" + publication.channel() + "' was not acknowledged: " + why
                                + ". It may have been delivered and may be kept, but a failover may lose it. Publish it again with"
                                + " the same idempotency key. If that goes on, look at the replicas of Redis, or set"
                                + " `publish-ack` of its namespace to `primary`.",
                        cause));
    }
}
