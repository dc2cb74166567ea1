package dev.realtime.engine.redis.epoch;

import dev.realtime.api.client.EngineException;
import dev.realtime.engine.redis.connection.PartitionCommands;
import dev.realtime.engine.redis.control.SurveyAnswers;
import dev.realtime.engine.redis.control.Surveys;
import dev.realtime.engine.redis.epoch.Settlement.Answer;
import dev.realtime.engine.redis.format.BinaryInput;
import dev.realtime.engine.redis.format.BinaryOutput;
import dev.realtime.engine.redis.generation.Generation;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.monitor.LossLog;
import dev.realtime.engine.redis.script.RedisCommands;
import dev.realtime.engine.redis.script.RedisScripts;
import dev.realtime.engine.redis.stream.PastEpoch;
import dev.realtime.engine.redis.stream.PastEpoch.Handover;
import dev.realtime.engine.redis.stream.PastEpoch.Verdict;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Knowledge of handovers from one generation of Redis to another, by all nodes together: whether everything that
 * any of them saw in the first is in the second, or its loss is noted in the streams.
 *
 * <p>A verdict is final when every node that may know has said that it settled the first generation. Which nodes these
 * are comes from the memory of this node and of those that answer, not only from the registry, which may have been
 * rolled back itself. A node is excused when it left in good order, which it does only after it has settled what it
 * knows, or when it has been silent for the node timeout. A final verdict is noted in Redis, for nodes that start
 * later.
 *
 * <pre>
 *   question   ended generation | its successor | whether the asking node has forgotten what it saw: a verdict
 *   answer     answer | whether the node knew the ended generation | number of nodes it knows, each
 * </pre>
 *
 * <p>Asked for once for all callers that want to know. A slot that moved from a primary that lives needs no verdict:
 * the primary replies.
 *
 * <p>May be used by any thread. No locks.
 */
public final class Handovers implements PastEpoch.Verdicts {

    /** Topic of these questions. */
    public static final int TOPIC = 3;

    private static final Logger logger = LoggerFactory.getLogger(Handovers.class);

    private static final Duration PAUSE = Duration.ofMillis(200);

    /** Time spent on reaching a verdict while a client waits. */
    private static final Duration PATIENCE = Duration.ofMillis(4500);

    /** Number of checks whether a primary lives beside one that continues it: about three seconds. */
    private static final int MOVE_REPEATS = 15;

    private static final Duration SOON = Duration.ofMillis(50);

    private static final Duration LATER = Duration.ofSeconds(1);

    private static final int REPEATS = 100;

    private static final Duration FIRST_REPEAT = Duration.ofMillis(500);

    private static final Duration LONGEST_REPEAT = Duration.ofSeconds(5);

    private static final int MOST = 4096;

    private static final long KEPT_MILLIS = Duration.ofDays(30).toMillis();

    private final RedisKeys keys;

    private final RedisScripts scripts;

    private final RedisCommands commands;

    private final PartitionCommands redis;

    private final Surveys surveys;

    private final int controlPartition;

    private final Settlement settlement;

    private final Lineage lineage;

    private final LossLog losses;

    private final Map<Handover, Verdict> verdicts = new ConcurrentHashMap<>();

    private final Set<Handover> concluding = ConcurrentHashMap.newKeySet();

    private final Map<Handover, Mono<Verdict>> asked = new ConcurrentHashMap<>();

    private Consumer<Handover> lost = handover -> {};

    private volatile boolean stopped;

    Handovers(
            RedisKeys keys,
            RedisScripts scripts,
            RedisCommands commands,
            Surveys surveys,
            int controlPartition,
            Settlement settlement,
            Lineage lineage,
            LossLog losses) {
        this.keys = keys;
        this.scripts = scripts;
        this.commands = commands;
        this.redis = scripts.redis();
        this.surveys = surveys;
        this.controlPartition = controlPartition;
        this.settlement = settlement;
        this.lineage = lineage;
        this.losses = losses;
        surveys.answer(TOPIC, this::answer);
    }

    /**
     * @param followers all of this node
     * @param lost is called with each handover in which anything may have been lost
     */
    void start(Supplier<? extends Collection<? extends FollowedStream>> followers, Consumer<Handover> lost) {
        this.lost = lost;
        settlement.start(followers, this::settled);
    }

    void stop() {
        stopped = true;
        settlement.stop();
    }

    @Override
    public @Nullable Verdict of(Handover handover) {
        return verdicts.get(handover);
    }

    /**
     * Returns whether the slot of a stream moved away from a primary that lives, as a round says that began after the
     * stream was read. The primary that it moved to may have been replaced since. Waits while the first may be one that
     * the second has replaced.
     */
    Mono<Boolean> isMove(Handover handover) {
        return Mono.defer(() -> lineage.hasEnded(handover.from())
                        ? Mono.just(false)
                        : settlement.rounds().next().flatMap(round -> Mono.justOrEmpty(isMove(handover, round))))
                .repeatWhenEmpty(MOVE_REPEATS, empty -> empty.delayElements(PAUSE, scripts.scheduler()))
                .defaultIfEmpty(false)
                .onErrorReturn(false);
    }

    /** Returns {@code null} if another round has to be made. */
    private @Nullable Boolean isMove(Handover handover, ReplicationRounds.Round round) {
        if (!round.reports(handover.from()) || !lineage.isUsedOrContinued(handover.to(), round)) {
            return false;
        }
        if (!lineage.isContinued(handover.from(), handover.to())) {
            return true;
        }
        return round.reports(handover.to()) ? null : false;
    }

    /** Comes to a verdict; empty if that is not possible soon. Never fails. */
    Mono<Verdict> judge(Handover handover) {
        return Mono.defer(() -> {
            Verdict known = verdicts.get(handover);
            if (known != null) {
                return Mono.just(known);
            }
            if (handover.from().equals(handover.to()) || handover.from().equals(Generation.UNKNOWN)) {
                return Mono.empty();
            }
            return asked.computeIfAbsent(
                    handover,
                    unused -> find(handover)
                            .doFinally(signal -> asked.remove(handover))
                            .cache());
        });
    }

    private Mono<Verdict> find(Handover handover) {
        return Mono.defer(() -> attempt(handover))
                .repeatWhenEmpty(Integer.MAX_VALUE, empty -> empty.delayElements(PAUSE, scripts.scheduler()))
                .timeout(PATIENCE, Mono.empty(), scripts.scheduler())
                .onErrorResume(error -> Mono.empty())
                .doOnNext(verdict -> decided(handover, verdict));
    }

    private void decided(Handover handover, Verdict verdict) {
        if (verdicts.size() >= MOST) {
            verdicts.clear();
        }
        if (verdict != Verdict.LOST) {
            // What a node that had been silent said meanwhile is the last word.
            verdicts.putIfAbsent(handover, verdict);
        } else if (verdicts.put(handover, verdict) != Verdict.LOST) {
            losses.forgotten();
            lost.accept(handover);
        }
    }

    /** Returns an empty {@code Mono} if it has to be tried again. */
    private Mono<Verdict> attempt(Handover handover) {
        String former = lineage.predecessorOf(handover.to());
        if (former != null && lineage.isHandedOn(handover.from(), handover.to())) {
            // By way of a generation between them.
            return both(new Handover(handover.from(), former), new Handover(former, handover.to()));
        }
        String heir = settlement.successorInUse(handover.from());
        if (heir != null && !heir.equals(handover.to()) && !handover.from().equals(former)) {
            // The slot moved from the successor, if that lives, as a round says that began after the stream was read.
            Handover before = new Handover(handover.from(), heir);
            return settlement
                    .rounds()
                    .next()
                    .filter(round -> round.reports(heir) && round.reports(handover.to()))
                    .flatMap(round -> judge(before));
        }
        return noted(handover).switchIfEmpty(Mono.defer(() -> ask(handover)));
    }

    private Mono<Verdict> both(Handover first, Handover second) {
        return judge(first).flatMap(one -> judge(second).map(other -> one.compareTo(other) >= 0 ? one : other));
    }

    private Mono<Verdict> noted(Handover handover) {
        return commands.run(
                        "Reading the generation notes, of bus",
                        "control",
                        () -> redis.commands(controlPartition).hget(keys.generations(), field(handover)),
                        Handovers::read)
                .onErrorResume(error -> Mono.empty());
    }

    private static @Nullable Verdict read(byte @Nullable [] noted) {
        if (noted == null || noted.length != 1) {
            return null;
        }
        return switch (noted[0]) {
            case 'w' -> Verdict.WHOLE;
            case 'a' -> Verdict.WHOLE_BUT_FOR_ABSENT;
            case 'l' -> Verdict.LOST;
            default -> null;
        };
    }

    private static byte[] write(Verdict verdict) {
        return switch (verdict) {
            case WHOLE -> new byte[] {'w'};
            case WHOLE_BUT_FOR_ABSENT -> new byte[] {'a'};
            case LOST -> new byte[] {'l'};
        };
    }

    private static byte[] field(Handover handover) {
        return (handover.from() + '>' + handover.to()).getBytes(StandardCharsets.US_ASCII);
    }

    private Mono<Verdict> ask(Handover handover) {
        return surveys.ask(TOPIC, question(handover, false))
                .flatMap(answers -> Mono.justOrEmpty(decide(handover, answers)))
                .flatMap(verdict -> note(handover, verdict).thenReturn(verdict));
    }

    private static byte[] question(Handover handover, boolean forgotten) {
        return new BinaryOutput(32)
                .text(handover.from())
                .text(handover.to())
                .truth(forgotten)
                .toBytes();
    }

    /** Returns {@code null} while a node that may know has not answered. */
    private @Nullable Verdict decide(Handover handover, SurveyAnswers answers) {
        boolean witnessed = lineage.knows(handover.from());
        boolean forgotten = false;
        boolean pending = false;
        Set<String> members = new HashSet<>(surveys.members().present());
        for (byte[] answer : answers.replies().values()) {
            BinaryInput input = new BinaryInput(answer, 0);
            Answer said = Answer.values()[Math.min(input.octet(), Answer.PENDING.ordinal())];
            forgotten |= said == Answer.FORGOTTEN;
            pending |= said == Answer.PENDING;
            witnessed |= input.truth();
            for (int left = input.count(); left > 0; left--) {
                String member = input.text();
                if (!surveys.members().hasLeft(member)) {
                    members.add(member);
                }
            }
        }
        if (forgotten) {
            return Verdict.LOST;
        }
        boolean all = !pending && answers.replies().keySet().containsAll(members);
        if (!all || !(witnessed || surveys.members().isComplete())) {
            logger.debug(
                    "Not known yet whether {} is complete: {} of {} nodes replied",
                    handover,
                    answers.replies().size(),
                    members);
            return null;
        }
        return witnessed && !surveys.members().hasSilent() ? Verdict.WHOLE : Verdict.WHOLE_BUT_FOR_ABSENT;
    }

    private Mono<Void> note(Handover handover, Verdict verdict) {
        byte[] key = keys.generations();
        return commands.<Boolean, Void>run(
                        "Writing the generation notes, of bus",
                        "control",
                        () -> {
                            RedisClusterAsyncCommands<byte[], byte[]> commands = redis.commands(controlPartition);
                            if (verdict == Verdict.LOST) {
                                commands.hset(key, field(handover), write(verdict));
                            } else {
                                commands.hsetnx(key, field(handover), write(verdict));
                            }
                            return commands.pexpire(key, KEPT_MILLIS);
                        },
                        set -> null)
                .onErrorResume(error -> Mono.empty());
    }

    private Mono<byte[]> answer(byte[] message) {
        BinaryInput input = new BinaryInput(message, 0);
        String ended = input.text();
        String successor = input.text();
        if (input.truth()) {
            decided(new Handover(ended, successor), Verdict.LOST);
        }
        conclude(new Handover(ended, successor), LATER);
        return settlement.answer(ended, successor).map(said -> {
            Collection<String> members = surveys.members().present();
            BinaryOutput answer = new BinaryOutput(16 + 40 * members.size())
                    .octet(said.ordinal())
                    .truth(lineage.knows(ended))
                    .number(members.size());
            members.forEach(answer::text);
            return answer.toBytes();
        });
    }

    /** This node has settled a generation, so it can soon be known of all nodes: before anybody waits for it. */
    private void settled(String ended, Collection<String> successors) {
        for (String successor : successors) {
            Handover handover = new Handover(ended, successor);
            settlement
                    .answer(ended, successor)
                    .subscribe(
                            answer -> {
                                if (answer == Answer.FORGOTTEN) {
                                    announce(handover);
                                } else {
                                    conclude(handover, SOON);
                                }
                            },
                            error -> logger.debug("{}: {}", handover, error.toString()));
        }
    }

    /**
     * This node has forgotten what it saw. The others may have come to a verdict without it, if it was silent for long.
     */
    private void announce(Handover handover) {
        decided(handover, Verdict.LOST);
        note(handover, Verdict.LOST)
                .then(surveys.ask(TOPIC, question(handover, true)))
                .filter(SurveyAnswers::complete)
                .switchIfEmpty(Mono.error(() -> new EngineException("Not every node was notified")))
                .retryWhen(Retry.backoff(REPEATS, FIRST_REPEAT)
                        .maxBackoff(LONGEST_REPEAT)
                        .scheduler(scripts.scheduler())
                        .filter(error -> !stopped))
                .subscribe(heard -> {}, error -> logger.debug("{}: {}", handover, error.toString()));
    }

    /** Comes to a verdict some time, so that this node notifies its subscribers if it is a loss. */
    private void conclude(Handover handover, Duration delay) {
        if (handover.from().equals(handover.to()) || verdicts.containsKey(handover) || !concluding.add(handover)) {
            return;
        }
        // Not all nodes at the same moment: most then find what the first has noted.
        long millis = delay.toMillis() + ThreadLocalRandom.current().nextLong(1 + delay.toMillis() / 2);
        Mono.delay(Duration.ofMillis(millis), scripts.scheduler())
                .then(Mono.defer(() -> judge(handover)))
                .switchIfEmpty(Mono.error(() -> new EngineException("The result is not known yet")))
                .retryWhen(Retry.backoff(REPEATS, FIRST_REPEAT)
                        .maxBackoff(LONGEST_REPEAT)
                        .scheduler(scripts.scheduler())
                        .filter(error -> !stopped))
                .doFinally(signal -> concluding.remove(handover))
                .subscribe(
                        verdict -> logger.debug("{}: {}", handover, verdict),
                        error -> logger.debug("{}: {}", handover, error.toString()));
    }
}
