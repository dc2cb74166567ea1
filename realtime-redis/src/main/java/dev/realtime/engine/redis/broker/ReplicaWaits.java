package dev.realtime.engine.redis.broker;

import dev.realtime.api.client.EngineException;
import dev.realtime.engine.redis.connection.PartitionCommands;
import dev.realtime.engine.redis.driver.RedisErrorKind;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.script.RedisScripts;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Waits until all replicas that could be promoted have publications that a primary took: all that have its whole data,
 * as it says itself, or one where it may not be asked. With fewer, a failover may promote one that lacks what another
 * one confirmed. A replica in its first synchronization is not waited for: {@code WAIT} does not count it, and a
 * failover prefers one that is further. One with {@code replica-priority 0} is, since the primary does not know the
 * priority and {@code WAIT} does not say which replicas it counted.
 *
 * <p>{@code WAIT} returns how many replicas have everything that one connection wrote, and blocks that connection. So
 * it uses a connection of its own, behind a small write, and one at a time to each primary; all publications that come
 * meanwhile share the next:
 *
 * <pre>
 *   publishes   p1        p2 p3 p4            p5
 *   waits          |- write, WAIT: p1 -||- write, WAIT: p2 p3 p4 -||- write, WAIT: p5 -|
 * </pre>
 *
 * The write is a script, which also checks whether the server still has the publications: a replica that was promoted
 * in between may lack them, and would have replicas of its own.
 *
 * <p>May be used by any thread. Lock: the monitor of one lane; no callback runs under it.
 */
final class ReplicaWaits {

    private static final Logger logger = LoggerFactory.getLogger(ReplicaWaits.class);

    /** Publications that share one wait at most. */
    private static final int BATCH = 1000;

    /** Most publications that wait for their turn, per primary. */
    private static final int MAX_WAITING = 50_000;

    private static final long PAUSE_MILLIS = 50;

    /** Time by which the reply to a wait may be late. */
    private static final long GRACE_MILLIS = 200;

    private final ReplicationCheck check;

    private final RedisScripts scripts;

    private final PartitionCommands redis;

    private final Duration commandTimeout;

    /** By owner of partitions: as many as there are primaries. */
    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();

    ReplicaWaits(RedisKeys redisKeys, RedisScripts scripts, Duration commandTimeout) {
        this.check = new ReplicationCheck(redisKeys);
        this.scripts = scripts;
        this.redis = scripts.redis();
        this.commandTimeout = commandTimeout;
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
        return Mono.create(sink -> add(new WaitingPublication(channel, keys, epoch, offset, deadline, sink)));
    }

    private void add(WaitingPublication publication) {
        lanes.computeIfAbsent(redis.owner(publication.keys().partition()), owner -> new Lane())
                .add(publication);
    }

    /** Waits of one primary, one after the other. */
    private final class Lane {

        /** Guarded by this. */
        private final Deque<WaitingPublication> waiting = new ArrayDeque<>();

        /** Guarded by this. */
        private boolean busy;

        /** Publications that are added again after a pause. Guarded by this. */
        private int postponed;

        /** Replicas that the server had when fewer than that were waited for. Guarded by this. */
        private int found;

        void add(WaitingPublication publication) {
            boolean first;
            boolean full;
            synchronized (this) {
                full = waiting.size() + postponed >= MAX_WAITING;
                first = !full && !busy;
                if (!full) {
                    waiting.add(publication);
                    busy = true;
                }
            }
            if (full) {
                fail(publication, "too many publications are waiting for replicas", null);
            } else if (first) {
                next();
            }
        }

        private void next() {
            List<WaitingPublication> batch = new ArrayList<>();
            List<WaitingPublication> expired = new ArrayList<>();
            long now = System.nanoTime();
            synchronized (this) {
                while (batch.size() < BATCH && !waiting.isEmpty()) {
                    WaitingPublication publication = waiting.remove();
                    (publication.isExpired(now) ? expired : batch).add(publication);
                }
                busy = !batch.isEmpty();
            }
            expired.forEach(
                    publication -> failForReplicas(publication, new ReplicationCheck.Result(1, 0, Map.of(), Map.of())));
            if (!batch.isEmpty()) {
                attempt(batch);
            }
        }

        private void attempt(List<WaitingPublication> batch) {
            long now = System.nanoTime();
            long left = batch.stream()
                    .mapToLong(publication -> TimeUnit.NANOSECONDS.toMillis(publication.deadline() - now))
                    .min()
                    .orElse(0);
            // The driver gives a command up after its timeout, so a wait has to end before.
            long millis = Math.max(1, Math.min(left, commandTimeout.toMillis() * 4 / 5));
            int partition = batch.get(0).keys().partition();
            CompletableFuture<ReplicationCheck.Result> result = redis.waitConnection(partition)
                    .thenCompose(commands -> check.run(commands, batch, replicasNeeded(partition), millis))
                    .toCompletableFuture()
                    .copy();
            failAfter(Math.max(left, millis) + GRACE_MILLIS, result);
            result.whenComplete((has, error) -> {
                if (error == null) {
                    settle(batch, has);
                    next();
                } else {
                    failed(batch, error);
                }
            });
        }

        /** The time is that of the scheduler of the engine, as the callers of publishes continue on its threads. */
        private void failAfter(long millis, CompletableFuture<?> result) {
            try {
                Disposable timeout = scripts.scheduler()
                        .schedule(
                                () -> result.completeExceptionally(new TimeoutException()),
                                millis,
                                TimeUnit.MILLISECONDS);
                result.whenComplete((done, error) -> timeout.dispose());
            } catch (RejectedExecutionException stopped) {
                result.completeExceptionally(stopped);
            }
        }

        private synchronized int replicasNeeded(int partition) {
            return Math.max(found, ReplicaWaits.this.replicasNeeded(partition));
        }

        private void settle(List<WaitingPublication> batch, ReplicationCheck.Result replication) {
            synchronized (this) {
                found = replication.isWhole() ? 0 : replication.needed();
            }
            long now = System.nanoTime();
            Map<WaitingPublication, Throwable> refused = new LinkedHashMap<>();
            List<WaitingPublication> again = new ArrayList<>();
            for (WaitingPublication publication : batch) {
                Throwable refusal = replication.refused().get(publication);
                if (refusal != null) {
                    refused.put(publication, refusal);
                } else if (replication.isWhole()) {
                    ReplicaWaits.settle(publication, replication);
                } else if (publication.isExpired(now)) {
                    failForReplicas(publication, replication);
                } else {
                    again.add(publication);
                }
            }
            synchronized (this) {
                for (int index = again.size() - 1; index >= 0; index--) {
                    waiting.addFirst(again.get(index));
                }
            }
            retry(refused, () -> {});
        }

        private void failed(List<WaitingPublication> batch, Throwable error) {
            Map<WaitingPublication, Throwable> failures = new LinkedHashMap<>();
            batch.forEach(publication -> failures.put(publication, error));
            retry(failures, this::next);
        }

        /**
         * Fails what has no time left, and waits again for the rest where that may help.
         *
         * @param then is run at the end of the pause, if there is one
         */
        private void retry(Map<WaitingPublication, Throwable> failures, Runnable then) {
            long now = System.nanoTime();
            Map<WaitingPublication, Throwable> again = new LinkedHashMap<>();
            failures.forEach((publication, error) -> {
                if (mayPass(error) && !publication.isExpired(now)) {
                    again.put(publication, error);
                } else {
                    fail(publication, reason(error), RedisErrorKind.unwrap(error));
                }
            });
            if (again.isEmpty()) {
                then.run();
                return;
            }
            postpone(again.size());
            try {
                scripts.scheduler()
                        .schedule(
                                () -> {
                                    postpone(-again.size());
                                    // Perhaps to the lane of another primary.
                                    again.keySet().forEach(ReplicaWaits.this::add);
                                    then.run();
                                },
                                PAUSE_MILLIS,
                                TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException stopped) {
                postpone(-again.size());
                again.forEach((publication, error) -> fail(publication, reason(error), RedisErrorKind.unwrap(error)));
                then.run();
            }
        }

        private synchronized void postpone(int publications) {
            postponed += publications;
        }

        private static boolean mayPass(Throwable error) {
            RedisErrorKind failure = RedisErrorKind.of(error);
            return failure.isUncertain()
                    || failure.isPassingRefusal()
                    || RedisErrorKind.unwrap(error) instanceof TimeoutException;
        }

        private String reason(Throwable error) {
            Throwable cause = RedisErrorKind.unwrap(error);
            return cause instanceof TimeoutException
                    ? "Redis did not answer within " + commandTimeout.toMillis() + " ms"
                    : String.valueOf(cause.getMessage());
        }
    }

    /**
     * Returns at least one, so that nothing counts as replicated where no replica is connected, or where it is not
     * known.
     */
    private int replicasNeeded(int partition) {
        return Math.max(1, redis.replicas(partition));
    }

    private static void settle(WaitingPublication publication, ReplicationCheck.Result replication) {
        if (Boolean.TRUE.equals(replication.has().get(publication))) {
            end(publication, MonoSink::success);
        } else {
            fail(publication, "the server that accepted it was replaced by one without it", null);
        }
    }

    private void failForReplicas(WaitingPublication publication, ReplicationCheck.Result replication) {
        String confirmed = replication.replicas() == 0
                ? "no replica"
                : "only " + replication.replicas() + " of the " + replication.needed()
                        + " replicas that could be promoted";
        fail(publication, confirmed + " confirmed it within " + commandTimeout.toMillis() + " ms", null);
    }

    private static void fail(WaitingPublication publication, String why, @Nullable Throwable cause) {
        end(
                publication,
                sink -> sink.error(new EngineException(
                        "Publishing to channel '" + publication.channel() + "' was not acknowledged: " + why
                                + ". It may have been delivered and may be kept, but a failover may lose it. Publish"
                                + " it again with the same idempotency key. If this continues, check the replicas of"
                                + " Redis, or set `publish-ack` of its namespace to `primary`.",
                        cause)));
    }

    /** Hands over a result. What the caller does with it must not keep the lane from continuing. */
    private static void end(WaitingPublication publication, Consumer<MonoSink<Void>> result) {
        try {
            result.accept(publication.sink());
        } catch (Throwable failure) {
            logger.error(
                    "A subscriber to the result of a publish to channel '{}' failed; other publishes continue",
                    publication.channel(),
                    failure);
        }
    }
}
