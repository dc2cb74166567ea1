package dev.realtime.engine.redis.epoch;

import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.broker.Fingerprints;
import dev.realtime.engine.redis.control.Surveys;
import dev.realtime.engine.redis.generation.Generation;
import dev.realtime.engine.redis.generation.Generations;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.monitor.LossLog;
import dev.realtime.engine.redis.monitor.RedisStatistics;
import dev.realtime.engine.redis.monitor.RedisStatistics.Event;
import dev.realtime.engine.redis.script.RedisCommands;
import dev.realtime.engine.redis.script.RedisScripts;
import dev.realtime.engine.redis.stream.PastEpoch;
import dev.realtime.engine.redis.stream.PastEpoch.Handover;
import dev.realtime.engine.redis.stream.PastEpoch.Open;
import dev.realtime.engine.redis.stream.PastEpoch.Verdict;
import dev.realtime.engine.redis.stream.StreamRead;
import dev.realtime.engine.redis.stream.StreamScripts;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Verdicts on whether epochs ended whole, and notes of losses in the streams.
 *
 * <p><b>State.</b> When Redis continues in another generation (a replica was promoted, a server came back with its
 * data, a slot moved), a script ends the epoch of a stream at the last offset that the new generation has, its
 * boundary, and begins the next there. Whether publications beyond the boundary existed, Redis cannot know. The nodes
 * can.
 *
 * <pre>
 *   epoch e1   p1 p2 p3 p4 | p5 p6          acknowledged, and seen by node B; the promoted replica lacks p5 and p6
 *   epoch e2               | q5 q6 q7       continues at the boundary, 4
 *
 *   a client at (3, e1) comes back: p4 q5 q6 q7 would look whole, but p5 and p6 are lost. B has noted 6,
 *   so the client is notified.
 * </pre>
 *
 * <p><b>Order.</b>
 *
 * <ol>
 *   <li>Each node settles the generation that ended ({@link Settlement}): what it saw and the new generation may lack
 *       it searches for, and a loss is noted in the stream. With the note another epoch begins that no client can
 *       recover into, so that all subscribers are notified.
 *   <li>All nodes together come to a verdict on the handover ({@link Handovers}), once for all channels.
 *   <li>A client that comes back over a boundary waits for that verdict, if it is not known yet. It recovers if no loss
 *       is noted in its stream afterwards.
 *   <li>Subscribers that are there follow into the next epoch immediately; a loss found later notifies them.
 * </ol>
 *
 * <p><b>Failure.</b> As long as every node that saw a publication lives until it has settled the generation, which
 * takes a second or two, no subscriber misses it without being notified; and where nothing was lost no subscriber is
 * notified. A node settles what it knows before it leaves in good order, and acknowledges nothing of a generation that
 * has ended.
 *
 * <p>These are the rules of {@code FenceModel} in the tests, which visits all orders of steps.
 *
 * <p>Without the right to call {@code INFO} in scripts there are no generations; then only {@link Fingerprints} find a
 * rollback.
 */
public final class EpochFence implements EpochNotes {

    private static final Logger logger = LoggerFactory.getLogger(EpochFence.class);

    /** After so many failures to note a loss the log says so: about half a minute. */
    private static final int RETRIES_BEFORE_LOG = 8;

    private static final Duration RETRY_PAUSE = Duration.ofMillis(300);

    private static final Duration LONGEST_RETRY_PAUSE = Duration.ofSeconds(5);

    private static final int ENDS_AT_ONCE = 32;

    /** Scripts in progress at one time that read what streams know of a handover. */
    private static final int READS_AT_ONCE = 8;

    /** Longest wait for all verdicts that a client needs to continue. */
    private static final Duration LONGEST_JUDGEMENT = Duration.ofSeconds(6);

    private final RedisScripts scripts;

    private final StreamScripts streams;

    private final RedisStatistics statistics;

    private final Generations seen;

    private final Settlement settlement;

    private final Handovers handovers;

    private final LossLog losses;

    private volatile Supplier<? extends Collection<? extends FollowedStream>> followers = List::of;

    private volatile boolean stopped;

    /**
     * @param partitions number of them, the control bus included, which is the last
     * @param clock nanoseconds, as {@link System#nanoTime()}
     */
    public EpochFence(
            RedisKeys redisKeys,
            RedisScripts scripts,
            RedisCommands commands,
            StreamScripts streams,
            Generations seen,
            Surveys surveys,
            int partitions,
            LongSupplier clock) {
        this.scripts = scripts;
        this.streams = streams;
        this.statistics = scripts.statistics();
        this.seen = seen;
        this.losses = new LossLog(statistics);
        Lineage lineage = new Lineage(seen);
        this.settlement = new Settlement(
                redisKeys,
                scripts,
                seen,
                lineage,
                partitions,
                new TailCheck(redisKeys, scripts, streams, seen, this),
                clock);
        this.handovers =
                new Handovers(redisKeys, scripts, commands, surveys, partitions - 1, settlement, lineage, losses);
    }

    /** @param followers all of this node */
    public void start(Supplier<? extends Collection<? extends FollowedStream>> followers) {
        this.followers = followers;
        handovers.start(followers, this::lost);
    }

    public void stop() {
        stopped = true;
        handovers.stop();
    }

    /**
     * Settles what this node saw, before it leaves, and has nothing acknowledged afterwards; whether all is settled.
     */
    public Mono<Boolean> finish(Duration longest) {
        return settlement.leaving().finish(longest, seen::close);
    }

    /** The verdicts that are known. */
    public PastEpoch.Verdicts verdicts() {
        return handovers;
    }

    /**
     * Finds out what became of epochs. Afterwards the stream has to be read again.
     *
     * @return whether all is known now; never fails
     */
    public Mono<Boolean> judge(RedisKeys.ChannelKeys keys, String channel, List<Open> open) {
        return Flux.fromIterable(open)
                .concatMap(one -> handovers
                        .isMove(one.handover())
                        .flatMap(moved -> moved
                                // Noted, so that it does not matter what becomes of that primary later.
                                ? note(keys, channel, Map.of(one.epoch(), seen.seen(channel, one.epoch())))
                                        .thenReturn(Verdict.WHOLE)
                                : handovers.judge(one.handover())))
                .count()
                .map(known -> known == open.size())
                .timeout(LONGEST_JUDGEMENT, scripts.scheduler())
                .onErrorReturn(false)
                .doOnNext(all -> {
                    if (!all) {
                        losses.notKnown(channel);
                    }
                });
    }

    /** Notes in a stream how far past epochs were seen; if that is more than was kept, everybody is notified. */
    Mono<Void> note(RedisKeys.ChannelKeys keys, String channel, Map<String, Long> seenByAny) {
        return scripts.run(streams.noteSeen(channel, keys, seenByAny))
                .doOnNext(begun -> {
                    if (begun == 1) {
                        losses.found(channel);
                    }
                })
                .then();
    }

    /**
     * Ends an epoch of a stream so that everybody is notified, unless that has been done already.
     *
     * @return {@code false} if the stream does not know this epoch, so that it has to be read again
     */
    Mono<Boolean> end(RedisKeys.ChannelKeys keys, String channel, String epoch) {
        return scripts.run(streams.endEpoch(channel, keys, epoch)).map(ended -> {
            if (ended == 1) {
                losses.found(channel);
            }
            return ended >= 0;
        });
    }

    /**
     * Handles a generation of which any publication may be lost, while no node remembers which. All subscribers of
     * streams that were continued in its successor are notified, also later ones: a server that was cut off may have
     * acknowledged publications until all nodes had left it. Streams that began in the successor, or came to it from
     * another one, lost nothing.
     */
    private void lost(Handover handover) {
        Map<Integer, List<FollowedStream>> concerned = List.<FollowedStream>copyOf(followers.get()).stream()
                .filter(follower -> isOfOrAfter(follower.epoch(), handover.to()))
                .collect(Collectors.groupingBy(follower -> follower.keys().partition()));
        Flux.fromIterable(concerned.values())
                .flatMap(
                        ofPartition -> Flux.fromIterable(ofPartition)
                                .buffer(StreamScripts.MOST_CHANNELS)
                                .concatMap(batch -> endLost(batch, handover)),
                        READS_AT_ONCE)
                .subscribe();
    }

    private boolean isOfOrAfter(String epoch, String id) {
        Generation generation = seen.get(Generation.of(epoch));
        return epoch.startsWith(id) || (generation != null && seen.isContinued(id, generation));
    }

    private Mono<Void> endLost(List<FollowedStream> batch, Handover handover) {
        byte[][] metas = batch.stream().map(follower -> follower.keys().meta()).toArray(byte[][]::new);
        return scripts.run(streams.epochs(batch.get(0).keys().partition(), metas))
                .retryWhen(
                        untilNoted(batch.get(0).channel(), () -> !batch.stream().allMatch(FollowedStream::isClosed)))
                .flatMapMany(reply -> Flux.range(0, batch.size())
                        .flatMap(
                                i -> {
                                    StreamRead read = StreamScripts.epochsOf(reply, i);
                                    return PastEpoch.isOpen(read.past(), read.position(), handover)
                                            ? endLost(
                                                    batch.get(i),
                                                    read.position().epoch())
                                            : Mono.empty();
                                },
                                ENDS_AT_ONCE))
                .onErrorResume(error -> givenUp(batch.get(0).channel(), error))
                .then();
    }

    private Mono<Void> endLost(FollowedStream follower, String epoch) {
        return end(follower.keys(), follower.channel(), epoch)
                .then()
                .retryWhen(untilNoted(follower.channel(), () -> !follower.isClosed()))
                .onErrorResume(error -> givenUp(follower.channel(), error));
    }

    @Override
    public void epochContinued(FollowedStream follower, String from, StreamRead read) {
        // A loss that is known by now could not end this epoch, which had not begun.
        if (PastEpoch.isLost(read.past(), read.position(), from, handovers)) {
            endLost(follower, read.position().epoch()).subscribe();
        }
    }

    @Override
    public int tick() {
        return seen.tick();
    }

    @Override
    public boolean hasEnded(String epoch) {
        return seen.hasEnded(epoch);
    }

    @Override
    public void saw(FollowedStream follower, StreamPosition position, int when) {
        seen.saw(follower.channel(), position.epoch(), position.offset(), when);
    }

    @Override
    public void epochEnded(FollowedStream follower, StreamPosition position, int when, List<PastEpoch> past) {
        PastEpoch left = PastEpoch.find(past, position.epoch());
        if (left == null || position.offset() > left.boundary()) {
            // What the next generation has needs no note: there it is noted when that ends.
            saw(follower, position, when);
        }
        if (left != null) {
            statistics.count(Event.NEW_GENERATION);
        }
        learn(follower.keys(), follower.channel(), past);
    }

    /** The stream of a channel has these past epochs: what this node saw beyond them is lost. */
    private void learn(RedisKeys.ChannelKeys keys, String channel, List<PastEpoch> past) {
        Map<String, Long> more = new LinkedHashMap<>();
        for (PastEpoch ended : past) {
            long offset = seen.seen(channel, ended.epoch());
            if (offset > Math.max(ended.boundary(), ended.seen())) {
                more.put(ended.epoch(), offset);
            }
        }
        if (!more.isEmpty()) {
            note(keys, channel, more)
                    .retryWhen(untilNoted(channel, () -> true))
                    .onErrorResume(error -> givenUp(channel, error))
                    .subscribe();
        }
    }

    /**
     * Tries again until it succeeds or this node stops: as long as Redis refuses writes, for want of memory or
     * replicas.
     *
     * @param needed whether any subscriber would still be notified
     */
    private Retry untilNoted(String channel, BooleanSupplier needed) {
        return Retry.backoff(Long.MAX_VALUE, RETRY_PAUSE)
                .maxBackoff(LONGEST_RETRY_PAUSE)
                .scheduler(scripts.scheduler())
                .filter(error -> !stopped && needed.getAsBoolean())
                .doBeforeRetry(signal -> {
                    if (signal.totalRetries() == RETRIES_BEFORE_LOG) {
                        logger.error(
                                "Redis lost publications of channel '{}', and the loss cannot be recorded in Redis. Its"
                                        + " subscribers are notified as soon as Redis accepts writes again: {}",
                                channel,
                                signal.failure().toString());
                    }
                });
    }

    private static <T> Mono<T> givenUp(String channel, Throwable error) {
        logger.debug("Stopped recording a loss in channel '{}': {}", channel, error.toString());
        return Mono.empty();
    }

    @Override
    public void rolledBack(FollowedStream follower, String epoch) {
        end(follower.keys(), follower.channel(), epoch)
                .retryWhen(untilNoted(follower.channel(), () -> true))
                .onErrorResume(error -> givenUp(follower.channel(), error))
                .subscribe();
    }
}
