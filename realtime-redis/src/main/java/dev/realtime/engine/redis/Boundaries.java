package dev.realtime.engine.redis;

import dev.realtime.engine.redis.RedisStatistics.Event;
import dev.realtime.protocol.StreamPosition;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Finds out whether an epoch ended whole.
 *
 * <p>When Redis goes on in another generation (a replica was promoted, a server came back with its data, a slot moved), a script
 * ends the epoch of a stream at the last offset that the new generation has, its boundary, and begins the next there. Whether
 * publications beyond the boundary existed, Redis cannot know. The nodes can: each knows how far it saw an epoch.
 *
 * <pre>
 *   epoch e1   p1 p2 p3 p4 | p5 p6          acknowledged, and seen by node B; the promoted replica lacks p5 and p6
 *   epoch e2               | q5 q6 q7       goes on at the boundary, 4
 *
 *   a client at (3, e1) comes back: p4 q5 q6 q7 would look whole, but p5 and p6 are lost. B says 6, so it is told.
 * </pre>
 *
 * <p>The promise: as long as every node that saw a publication lives, nobody recovers over the end of an epoch that lost an
 * acknowledged publication; and where nothing was lost, and all nodes that live say so within three seconds, everybody does. A
 * node that has ended cannot be asked. A node that knows where an epoch ended acknowledges nothing beyond. One that finds later that
 * it had seen more, since it was cut off from the others, says so, and then everybody is told: an epoch begins into which nobody goes
 * on. The answers are noted in the stream, so nodes are asked once.
 *
 * <p>These are the rules of {@code FenceModel} in the tests, which visits all orders of steps.
 *
 * <p>Without the right to call {@code INFO} in scripts there are no generations; then only {@link Fingerprints} tell.
 */
final class Boundaries {

    private static final Logger logger = LoggerFactory.getLogger(Boundaries.class);

    private static final Duration ASKING = Duration.ofSeconds(5);

    /** How often it is tried to note a loss, with growing pauses: a minute and a half. */
    private static final int REPORTS = 8;

    private static final Duration RETRY_PAUSE = Duration.ofMillis(300);

    private final RedisScripts scripts;

    private final StreamScripts streams;

    private final RedisStatistics statistics;

    private final SeenOffsets seen;

    private final BoundaryQuestions questions;

    private final LossLog losses;

    /** Streams whose nodes are being asked. */
    private final Map<Name, Mono<Boolean>> underWay = new ConcurrentHashMap<>();

    /** @param feeds finds the feed of a name */
    Boundaries(RedisParts parts, Surveys surveys, Function<Name, @Nullable ChannelFeed> feeds) {
        this.scripts = parts.scripts();
        this.streams = parts.streams();
        this.statistics = parts.statistics();
        this.seen = parts.seen();
        this.questions = new BoundaryQuestions(parts, surveys, feeds);
        this.losses = new LossLog(parts.statistics());
    }

    /**
     * Has it noted in the stream how far the nodes had seen those past epochs of which it is not known; whether all of them said
     * so. Asks once for all who want to know at the same time. Never fails.
     */
    Mono<Boolean> settle(RedisKeys.ChannelKeys keys, String channel, List<PastEpoch> past) {
        return Mono.defer(() -> {
            Name name = new Name(keys.name());
            return underWay.computeIfAbsent(
                    name,
                    unused -> ask(keys, channel, past)
                            .timeout(ASKING, scripts.scheduler())
                            .onErrorResume(error -> {
                                losses.notKnown(channel, error.toString());
                                return Mono.just(false);
                            })
                            .doFinally(signal -> underWay.remove(name))
                            .cache());
        });
    }

    private Mono<Boolean> ask(RedisKeys.ChannelKeys keys, String channel, List<PastEpoch> past) {
        List<PastEpoch> open = past.stream().filter(epoch -> !epoch.isSettled()).toList();
        return questions.ask(keys, open).flatMap(seenByAny -> {
            if (seenByAny.isEmpty()) {
                losses.notKnown(channel, "not every node that lives answered");
                return Mono.just(false);
            }
            return note(keys, channel, seenByAny).thenReturn(true);
        });
    }

    private Mono<Void> note(RedisKeys.ChannelKeys keys, String channel, Map<String, Long> seenByAny) {
        return scripts.run(streams.noteSeen(channel, keys, seenByAny))
                .doOnNext(begun -> {
                    if (begun == 1) {
                        losses.found(channel);
                    }
                })
                .then();
    }

    /** A feed of this node has seen this much of its stream. */
    void saw(ChannelFeed feed, StreamPosition position) {
        seen.saw(feed.keys().hash(), position.epoch(), position.offset());
    }

    /** A feed of this node finds that its stream went on under another epoch. */
    void epochEnded(ChannelFeed feed, StreamPosition stoodAt, List<PastEpoch> past) {
        saw(feed, stoodAt);
        if (past.stream().anyMatch(ended -> ended.epoch().equals(stoodAt.epoch()))) {
            statistics.count(Event.NEW_GENERATION);
        }
        learn(feed.keys(), feed.channel(), past);
    }

    /** The stream of a channel has these past epochs: nothing beyond them counts here any more, and what was seen beyond is told. */
    void learn(RedisKeys.ChannelKeys keys, String channel, List<PastEpoch> past) {
        Map<String, Long> more = new LinkedHashMap<>();
        for (PastEpoch ended : past) {
            long offset = seen.end(keys.hash(), ended.epoch(), ended.boundary());
            if (offset > Math.max(ended.boundary(), ended.seen())) {
                more.put(ended.epoch(), offset);
            }
        }
        if (!more.isEmpty()) {
            report(keys, channel, more);
        }
    }

    private void report(RedisKeys.ChannelKeys keys, String channel, Map<String, Long> more) {
        note(keys, channel, more)
                .retryWhen(Retry.backoff(REPORTS, RETRY_PAUSE).scheduler(scripts.scheduler()))
                .subscribe(
                        nothing -> {},
                        error -> logger.error(
                                "Redis lost publications of channel '{}', and that could not be noted there. Subscribers that do not"
                                        + " come back by this node are not told: {}",
                                channel,
                                error.toString()));
    }

    /** A feed found that offsets of its epoch were given away twice. */
    void rolledBack(ChannelFeed feed, String epoch) {
        scripts.run(streams.endEpoch(feed.channel(), feed.keys(), epoch))
                .doOnNext(ended -> {
                    if (ended == 1) {
                        losses.found(feed.channel());
                    }
                })
                .retryWhen(Retry.backoff(REPORTS, RETRY_PAUSE).scheduler(scripts.scheduler()))
                .subscribe(
                        ended -> {},
                        error -> logger.error(
                                "Redis gave places of channel '{}' away twice, and another epoch could not be begun: {}",
                                feed.channel(),
                                error.toString()));
    }
}
