package dev.realtime.engine.redis.presence;

import dev.realtime.api.client.EngineException;
import dev.realtime.api.client.ResultTooLongException;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.PresenceStats;
import dev.realtime.engine.redis.format.ChannelMessage;
import dev.realtime.engine.redis.format.UnreadableException;
import dev.realtime.engine.redis.key.ChannelBytes;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.monitor.GarbageLog;
import dev.realtime.engine.redis.script.RedisScripts;
import dev.realtime.engine.redis.script.ReplicaScripts;
import dev.realtime.engine.redis.script.Script;
import dev.realtime.engine.redis.script.ScriptRequest;
import dev.realtime.spi.engine.PresenceManager;
import io.lettuce.core.output.CommandOutput;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Presence in Redis. Entries end by the clock of the server; those of a node that died end with their time-to-live.
 * Numbers of clients and users are kept beside the entries, so counting costs the same however many are present.
 *
 * <p>Refreshing is batched: one script for up to {@value PresenceBatches#MAX_CLIENTS} clients of one partition.
 */
public final class RedisPresenceManager implements PresenceManager {

    /** Calls in progress at the same time in a refresh. */
    private static final int CONCURRENCY = 16;

    /** Clients in one reply: some 10 MB, and a quarter of a second in which Redis does nothing else. */
    public static final int MOST_PRESENT = 100_000;

    /** First in a reply of presence-all.lua. */
    private static final long EXPIRED_LEFT = 1;

    private static final long TOO_MANY = 2;

    /** Scripts in a row that only end expired entries: a channel with more of them than that fails once. */
    private static final int MAX_PURGES = 1000;

    private final RedisKeys keys;

    private final RedisScripts scripts;

    private final GarbageLog garbage;

    private final byte[] ttlMillis;

    private final ReplicaScripts replicas;

    public RedisPresenceManager(
            RedisKeys redisKeys, RedisScripts scripts, GarbageLog garbage, ReplicaScripts replicas, Duration ttl) {
        this.replicas = replicas;
        this.keys = redisKeys;
        this.scripts = scripts;
        this.garbage = garbage;
        this.ttlMillis = Long.toString(ttl.toMillis()).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public Mono<Void> add(String channel, ClientInfo info) {
        return refresh(Map.of(channel, List.of(info)));
    }

    @Override
    public Mono<Void> refresh(Map<String, ? extends Collection<ClientInfo>> present) {
        return Mono.defer(() -> Flux.fromIterable(PresenceBatches.of(present, keys, ttlMillis, scripts.time()))
                .flatMapDelayError(scripts::run, CONCURRENCY, 1)
                .then());
    }

    @Override
    public Mono<Void> remove(String channel, String clientId) {
        return Mono.defer(() -> {
            byte[][] arguments = {ChannelBytes.of(clientId), scripts.time()};
            return scripts.run(request(Script.PRESENCE_REMOVE, channel, arguments, ScriptRequest::number))
                    .then();
        });
    }

    @Override
    public Mono<Map<String, ClientInfo>> presence(String channel) {
        return ask(Script.PRESENCE_ALL, channel, reply -> present(channel, reply));
    }

    @Override
    public Mono<Map<String, ClientInfo>> peekPresence(String channel) {
        return peek(channel, MOST_PRESENT).map(reply -> present(channel, reply)).switchIfEmpty(presence(channel));
    }

    private Map<String, ClientInfo> present(String channel, List<Object> reply) {
        if ((Long) reply.get(0) == TOO_MANY) {
            throw new ResultTooLongException(
                    ("Channel '%s' has %d clients, and presence of more than %d is not read in one go, because"
                                    + " Redis would do nothing else meanwhile. Presence stats have no such limit.")
                            .formatted(channel, (Long) reply.get(1), MOST_PRESENT));
        }
        return read(channel, (List<?>) reply.get(1));
    }

    @Override
    public Mono<PresenceStats> stats(String channel) {
        return ask(Script.PRESENCE_STATS, channel, RedisPresenceManager::numbers);
    }

    @Override
    public Mono<PresenceStats> peekStats(String channel) {
        return peek(channel, 0).map(RedisPresenceManager::numbers).switchIfEmpty(stats(channel));
    }

    private static PresenceStats numbers(List<Object> reply) {
        return new PresenceStats(count(reply.get(1)), count(reply.get(2)));
    }

    /** Asks a replica; empty if the primary is to be asked. */
    private Mono<List<Object>> peek(String channel, int most) {
        return Mono.defer(() -> replicas.read(Script.REPLICA_PRESENCE, scriptKeys(keys.of(channel)), new byte[][] {
            scripts.time(), Integer.toString(most).getBytes(StandardCharsets.US_ASCII)
        }));
    }

    private static int count(Object number) {
        return (int) Math.min(Integer.MAX_VALUE, (Long) number);
    }

    /** Asks until no expired entries are left, which each call ends some of. */
    private <T> Mono<T> ask(Script script, String channel, Function<List<Object>, T> read) {
        byte[] most = Integer.toString(MOST_PRESENT).getBytes(StandardCharsets.US_ASCII);
        return Mono.defer(() ->
                        scripts.run(request(script, channel, new byte[][] {scripts.time(), most}, ScriptRequest::list)))
                .map(reply ->
                        (Long) reply.get(0) == EXPIRED_LEFT ? Optional.<T>empty() : Optional.of(read.apply(reply)))
                .repeat(MAX_PURGES)
                .filter(Optional::isPresent)
                .next()
                .map(Optional::get)
                .switchIfEmpty(Mono.error(() -> new EngineException("Presence of channel '" + channel
                        + "' has too many expired entries to be read in one call. Each call"
                        + " removes some of them: try again.")));
    }

    private <T> ScriptRequest<T> request(
            Script script, String channel, byte[][] arguments, Supplier<CommandOutput<byte[], byte[], T>> output) {
        RedisKeys.ChannelKeys channelKeys = keys.of(channel);
        return new ScriptRequest<>(
                script,
                channelKeys.partition(),
                scriptKeys(channelKeys),
                arguments,
                output,
                true,
                "Presence of channel",
                channel);
    }

    private static byte[][] scriptKeys(RedisKeys.ChannelKeys keys) {
        return new byte[][] {keys.presence(), keys.presenceExpiry(), keys.presenceUsers()};
    }

    private Map<String, ClientInfo> read(String channel, List<?> entries) {
        Map<String, ClientInfo> present = new LinkedHashMap<>();
        for (int i = 0; i < entries.size(); i += 2) {
            try {
                ClientInfo info = ChannelMessage.presenceInfo((byte[]) entries.get(i + 1), 0);
                present.put(info.clientId(), info);
            } catch (UnreadableException e) {
                garbage.found(e.getMessage() + " in presence", channel);
            }
        }
        return Collections.unmodifiableMap(present);
    }
}
