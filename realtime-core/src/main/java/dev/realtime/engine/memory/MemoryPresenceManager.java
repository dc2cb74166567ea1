package dev.realtime.engine.memory;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.PresenceStats;
import dev.realtime.spi.engine.PresenceManager;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;

/** Presence of a single node, one row of a {@link ChannelTable} per channel with clients. */
final class MemoryPresenceManager implements PresenceManager {

    private static final PresenceStats NOBODY = new PresenceStats(0, 0);

    private final ChannelTable<MemoryPresence> channels;

    MemoryPresenceManager(Duration ttl, LongSupplier nanoTime) {
        long ttlMillis = ttl.toMillis();
        this.channels = new ChannelTable<>(() -> new MemoryPresence(ttlMillis), nanoTime);
    }

    @Override
    public Mono<Void> add(String channel, ClientInfo info) {
        return Mono.fromRunnable(() -> put(channel, List.of(info)));
    }

    @Override
    public Mono<Void> refresh(Map<String, ? extends Collection<ClientInfo>> present) {
        return Mono.fromRunnable(() -> present.forEach(this::put));
    }

    private void put(String channel, Collection<ClientInfo> infos) {
        channels.use(channel, (row, nowMillis) -> {
            infos.forEach(info -> row.put(info, nowMillis));
            return true;
        });
    }

    @Override
    public Mono<Void> remove(String channel, String clientId) {
        return Mono.fromRunnable(() -> channels.useIfKept(channel, false, (row, nowMillis) -> {
            row.remove(clientId);
            return true;
        }));
    }

    @Override
    public Mono<Map<String, ClientInfo>> presence(String channel) {
        return Mono.fromSupplier(() -> channels.useIfKept(channel, Map.of(), (row, nowMillis) -> row.all()));
    }

    @Override
    public Mono<PresenceStats> stats(String channel) {
        return Mono.fromSupplier(() -> channels.useIfKept(channel, NOBODY, (row, nowMillis) -> row.stats()));
    }

    /** Frees what has expired. */
    void sweep() {
        channels.sweep();
    }

    /** Forgets everybody. */
    void clear() {
        channels.clear();
    }

    /** Channels that take memory. */
    long channelsKept() {
        return channels.size();
    }
}
