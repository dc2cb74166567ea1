package dev.realtime.engine.memory;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.PresenceStats;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Presence of one channel, with the number of users counted as entries come and go. */
final class MemoryPresence extends ChannelTable.Row {

    /** Client id to info, in the order of the last refresh. */
    private final ExpiringMap<String, ClientInfo> clients;

    /** User id to the number of its clients, never zero. */
    private final Map<String, Integer> clientsOfUser = new HashMap<>();

    MemoryPresence(long ttlMillis) {
        this.clients = new ExpiringMap<>(ttlMillis);
    }

    /** Adds a client, or starts the life of its entry again. */
    void put(ClientInfo info, long nowMillis) {
        uncount(clients.put(info.clientId(), info, nowMillis));
        clientsOfUser.merge(info.userId(), 1, Integer::sum);
    }

    void remove(String clientId) {
        uncount(clients.remove(clientId));
    }

    private void uncount(@Nullable ClientInfo gone) {
        if (gone != null) {
            clientsOfUser.computeIfPresent(gone.userId(), (user, count) -> count == 1 ? null : count - 1);
        }
    }

    Map<String, ClientInfo> all() {
        Map<String, ClientInfo> all = new LinkedHashMap<>();
        clients.forEach(info -> all.put(info.clientId(), info));
        return Collections.unmodifiableMap(all);
    }

    PresenceStats stats() {
        return new PresenceStats(clients.size(), clientsOfUser.size());
    }

    @Override
    void expire(long nowMillis) {
        clients.expire(nowMillis, this::uncount);
    }

    @Override
    boolean isEmpty() {
        return clients.size() == 0;
    }
}
