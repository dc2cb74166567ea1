package dev.realtime.engine.redis.epoch;

import dev.realtime.engine.redis.connection.PartitionCommands;
import dev.realtime.engine.redis.epoch.Endings.Ending;
import dev.realtime.engine.redis.epoch.ReplicationRounds.Round;
import dev.realtime.engine.redis.generation.Generation;
import dev.realtime.engine.redis.generation.Generations;
import dev.realtime.engine.redis.generation.ReplicationState;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.script.RedisScripts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;

/**
 * Settlement by this node of generations of Redis that have ended: it finds out what it saw that the successor may
 * lack, checks those streams, and has losses noted in them. Then the generation is settled, and other nodes that ask
 * get that answer.
 *
 * <pre>
 *   round n     A: generation g1, offset 260
 *   round n+1   A: generation g2, continues g1 up to 200     g1 has ended
 *               followers in g1 pass nothing of it on any more and note how far they came
 *               the tail of g1, all that is not covered by 200, is checked in the streams; losses are noted there
 *               g1 is settled with respect to g2
 * </pre>
 *
 * <p>A generation ends when no primary has it any more and one says that it continues it, or when the primary that had
 * it has another one or is none any more. Where one says so beside the primary that has it, a replica has been taken
 * out and is a primary of its own: nothing ends. One that another process does not continue, but the same process
 * replaced (its backlog aged out, or its first replica came), lost nothing. One without a successor (a restart from
 * a dataset without replicas) is checked from the first note to the last.
 *
 * <p>Called by rounds, one at a time, and by nodes that ask. Lock: the monitor of this object, in {@link #evaluate}.
 */
final class Settlement {

    private static final Logger logger = LoggerFactory.getLogger(Settlement.class);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    /**
     * Ticks before the end of what a successor continues of which notes are kept, about as many seconds: the replica
     * that is promoted next may have been further behind.
     */
    private static final int KEPT_TICKS = 16;

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);

    /** Reply of a node about a pair of generations. */
    enum Answer {
        /** All it saw of the first is in the second, or its loss is noted in the streams. */
        SETTLED,
        /** It does not remember what it saw of the first. */
        FORGOTTEN,
        /** It cannot say yet. */
        PENDING
    }

    private final RedisKeys keys;

    private final RedisScripts scripts;

    private final PartitionCommands redis;

    private final Generations generations;

    private final TailCheck check;

    private final LongSupplier clock;

    private volatile Supplier<? extends Collection<? extends FollowedStream>> followers = List::of;

    private final ReplicationRounds rounds;

    private final Lineage lineage;

    /** Guarded by this. */
    private final GenerationEnds ends;

    private final Endings endings;

    private volatile Round last = new Round(0, Map.of(), false, List.of());

    /** Guarded by this. */
    private final PartitionHistory partitions;

    private final FinalReplication leaving;

    private volatile boolean stopped;

    private BiConsumer<String, Collection<String>> settled = (ended, successors) -> {};

    /** @param clock nanoseconds, as {@link System#nanoTime()} */
    Settlement(
            RedisKeys keys,
            RedisScripts scripts,
            Generations seen,
            Lineage lineage,
            int partitions,
            TailCheck check,
            LongSupplier clock) {
        this.keys = keys;
        this.scripts = scripts;
        this.redis = scripts.redis();
        this.generations = seen;
        this.lineage = lineage;
        this.check = check;
        this.clock = clock;
        this.partitions = new PartitionHistory(generations);
        this.rounds = new ReplicationRounds(keys, scripts, partitions, generations, this::evaluate);
        this.endings = new Endings(generations, lineage);
        this.ends = new GenerationEnds(generations, lineage, rounds::isServed);
        this.leaving = new FinalReplication(generations, rounds, endings, clock, scripts.scheduler());
    }

    /**
     * @param followers all of this node
     * @param settled is called with each generation that this node has settled, and its successors
     */
    void start(
            Supplier<? extends Collection<? extends FollowedStream>> followers,
            BiConsumer<String, Collection<String>> settled) {
        this.followers = followers;
        this.settled = settled;
        generations.onHurry(rounds::hurry);
        rounds.start();
    }

    void stop() {
        stopped = true;
        rounds.stop();
        check.stop();
    }

    ReplicationRounds rounds() {
        return rounds;
    }

    /** Returns the replies of the last round. */
    Round last() {
        return last;
    }

    private synchronized void evaluate(Round round) {
        last = round;
        long now = clock.getAsLong();
        List<Generation> fresh = new ArrayList<>();
        generations.inUse(round.states().size());
        for (ReplicationState state : round.states().values()) {
            Generation generation = generations.meet(state.generation());
            if (generation.confirmed() == null) {
                fresh.add(generation);
                generation.continues(ends.predecessor(state, now));
            } else if (generation.hasEnded() && !lineage.isContinuedIn(round, generation.id())) {
                generation.revive();
                endings.remove(generation.id());
            }
            generation.confirm(state, generations.tick());
            ends.noteServed(state.generation());
            if (state.offset() >= 0) {
                generation.checkpoint(round.tick(), state.offset());
            }
        }
        ends.findBranches(round, now);
        ends.noteReplies(round, now);
        boolean changed = false;
        for (Generation generation : List.copyOf(generations.all())) {
            if (!generation.hasEnded() && ends.hasEnded(generation, round, now)) {
                changed = true;
                end(generation, round);
            }
        }
        for (Generation generation : fresh) {
            if (!changed && generation.predecessor() == null) {
                // A primary without a known past: an older dataset may have come back.
                endings.recheckAll(generation.id());
            }
        }
        partitions.update(round);
        endings.forgetUnknown();
        ends.forgetUnknown();
    }

    /** A generation has ended: nothing of it counts from now on, and what was seen of it is looked for. */
    private void end(Generation generation, Round round) {
        generations.end(generation);
        String heir = null;
        int covered = 0;
        for (ReplicationState state : round.states().values()) {
            Integer within = lineage.covered(generation, state.generation());
            if (within != null) {
                heir = state.generation();
                covered = within;
            }
        }
        logger.debug("Generation {} of Redis has ended, {} continues it", generation.id(), heir);
        Ending ending =
                new Ending(generation, heir != null ? Set.of(heir) : partitions.inPlaceOf(generation.id(), round));
        endings.add(ending);
        Map<Integer, Integer> handedOver = partitions.handedOver(generation.id(), ending.successors, covered, round);
        handedOver.keySet().forEach(partition -> takeOver(partition, round));
        settle(ending, heir, covered, handedOver);
        if (heir == null) {
            endings.recheckAll(Endings.ANY);
        }
    }

    private void takeOver(int partition, Round round) {
        String now = round.generation(partition);
        if (now != null) {
            generations.takeOver(partition, now, round.tick());
        }
    }

    /**
     * @param handedOver partitions of the successors, each with the tick from which notes in other generations matter
     */
    private void settle(Ending ending, @Nullable String heir, int covered, Map<Integer, Integer> handedOver) {
        Generation generation = ending.generation;
        CompletableFuture<Void> done = new CompletableFuture<>();
        ending.check = done;
        List<Ending> before = endings.before(generation.id());
        seal(generation.id())
                // A seal notes something for each follower: not on the thread that brings replies.
                .subscribeOn(scripts.scheduler())
                .then(Mono.defer(() -> {
                    List<Generation.Seen> tail = new ArrayList<>(generation.tail(covered));
                    before.forEach(one -> tail.addAll(one.generation.tail(endings.covered(one, heir))));
                    Set<Generation> own = new HashSet<>(Set.of(generation));
                    before.forEach(one -> own.add(one.generation));
                    tail.addAll(seenElsewhere(own, handedOver));
                    return check.check(tail, ending.successors);
                }))
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                        .maxBackoff(LONGEST_PAUSE)
                        .scheduler(scripts.scheduler())
                        .filter(error -> !stopped))
                .subscribe(
                        nothing -> {},
                        error -> logger.debug("Could not settle generation {}: {}", generation.id(), error.toString()),
                        () -> {
                            boolean forgotten = generation.hasForgotten(covered);
                            ending.results.put(heir == null ? Endings.ANY : heir, forgotten);
                            List<Ending> rolledBack = before.stream()
                                    .filter(one -> heir != null && !lineage.isHandedOn(one.generation.id(), heir))
                                    .toList();
                            rolledBack.forEach(one -> one.results.put(
                                    heir, forgotten || one.generation.hasForgotten(endings.covered(one, heir))));
                            generation.trim(Math.min(covered, generations.tick()) - KEPT_TICKS);
                            endings.dropOldTails();
                            done.complete(null);
                            settled.accept(generation.id(), ending.successors);
                            rolledBack.forEach(one -> settled.accept(one.generation.id(), ending.successors));
                        });
    }

    /** Returns what was seen in generations of other primaries of partitions that have come from there. */
    private List<Generation.Seen> seenElsewhere(Collection<Generation> settled, Map<Integer, Integer> handedOver) {
        int earliest = handedOver.values().stream().min(Integer::compare).orElse(Integer.MAX_VALUE);
        List<Generation.Seen> seen = new ArrayList<>();
        for (Generation other : generations.all()) {
            if (!settled.contains(other)) {
                other.forEach(earliest, (one, tick) -> {
                    Integer from = handedOver.get(keys.of(one.channel()).partition());
                    if (from != null && tick >= from) {
                        seen.add(one);
                    }
                });
            }
        }
        return seen;
    }

    /** Returns the tick from which notes of an earlier generation have to be looked for in the heir of a later one. */
    private int covered(Ending earlier, @Nullable String heir) {
        Integer covered = heir == null ? null : lineage.covered(earlier.generation, heir);
        return covered == null ? 0 : covered;
    }

    /**
     * Completes when all followers in a generation have noted how far they came, and pass nothing of it on any more.
     */
    private Mono<Void> seal(String generation) {
        return Mono.defer(() -> {
            List<FollowedStream> all = List.copyOf(followers.get());
            Sinks.Empty<Void> sealed = Sinks.empty();
            AtomicInteger left = new AtomicInteger(all.size() + 1);
            Runnable one = () -> {
                if (left.decrementAndGet() == 0) {
                    sealed.tryEmitEmpty();
                }
            };
            all.forEach(follower -> follower.seal(generation, one));
            one.run();
            return sealed.asMono();
        });
    }

    /** Returns what this node knows of a pair. */
    Mono<Answer> answer(String ended, String successor) {
        return Mono.defer(() -> {
            Generation generation = generations.get(ended);
            if (generation == null) {
                return Mono.just(Answer.SETTLED);
            }
            Mono<?> known = generation.hasEnded() ? Mono.empty() : rounds.next();
            return known.then(Mono.defer(() -> answerEnded(ended, successor)))
                    .timeout(ANSWER_WITHIN, Mono.just(Answer.PENDING), scripts.scheduler());
        });
    }

    private Mono<Answer> answerEnded(String ended, String successor) {
        String former = lineage.predecessorOf(successor);
        if (former != null && lineage.isHandedOn(ended, successor)) {
            return answerEnded(ended, former)
                    .zipWith(
                            answerEnded(former, successor),
                            (one, other) -> one == Answer.FORGOTTEN || other == Answer.SETTLED ? one : other);
        }
        Ending ending = endings.of(ended);
        if (ending == null) {
            redis.recheckPrimary();
            return Mono.just(Answer.PENDING);
        }
        return Mono.fromFuture(ending.check, true).then(Mono.fromSupplier(() -> {
            Boolean forgotten = ending.forgotten(successor);
            return forgotten == null ? Answer.PENDING : forgotten ? Answer.FORGOTTEN : Answer.SETTLED;
        }));
    }

    /** The generation in use that continues another one; {@code null} if none does, as far as known. */
    @Nullable
    String successorInUse(String id) {
        Generation generation = generations.get(id);
        if (generation == null) {
            return null;
        }
        return last.states().values().stream()
                .map(ReplicationState::generation)
                .filter(present -> !present.equals(id) && lineage.covered(generation, present) != null)
                .findFirst()
                .orElse(null);
    }

    /** Returns what a node does last that leaves. */
    FinalReplication leaving() {
        return leaving;
    }
}
