package dev.realtime.engine.redis.epoch;

import dev.realtime.engine.redis.connection.PartitionCommands;
import dev.realtime.engine.redis.generation.Generation;
import dev.realtime.engine.redis.generation.Generations;
import dev.realtime.engine.redis.generation.ReplicationInfo;
import dev.realtime.engine.redis.generation.ReplicationState;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.script.RedisScripts;
import dev.realtime.engine.redis.script.Script;
import dev.realtime.engine.redis.script.ScriptRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Rounds of reading the replication state of every primary. Each begins a new tick of {@link Generations} first, so
 * that its replies cover all that was noted before.
 *
 * <p>One round runs at a time; all callers that want one meanwhile share the next. A round is made for each sign of
 * life of a primary too, which comes about once a second.
 *
 * <p>May be used by any thread. Lock: the monitor of this object; no callback runs under it.
 */
final class ReplicationRounds {

    private static final Logger logger = LoggerFactory.getLogger(ReplicationRounds.class);

    private static final byte[][] NO_ARGUMENTS = {};

    private static final Duration LEAST_PAUSE = Duration.ofMillis(400);

    /** A primary that is down must not delay the replies of the others for long. */
    private static final Duration LONGEST = Duration.ofMillis(1500);

    private final RedisKeys keys;

    private final RedisScripts scripts;

    private final PartitionCommands redis;

    private final int partitions;

    private final Generations generations;

    private final Consumer<Round> listener;

    /** Callers that want the next round; {@code null} if there are none. Guarded by this. */
    private Sinks.@Nullable One<Round> wanted;

    /** Guarded by this. */
    private boolean running;

    /** Each primary, asked by itself and not by way of a partition, to the generation that it answered with last. */
    private final Map<String, String> servers = new ConcurrentHashMap<>();

    private volatile long lastNanos = System.nanoTime() - LEAST_PAUSE.toNanos();

    private volatile boolean stopped;

    /**
     * Replies of one round.
     *
     * @param tick what was noted before it is covered
     * @param states by owner of partitions, of those that answered as primaries
     * @param complete whether all owners of partitions did
     * @param owners of the partitions, in their order
     */
    record Round(int tick, Map<String, ReplicationState> states, boolean complete, List<String> owners) {

        /** Returns the generation of a partition; {@code null} if its owner did not answer. */
        @Nullable
        String generation(int partition) {
            ReplicationState state = states.get(owners.get(partition));
            return state == null ? null : state.generation();
        }

        /** Returns whether a primary answered with this generation. */
        boolean reports(String generation) {
            return states.values().stream().anyMatch(state -> state.generation().equals(generation));
        }
    }

    /**
     * @param partitions number of them, the control bus included
     * @param listener is called with each round, before the callers that wanted it; must return quickly
     */
    ReplicationRounds(
            RedisKeys keys, RedisScripts scripts, int partitions, Generations generations, Consumer<Round> listener) {
        this.keys = keys;
        this.scripts = scripts;
        this.redis = scripts.redis();
        this.partitions = partitions;
        this.generations = generations;
        this.listener = listener;
    }

    /** Starts the periodic rounds. */
    void start() {
        redis.watchReplication(new ReplicationInfo.Listener() {

            @Override
            public void onReplication(ReplicationInfo info) {
                if (!info.role().equals("slave") && info.id().length() >= Generation.ID_LENGTH) {
                    servers.put(info.server(), info.id().substring(0, Generation.ID_LENGTH));
                }
                if (System.nanoTime() - lastNanos >= LEAST_PAUSE.toNanos()) {
                    hurry();
                }
            }

            @Override
            public void onServerLeft(String server) {
                servers.remove(server);
                hurry();
            }
        });
    }

    void stop() {
        stopped = true;
    }

    /**
     * Returns whether a primary has answered with this generation, by itself, and has not answered with another one
     * since.
     */
    boolean isServed(String generation) {
        return servers.containsValue(generation);
    }

    /** Has a round begin soon. */
    void hurry() {
        next().subscribe();
    }

    /** Returns the replies of a round that begins after this is subscribed to; empty if the engine has stopped. */
    Mono<Round> next() {
        return Mono.defer(() -> {
            boolean first;
            Sinks.One<Round> sink;
            synchronized (this) {
                if (wanted == null) {
                    wanted = Sinks.one();
                }
                sink = wanted;
                first = !running;
                running = true;
            }
            if (first) {
                begin();
            }
            return sink.asMono();
        });
    }

    private void begin() {
        try {
            scripts.scheduler().schedule(this::run);
        } catch (RejectedExecutionException ended) {
            // No round can be made any more: those that want one must not begin it again.
            stopped = true;
            finish(null);
        }
    }

    private void run() {
        Sinks.One<Round> sink;
        synchronized (this) {
            sink = wanted;
            wanted = null;
        }
        lastNanos = System.nanoTime();
        if (sink == null || stopped) {
            finish(sink);
            return;
        }
        AtomicBoolean finished = new AtomicBoolean();
        Runnable end = () -> {
            if (finished.compareAndSet(false, true)) {
                finish(sink);
            }
        };
        try {
            ask(generations.nextTick())
                    .doFinally(signal -> end.run())
                    .subscribe(
                            round -> {
                                notifyListener(round);
                                sink.tryEmitValue(round);
                            },
                            error -> logger.error(
                                    "Reading the replication state of Redis failed because of a defect", error));
        } catch (Throwable failure) {
            // Whatever it is: without further rounds no failover would be noticed any more.
            logger.error("Reading the replication state of Redis failed because of a defect", failure);
            end.run();
        }
    }

    private void notifyListener(Round round) {
        try {
            listener.accept(round);
        } catch (Throwable failure) {
            logger.error("Processing a replication change of Redis failed because of a defect", failure);
        }
    }

    private void finish(Sinks.@Nullable One<Round> sink) {
        Sinks.One<Round> refused = null;
        boolean more;
        synchronized (this) {
            if (stopped) {
                refused = wanted;
                wanted = null;
            }
            more = wanted != null;
            running = more;
        }
        if (sink != null) {
            sink.tryEmitEmpty();
        }
        if (refused != null) {
            refused.tryEmitEmpty();
        }
        if (more) {
            begin();
        }
    }

    private Mono<Round> ask(int tick) {
        Map<String, Integer> owners = new LinkedHashMap<>();
        List<String> ofPartitions = new ArrayList<>(partitions);
        boolean owned = true;
        for (int partition = 0; partition < partitions; partition++) {
            String owner = redis.owner(partition);
            owned &= !owner.isEmpty();
            ofPartitions.add(owner);
            owners.putIfAbsent(owner, partition);
        }
        boolean all = owned;
        Map<String, ReplicationState> states = new LinkedHashMap<>();
        return Flux.fromIterable(owners.entrySet())
                .flatMap(owner -> state(owner.getValue()).map(state -> Map.entry(owner.getKey(), state)), 64)
                .doOnNext(answer -> answer.getValue().ifPresent(state -> states.put(answer.getKey(), state)))
                .then(Mono.fromSupplier(() ->
                        new Round(tick, Map.copyOf(states), all && states.size() == owners.size(), ofPartitions)));
    }

    private Mono<Optional<ReplicationState>> state(int partition) {
        return scripts.run(new ScriptRequest<>(
                        Script.REPLICATION,
                        partition,
                        new byte[][] {keys.replicated(partition)},
                        NO_ARGUMENTS,
                        ScriptRequest::list,
                        true,
                        "Reading the replication state of the owner of partition",
                        String.valueOf(partition)))
                .map(reply -> Optional.ofNullable(ReplicationState.of(text(reply.get(0)), text(reply.get(1)))))
                .timeout(LONGEST, Mono.just(Optional.empty()), scripts.scheduler())
                .onErrorResume(error -> {
                    logger.debug("Could not read the replication state of a primary: {}", error.toString());
                    return Mono.just(Optional.empty());
                });
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.US_ASCII);
    }
}
