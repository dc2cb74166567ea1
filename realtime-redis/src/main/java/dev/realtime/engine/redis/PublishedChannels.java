package dev.realtime.engine.redis;

import dev.realtime.engine.HistoryQuery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Channels that this node published to lately. Nobody tells it when the epoch of one of them ended, unless it is subscribed too, and
 * publications that only a server that was cut off has taken would be missed by nobody who could say so. So their epochs are looked
 * at for a while, ever more rarely.
 *
 * <p>Bounded: {@value #CAPACITY} channels, a later one takes the place of an earlier one of a like hash. May be used by any thread.
 */
final class PublishedChannels {

    private static final int CAPACITY = 4096;

    private static final long SWEEP_SECONDS = 2;

    /** Sweeps after a publish until it is forgotten: looks after 2, 4, 8, ... sweeps, for 17 minutes. */
    private static final int LAST_SWEEP = 512;

    /** How often a look is tried again, with growing pauses: a minute and a half. */
    private static final int LOOKS = 8;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(300);

    private static final Logger logger = LoggerFactory.getLogger(PublishedChannels.class);

    private static final byte[][] NO_ARGUMENTS = {};

    private final RedisParts parts;

    private final Boundaries boundaries;

    private final AtomicReferenceArray<Entry> entries = new AtomicReferenceArray<>(CAPACITY);

    private final Disposable.Swap sweeps = Disposables.swap();

    private final AtomicBoolean sweeping = new AtomicBoolean();

    PublishedChannels(RedisParts parts, Boundaries boundaries) {
        this.parts = parts;
        this.boundaries = boundaries;
    }

    /** One channel and the epoch in which its last publication was acknowledged. */
    private static final class Entry {

        final String channel;

        final RedisKeys.ChannelKeys keys;

        final String epoch;

        /** Sweeps since the last publish; a lost update costs one look. */
        volatile int age;

        Entry(String channel, RedisKeys.ChannelKeys keys, String epoch) {
            this.channel = channel;
            this.keys = keys;
            this.epoch = epoch;
        }
    }

    void start() {
        sweeps.update(parts.scripts()
                .scheduler()
                .schedulePeriodically(this::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS));
    }

    void stop() {
        sweeps.update(Disposables.disposed());
    }

    /** A publication in this epoch was acknowledged. */
    void note(String channel, RedisKeys.ChannelKeys keys, String epoch) {
        int at = (int) (keys.hash() & (CAPACITY - 1));
        Entry known = entries.get(at);
        if (known != null && known.channel.equals(channel)) {
            if (known.epoch.equals(epoch)) {
                known.age = 0;
                return;
            }
            look(known);
        }
        entries.set(at, new Entry(channel, keys, epoch));
    }

    private void sweep() {
        if (!sweeping.compareAndSet(false, true)) {
            return;
        }
        Map<Integer, List<Entry>> due = new HashMap<>();
        for (int at = 0; at < CAPACITY; at++) {
            Entry entry = entries.get(at);
            if (entry == null) {
                continue;
            }
            int age = entry.age + 1;
            entry.age = age;
            if (age > LAST_SWEEP) {
                entries.compareAndSet(at, entry, null);
            } else if (Integer.bitCount(age) == 1) {
                due.computeIfAbsent(entry.keys.partition(), partition -> new ArrayList<>())
                        .add(entry);
            }
        }
        Flux.fromIterable(due.values())
                .flatMap(ofPartition -> Flux.fromIterable(ofPartition).buffer(StreamReads.BATCH))
                .concatMap(this::compare)
                .doFinally(signal -> sweeping.set(false))
                .subscribe();
    }

    private Mono<Void> compare(List<Entry> batch) {
        return parts.scripts()
                .run(new ScriptRequest<>(
                        Script.POSITIONS,
                        batch.get(0).keys.partition(),
                        batch.stream().map(entry -> entry.keys.meta()).toArray(byte[][]::new),
                        NO_ARGUMENTS,
                        ScriptRequest::list,
                        true,
                        "Looking up the epochs of channels like",
                        batch.get(0).channel))
                .doOnNext(reply -> compare(batch, reply))
                .onErrorResume(error -> {
                    // Sooner than it would be otherwise: what just changed may be the reason.
                    batch.forEach(entry -> entry.age = 0);
                    return Mono.empty();
                })
                .then();
    }

    private void compare(List<Entry> batch, List<Object> reply) {
        for (int i = 0; i < batch.size(); i++) {
            String epoch = new String((byte[]) reply.get(2 * i + 1), StandardCharsets.US_ASCII);
            if (!epoch.equals(batch.get(i).epoch)) {
                look(batch.get(i));
            }
        }
    }

    /** Its epoch has ended, or its stream is gone. */
    private void look(Entry entry) {
        int at = (int) (entry.keys.hash() & (CAPACITY - 1));
        entries.compareAndSet(at, entry, null);
        parts.scripts()
                .run(parts.streams().look(entry.channel, entry.keys, HistoryQuery.POSITION))
                .retryWhen(Retry.backoff(LOOKS, FIRST_PAUSE)
                        .scheduler(parts.scripts().scheduler()))
                .subscribe(
                        reply -> boundaries.learn(
                                entry.keys,
                                entry.channel,
                                parts.streams()
                                        .read(reply, HistoryQuery.POSITION, entry.channel)
                                        .past()),
                        error -> logger.warn(
                                "The epoch of '{}' could not be looked up: {}", entry.channel, error.toString()));
    }
}
