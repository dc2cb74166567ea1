package dev.realtime.engine.redis.broker;

import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.connection.PartitionCommands;
import dev.realtime.engine.redis.generation.Generations;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.script.RedisScripts;
import dev.realtime.engine.redis.stream.StreamRead;
import dev.realtime.engine.redis.stream.StreamScripts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reading of the positions of many channels: those of one partition by one script, some scripts at a time. What a
 * script cannot say, because a stream or an epoch has to be begun, is read channel by channel.
 */
final class PositionReads {

    /** Scripts in progress at one time. */
    private static final int CONCURRENCY = 16;

    private static final Logger logger = LoggerFactory.getLogger(PositionReads.class);

    private final RedisKeys redisKeys;

    private final RedisScripts scripts;

    private final Generations seen;

    private final PartitionCommands redis;

    private final Function<RedisKeys.ChannelKeys, @Nullable StreamFollower> followers;

    PositionReads(
            RedisKeys redisKeys,
            RedisScripts scripts,
            Generations seen,
            Function<RedisKeys.ChannelKeys, @Nullable StreamFollower> followers) {
        this.redisKeys = redisKeys;
        this.scripts = scripts;
        this.seen = seen;
        this.redis = scripts.redis();
        this.followers = followers;
    }

    /** A channel to read, and how often its follower was interrupted when the reading began. */
    private record Wanted(
            String channel,
            RedisKeys.ChannelKeys keys,
            Duration metaTtl,
            @Nullable StreamFollower follower,
            int interruptions) {}

    /** @param single reads one channel */
    Mono<Map<String, StreamPosition>> read(
            Map<String, HistoryOptions> channels, Function<String, Mono<HistoryResult>> single) {
        return Flux.defer(() -> Flux.fromIterable(batches(channels)))
                .flatMap(batch -> read(batch, single), CONCURRENCY)
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    private List<List<Wanted>> batches(Map<String, HistoryOptions> channels) {
        Map<Integer, List<Wanted>> open = new HashMap<>();
        List<List<Wanted>> all = new ArrayList<>();
        channels.forEach((channel, options) -> {
            RedisKeys.ChannelKeys keys = redisKeys.of(channel);
            StreamFollower follower = followers.apply(keys);
            List<Wanted> batch = open.get(keys.partition());
            if (batch == null || batch.size() == StreamScripts.MOST_CHANNELS) {
                batch = new ArrayList<>();
                open.put(keys.partition(), batch);
                all.add(batch);
            }
            batch.add(new Wanted(
                    channel, keys, options.metaTtl(), follower, follower == null ? 0 : follower.interruptions()));
        });
        return all;
    }

    private Flux<Map.Entry<String, StreamPosition>> read(
            List<Wanted> batch, Function<String, Mono<HistoryResult>> single) {
        byte[][] metas = batch.stream().map(wanted -> wanted.keys().meta()).toArray(byte[][]::new);
        List<Duration> ttls = batch.stream().map(Wanted::metaTtl).toList();
        int partition = batch.get(0).keys().partition();
        return scripts.run(StreamScripts.positions(partition, metas, ttls))
                .flatMapMany(reply -> Flux.range(0, batch.size())
                        .flatMap(i -> position(batch.get(i), StreamScripts.position(reply, i), single), CONCURRENCY))
                .onErrorResume(error -> {
                    logger.debug("Could not read {} positions: {}", batch.size(), error.toString());
                    return Flux.empty();
                });
    }

    private Mono<Map.Entry<String, StreamPosition>> position(
            Wanted wanted, StreamPosition top, Function<String, Mono<HistoryResult>> single) {
        if (top.epoch().isEmpty()) {
            return single.apply(wanted.channel())
                    .map(read -> Map.entry(wanted.channel(), read.position()))
                    .onErrorResume(error -> {
                        logger.debug(
                                "Could not read the position of channel '{}': {}", wanted.channel(), error.toString());
                        return Mono.empty();
                    });
        }
        if (seen.hasEnded(top.epoch())) {
            logger.debug("The position of channel '{}' came from a replaced server", wanted.channel());
            redis.recheckPrimary();
            return Mono.empty();
        }
        // Not noted: it is only compared. What subscribers have is noted by their follower.
        if (wanted.follower() != null) {
            wanted.follower().learn(new StreamRead(List.of(), top, List.of()), wanted.interruptions());
        }
        return Mono.just(Map.entry(wanted.channel(), top));
    }
}
