package dev.realtime.engine.redis;

import dev.realtime.engine.EngineException;
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

    /** Topic of the question how far an epoch was seen. */
    static final int TOPIC = 2;

    /** Noted where a node that lives cannot know any more: as good as lost. As in open-stream.lua. */
    private static final long BEYOND = (1L << 53) - 1;

    private static final Logger logger = LoggerFactory.getLogger(Boundaries.class);

    private static final Duration ASKING = Duration.ofSeconds(4);

    /** How often it is tried to note a loss, with growing pauses: a minute and a half. */
    private static final int REPORTS = 8;

    private static final Duration RETRY_PAUSE = Duration.ofMillis(300);

    private final RedisScripts scripts;

    private final StreamScripts streams;

    private final RedisStatistics statistics;

    private final SeenOffsets seen;

    private final Surveys surveys;

    private final Function<Name, @Nullable ChannelFeed> feeds;

    /** Streams whose nodes are being asked. */
    private final Map<Name, Mono<Boolean>> underWay = new ConcurrentHashMap<>();

    /** @param feeds finds the feed of a name */
    Boundaries(RedisParts parts, Surveys surveys, Function<Name, @Nullable ChannelFeed> feeds) {
        this.scripts = parts.scripts();
        this.streams = parts.streams();
        this.statistics = parts.statistics();
        this.seen = parts.seen();
        this.surveys = surveys;
        this.feeds = feeds;
        surveys.answer(TOPIC, this::answer);
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
                            .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, RETRY_PAUSE)
                                    .scheduler(scripts.scheduler())
                                    .filter(EngineException.class::isInstance))
                            .timeout(ASKING, scripts.scheduler())
                            .doOnError(error -> logger.warn(
                                    "How far the nodes had seen channel '{}' could not be found out, so clients that come back are told"
                                            + " that they may have missed something: {}",
                                    channel,
                                    error.toString()))
                            .onErrorReturn(false)
                            .doFinally(signal -> underWay.remove(name))
                            .cache());
        });
    }

    private Mono<Boolean> ask(RedisKeys.ChannelKeys keys, String channel, List<PastEpoch> past) {
        List<PastEpoch> open = past.stream().filter(epoch -> !epoch.isSettled()).toList();
        BinaryOutput question =
                new BinaryOutput(128).number(keys.hash()).block(keys.name()).number(open.size());
        open.forEach(epoch -> question.text(epoch.epoch()).number(epoch.boundary()));
        return surveys.ask(TOPIC, question.toBytes()).flatMap(answers -> {
            if (!answers.complete()) {
                logger.warn(
                        "Not every node said how far it had seen channel '{}' before Redis changed, so clients that come back are"
                                + " told that they may have missed something",
                        channel);
                return Mono.just(false);
            }
            long[] highest = new long[open.size()];
            answers.answers().values().forEach(answer -> raise(highest, answer));
            Map<String, Long> seenByAny = new LinkedHashMap<>();
            for (int i = 0; i < highest.length; i++) {
                seenByAny.put(open.get(i).epoch(), highest[i]);
            }
            return note(keys, channel, seenByAny).thenReturn(true);
        });
    }

    private static void raise(long[] highest, byte[] answer) {
        BinaryInput input = new BinaryInput(answer, 0);
        for (int i = 0; i < highest.length; i++) {
            long offset = input.truth() ? input.number() : BEYOND;
            highest[i] = Math.max(highest[i], offset);
        }
    }

    private Mono<Void> note(RedisKeys.ChannelKeys keys, String channel, Map<String, Long> seenByAny) {
        return scripts.run(streams.noteSeen(channel, keys, seenByAny))
                .doOnNext(begun -> {
                    if (begun == 1) {
                        statistics.count(Event.ROLLBACK_FOUND);
                        logger.warn(
                                "Redis lost publications of channel '{}' when it changed its primary or came back with older data."
                                        + " Subscribers are told that they missed something",
                                channel);
                    }
                })
                .then();
    }

    /** A node asks how far this one saw some epochs of a channel. */
    private Mono<byte[]> answer(byte[] question) {
        BinaryInput input = new BinaryInput(question, 0);
        long channel = input.number();
        Name name = new Name(input.block());
        Map<String, Long> epochs = new LinkedHashMap<>();
        for (int left = input.count(); left > 0; left--) {
            epochs.put(input.text(), input.number());
        }
        ChannelFeed feed = feeds.apply(name);
        Mono<Void> sealed =
                feed == null ? Mono.empty() : Mono.create(sink -> feed.seal(epochs.keySet(), sink::success));
        return sealed.then(Mono.fromSupplier(() -> answer(channel, epochs)));
    }

    private byte[] answer(long channel, Map<String, Long> epochs) {
        BinaryOutput answer = new BinaryOutput(32);
        epochs.forEach((epoch, boundary) -> {
            long offset = seen.end(channel, epoch, boundary);
            answer.truth(offset != SeenOffsets.UNKNOWN);
            if (offset != SeenOffsets.UNKNOWN) {
                answer.number(offset);
            }
        });
        return answer.toBytes();
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
                        statistics.count(Event.ROLLBACK_FOUND);
                        logger.warn(
                                "Redis gave places of channel '{}' away twice, so it came back with older data. Subscribers are told"
                                        + " that they missed something",
                                feed.channel());
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
