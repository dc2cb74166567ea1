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
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Waits until all replicas that could be promoted have publications that a primary took: all that are connected to it,
 * as it
 * says itself, or one where it may not be asked. With fewer, a failover may promote one that lacks what another one
 * confirmed.
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

    /** How much later than asked for the answer to a wait may come. */
    private static final long GRACE_MILLIS = 200;

    private final RedisParts parts;

    private final Duration commandTimeout;

    /** By owner of partitions: as many as there are primaries. */
    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();

    ReplicaWaits(RedisParts parts, Duration commandTimeout) {
        this.parts = parts;
        this.commandTimeout = commandTimeout;
    }

    /** One publication. */
    private record Waiting(
            String channel, RedisKeys.ChannelKeys keys, String epoch, long offset, long deadline, MonoSink<Void> sink) {

        boolean isExpired(long now) {
            return now - deadline >= 0;
        }
    }

    /**
     * Completes when the replicas have what is at this place; fails with an {@link EngineException} if they have not in
     * time.
     *
     * @param beganAt when the publish came, in the sense of {@code System.nanoTime()}: it is not to take longer than a
     *     command
     */
    Mono<Void> await(String channel, RedisKeys.ChannelKeys keys, String epoch, long offset, long beganAt) {
        long deadline = beganAt + commandTimeout.toNanos();
        return Mono.create(sink -> lanes.computeIfAbsent(parts.link().owner(keys.partition()), owner -> new Lane())
                .add(new Waiting(channel, keys, epoch, offset, deadline, sink)));
    }

    /** Waits of one primary, one after the other. */
    private final class Lane {

        /** Guarded by this. */
        private final Deque<Waiting> waiting = new ArrayDeque<>();

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
            List<Waiting> expired = new ArrayList<>();
            long now = System.nanoTime();
            synchronized (this) {
                while (batch.size() < BATCH && !waiting.isEmpty()) {
                    Waiting publication = waiting.remove();
                    (publication.isExpired(now) ? expired : batch).add(publication);
                }
                busy = !batch.isEmpty();
            }
            expired.forEach(publication -> failForReplicas(publication, 0));
            if (!batch.isEmpty()) {
                attempt(batch);
            }
        }

        private void attempt(List<Waiting> batch) {
            long now = System.nanoTime();
            long left = batch.stream()
                    .mapToLong(publication -> TimeUnit.NANOSECONDS.toMillis(publication.deadline() - now))
                    .min()
                    .orElse(0);
            // The driver gives a command up after its timeout, so a wait has to end before.
            long millis = Math.max(1, Math.min(left, commandTimeout.toMillis() * 4 / 5));
            parts.link()
                    .forWaiting(batch.get(0).keys().partition())
                    .thenCompose(commands -> replicated(commands, batch, millis))
                    .toCompletableFuture()
                    .copy()
                    .orTimeout(Math.max(left, millis) + GRACE_MILLIS, TimeUnit.MILLISECONDS)
                    .whenComplete((has, error) -> {
                        if (error == null) {
                            settle(batch, has);
                            next();
                        } else if (Failure.of(error) == Failure.DISCONNECTED
                                && batch.stream().noneMatch(each -> each.isExpired(System.nanoTime()))) {
                            later(batch, error);
                        } else {
                            failAll(batch, error);
                        }
                    });
        }

        private void settle(List<Waiting> batch, Replication replication) {
            if (replication.isWhole()) {
                batch.forEach(publication -> ReplicaWaits.settle(publication, replication));
                return;
            }
            long now = System.nanoTime();
            List<Waiting> again = new ArrayList<>();
            for (Waiting publication : batch) {
                if (publication.isExpired(now)) {
                    failForReplicas(publication, replication.replicas());
                } else {
                    again.add(publication);
                }
            }
            synchronized (this) {
                for (int index = again.size() - 1; index >= 0; index--) {
                    waiting.addFirst(again.get(index));
                }
            }
        }

        private void later(List<Waiting> batch, Throwable error) {
            try {
                parts.scripts().scheduler().schedule(() -> attempt(batch), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException stopped) {
                failAll(batch, error);
            }
        }

        private void failAll(List<Waiting> batch, Throwable error) {
            Throwable cause = Failure.unwrap(error);
            String why = cause instanceof TimeoutException
                    ? "Redis did not answer within " + commandTimeout.toMillis() + " ms"
                    : String.valueOf(cause.getMessage());
            batch.forEach(publication -> fail(publication, why, cause));
            next();
        }
    }

    /**
     * Result of a wait.
     *
     * @param needed how many replicas could be promoted
     * @param replicas how many of them have the publications
     * @param has publication to whether the server still has it
     */
    private record Replication(long needed, long replicas, Map<Waiting, Boolean> has) {

        boolean isWhole() {
            return replicas >= needed;
        }
    }

    /**
     * Returns at least one, so that nothing counts as replicated where no replica is connected, or where it is not
     * known.
     */
    private int replicasNeeded(int partition) {
        return Math.max(1, parts.link().replicas(partition));
    }

    private CompletableFuture<Replication> replicated(
            RedisClusterAsyncCommands<byte[], byte[]> commands, List<Waiting> batch, long millis) {
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
        int needed = replicasNeeded(batch.get(0).keys().partition());
        CompletableFuture<Long> replicas =
                commands.waitForReplication(needed, millis).toCompletableFuture();
        all.add(replicas);
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(done -> new Replication(needed, replicas.join(), has));
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

    private static void settle(Waiting publication, Replication replication) {
        if (Boolean.TRUE.equals(replication.has().get(publication))) {
            publication.sink().success();
        } else {
            fail(publication, "the server that took it was replaced by one without it", null);
        }
    }

    private void failForReplicas(Waiting publication, long replicas) {
        String who = replicas == 0
                ? "no replica"
                : "only " + replicas + " of the "
                        + replicasNeeded(publication.keys().partition()) + " replicas that could be promoted";
        fail(publication, who + " confirmed it within " + commandTimeout.toMillis() + " ms", null);
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
