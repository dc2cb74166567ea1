package dev.realtime.engine.redis.epoch;

import dev.realtime.api.client.EngineException;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.generation.Generation;
import dev.realtime.engine.redis.generation.Generations;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.script.RedisScripts;
import dev.realtime.engine.redis.stream.PastEpoch;
import dev.realtime.engine.redis.stream.StreamRead;
import dev.realtime.engine.redis.stream.StreamScripts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Looks for things that this node saw in the streams as they are now, and has noted there what is missing. */
final class TailCheck {

    private static final Logger logger = LoggerFactory.getLogger(TailCheck.class);

    /** Scripts in progress at one time. */
    private static final int CONCURRENCY = 8;

    /** Losses that are being noted at one time. */
    private static final int NOTES = 32;

    private static final Duration PAUSE = Duration.ofMillis(200);

    /** Rounds after which the pause between them is lengthened once more. */
    private static final long ROUNDS_OF_EQUAL_PAUSE = 5;

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final RedisKeys redisKeys;

    private final RedisScripts scripts;

    private final StreamScripts streams;

    private final Generations generations;

    private final EpochFence fence;

    private volatile boolean stopped;

    TailCheck(
            RedisKeys redisKeys,
            RedisScripts scripts,
            StreamScripts streams,
            Generations generations,
            EpochFence fence) {
        this.redisKeys = redisKeys;
        this.scripts = scripts;
        this.streams = streams;
        this.generations = generations;
        this.fence = fence;
    }

    /** Checks nothing any more: what is being checked fails. */
    void stop() {
        stopped = true;
    }

    private record Item(Generation.Seen seen, RedisKeys.ChannelKeys keys, Set<String> successors) {}

    /**
     * Completes when all was found or its loss noted. Servers that cannot be reached, and those that were replaced and
     * do not know, are asked again until then.
     *
     * @param successors generations that took the place of the one that has ended
     */
    Mono<Void> check(List<Generation.Seen> tail, Set<String> successors) {
        return Mono.defer(() -> {
            AtomicReference<List<Item>> open = new AtomicReference<>(tail.stream()
                    .map(seen -> new Item(seen, redisKeys.of(seen.channel()), successors))
                    .toList());
            // A loop: an outage has thousands of rounds, which must not complete one within the other.
            return Mono.defer(() -> checkItems(open.get()))
                    .doOnNext(open::set)
                    .filter(List::isEmpty)
                    .repeatWhenEmpty(
                            Integer.MAX_VALUE,
                            rounds -> rounds.concatMap(round -> Mono.delay(pauseAfter(round), scripts.scheduler())))
                    .then();
        });
    }

    private static Duration pauseAfter(long round) {
        Duration pause = PAUSE.multipliedBy(1 + round / ROUNDS_OF_EQUAL_PAUSE);
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    /** Returns those that have to be looked for again. */
    private Mono<List<Item>> checkItems(List<Item> items) {
        if (stopped) {
            return Mono.error(new EngineException("The engine has stopped"));
        }
        return Flux.fromIterable(batches(items))
                .flatMap(this::open, CONCURRENCY)
                .collectList();
    }

    private static List<List<Item>> batches(List<Item> items) {
        Map<Integer, List<Item>> filling = new HashMap<>();
        List<List<Item>> all = new ArrayList<>();
        for (Item item : items) {
            int partition = item.keys().partition();
            List<Item> batch = filling.get(partition);
            if (batch == null || batch.size() == StreamScripts.MOST_CHANNELS) {
                batch = new ArrayList<>();
                filling.put(partition, batch);
                all.add(batch);
            }
            batch.add(item);
        }
        return all;
    }

    /** Returns those of a batch that have to be looked for again. */
    private Flux<Item> open(List<Item> batch) {
        byte[][] metas = batch.stream().map(item -> item.keys().meta()).toArray(byte[][]::new);
        return scripts.run(streams.epochs(batch.get(0).keys().partition(), metas))
                .flatMapMany(reply -> Flux.range(0, batch.size())
                        .flatMap(i -> compare(batch.get(i), StreamScripts.epochsOf(reply, i)), NOTES))
                .onErrorResume(error -> {
                    logger.debug("Could not read {} streams; retrying: {}", batch.size(), error.toString());
                    return Flux.fromIterable(batch);
                });
    }

    /** Returns the item itself if it has to be looked for again. */
    private Mono<Item> compare(Item item, StreamRead read) {
        Generation.Seen seen = item.seen();
        StreamPosition top = read.position();
        if (top.epoch().isEmpty()) {
            // The stream is gone, so no client recovers in it.
            return Mono.empty();
        }
        if (generations.hasEnded(top.epoch())) {
            return Mono.just(item);
        }
        Mono<Boolean> noted = Mono.just(true);
        PastEpoch past = PastEpoch.find(read.past(), seen.epoch());
        if (past != null) {
            if (seen.offset() > Math.max(past.boundary(), past.seen())) {
                noted = fence.note(item.keys(), seen.channel(), Map.of(seen.epoch(), seen.offset()))
                        .thenReturn(true);
            }
        } else if (!top.epoch().equals(seen.epoch()) && isBeyond(item, read)) {
            noted = fence.end(item.keys(), seen.channel(), top.epoch());
        }
        return noted.flatMap(done -> done ? Mono.<Item>empty() : Mono.just(item))
                .onErrorResume(error -> Mono.just(item));
    }

    /**
     * Returns whether a stream that does not know an epoch may lack publications of it: it was branched off before. A
     * stream that began after the epoch has no past that is older. Where it is not known at which offset the epoch was
     * left (the generation came back, or was not read while the one of the epoch was in use), everything counts as
     * beyond.
     */
    private boolean isBeyond(Item item, StreamRead read) {
        Generation.Seen seen = item.seen();
        Generation of = generations.get(Generation.of(seen.epoch()));
        Generation present = generations.get(Generation.of(read.position().epoch()));
        List<PastEpoch> past = read.past();
        if (of == null) {
            return !past.isEmpty();
        }
        if (present != null && isElsewhere(present, of, item.successors())) {
            return true;
        }
        if (past.isEmpty() || of.isUnconfirmed()) {
            return !past.isEmpty();
        }
        for (int i = past.size() - 1; i >= 0; i--) {
            Generation other = generations.get(past.get(i).generation());
            if (other == of) {
                // Another epoch of the same generation, which may have begun when the stream had lost this one.
                return true;
            }
            if (other != null && other.isOlderThan(of)) {
                // One that is not of the history of this one may have had the stream again after the loss, and its
                // boundary is one of then.
                return other.isRevived()
                        || !generations.isContinued(other.id(), of)
                        || seen.offset() > past.get(i).boundary();
            }
        }
        return true;
    }

    /** Returns whether the former primary is back, or the slot went back to where it had been, without the epoch. */
    private boolean isElsewhere(Generation present, Generation of, Set<String> successors) {
        if (successors.contains(present.id()) && present.isOlderThan(of)) {
            return true;
        }
        // A successor may have been met in epochs already, but one that served before is another primary.
        boolean wasThere =
                successors.contains(present.id()) ? present.servedBeforeEndOf(of) : present.wasMetBeforeEndOf(of);
        return wasThere && !generations.isContinued(of.id(), present);
    }
}
