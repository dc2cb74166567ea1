package dev.realtime.engine.redis;

import dev.realtime.engine.redis.RedisStatistics.Event;
import dev.realtime.protocol.StreamPosition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

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
 * node that has ended cannot be asked. A node that was asked counts nothing of that epoch afterwards: what it still receives is
 * dropped, and what it still gets acknowledged fails. The answer is noted in the stream, so nodes are asked once. A node that finds
 * by itself that it saw more than was kept says so, also when others have recovered over it before: with every loss that is
 * found the stream goes on under yet another epoch, which nobody recovers into.
 *
 * <p>Without the right to call {@code INFO} in scripts there are no generations, and none of this happens.
 */
final class Boundaries {

    /** Topic of the question how far an epoch was seen. */
    static final int TOPIC = 2;

    /** Noted where a node that lives cannot know any more: as good as lost. The largest number that scripts can compare. */
    private static final long BEYOND = (1L << 53) - 1;

    private static final Logger logger = LoggerFactory.getLogger(Boundaries.class);

    private final RedisScripts scripts;

    private final StreamScripts streams;

    private final RedisStatistics statistics;

    private final SeenOffsets seen;

    private final Surveys surveys;

    private final Function<Name, @Nullable ChannelFeed> feeds;

    /** Streams whose nodes are being asked. */
    private final Map<Name, Mono<List<PastEpoch>>> underWay = new ConcurrentHashMap<>();

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

    /** The past of a stream with all that can be known of it. Never fails: then it is as it was. */
    Mono<List<PastEpoch>> settle(RedisKeys.ChannelKeys keys, String channel, List<PastEpoch> past) {
        return Mono.defer(() -> {
            Name name = new Name(keys.name());
            return underWay.computeIfAbsent(
                    name,
                    unused -> ask(keys, channel, past)
                            .doOnError(error -> logger.warn(
                                    "How far the nodes had seen channel '{}' could not be found out, so clients that come back are told"
                                            + " that they may have missed something: {}",
                                    channel,
                                    error.toString()))
                            .onErrorReturn(past)
                            .doFinally(signal -> underWay.remove(name))
                            .cache());
        });
    }

    private Mono<List<PastEpoch>> ask(RedisKeys.ChannelKeys keys, String channel, List<PastEpoch> past) {
        List<PastEpoch> open = past.stream().filter(epoch -> !epoch.isSettled()).toList();
        BinaryOutput question =
                new BinaryOutput(128).number(keys.hash()).block(keys.name()).number(open.size());
        open.forEach(epoch -> question.text(epoch.epoch()));
        return surveys.ask(TOPIC, question.toBytes()).flatMap(answers -> {
            if (!answers.complete()) {
                logger.warn(
                        "Not every node said how far it had seen channel '{}' before Redis changed, so clients that come back are"
                                + " told that they may have missed something",
                        channel);
                return Mono.just(past);
            }
            long[] highest = new long[open.size()];
            answers.answers().values().forEach(answer -> raise(highest, answer));
            return Flux.range(0, highest.length)
                    .concatMap(i -> note(keys, channel, open.get(i).epoch(), highest[i]))
                    .last(past);
        });
    }

    private static void raise(long[] highest, byte[] answer) {
        BinaryInput input = new BinaryInput(answer, 0);
        for (int i = 0; i < highest.length; i++) {
            long offset = input.truth() ? input.number() : BEYOND;
            highest[i] = Math.max(highest[i], offset);
        }
    }

    private Mono<List<PastEpoch>> note(RedisKeys.ChannelKeys keys, String channel, String epoch, long offset) {
        return scripts.run(streams.settle(channel, keys, epoch, offset))
                .map(noted -> PastEpoch.parse(new String(noted, StandardCharsets.US_ASCII)));
    }

    /** A node asks how far this one saw some epochs of a channel. */
    private Mono<byte[]> answer(byte[] question) {
        BinaryInput input = new BinaryInput(question, 0);
        long channel = input.number();
        Name name = new Name(input.block());
        List<String> epochs = new ArrayList<>();
        for (int left = input.count(); left > 0; left--) {
            epochs.add(input.text());
        }
        ChannelFeed feed = feeds.apply(name);
        Mono<Void> sealed = feed == null ? Mono.empty() : Mono.create(sink -> feed.seal(epochs, sink::success));
        return sealed.then(Mono.fromSupplier(() -> answer(channel, epochs)));
    }

    private byte[] answer(long channel, List<String> epochs) {
        BinaryOutput answer = new BinaryOutput(32);
        for (String epoch : epochs) {
            long offset = seen.seal(channel, epoch);
            answer.truth(offset != SeenOffsets.UNKNOWN);
            if (offset != SeenOffsets.UNKNOWN) {
                answer.number(offset);
            }
        }
        return answer.toBytes();
    }

    /** A feed of this node has seen this much of its stream. */
    void saw(ChannelFeed feed, StreamPosition position) {
        seen.passedOn(feed.keys().hash(), position.epoch(), position.offset());
    }

    /** A feed of this node finds that its stream went on under another epoch than the one it stood in. */
    void epochEnded(ChannelFeed feed, StreamPosition stoodAt, List<PastEpoch> past) {
        saw(feed, stoodAt);
        statistics.count(Event.NEW_GENERATION);
        met(feed.keys(), feed.channel(), past);
    }

    /**
     * This node meets epochs of a stream that ended. They are sealed, and where this node saw more of one than was kept and
     * nobody has said so, it does.
     */
    void met(RedisKeys.ChannelKeys keys, String channel, List<PastEpoch> past) {
        for (PastEpoch ended : past) {
            long offset = seen.sealIfSeen(keys.hash(), ended.epoch());
            if (offset > ended.boundary() && offset > ended.seen()) {
                found(keys, channel, ended, offset);
            }
        }
    }

    private void found(RedisKeys.ChannelKeys keys, String channel, PastEpoch ended, long offset) {
        statistics.count(Event.ROLLBACK_FOUND);
        logger.warn(
                "Redis lost publications {} to {} of channel '{}' when it changed its primary or came back with older data."
                        + " Subscribers are told that they missed something.",
                ended.boundary() + 1,
                offset,
                channel);
        note(keys, channel, ended.epoch(), offset)
                .subscribe(
                        noted -> {},
                        error -> logger.debug("A loss could not be noted, nodes will be asked: {}", error.toString()));
    }
}
