package dev.realtime.spi.engine;

import dev.realtime.api.client.EngineException;
import dev.realtime.api.client.ResultTooLongException;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.PresenceStats;
import java.util.Collection;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * Store of the presence of channels. An entry disappears when it is removed, or when it was not refreshed for the
 * presence time-to-live of the engine. Entries are keyed by channel and client id. The rules for threads and time
 * limits are those of {@link Broker}. Adding and removing in one channel, subscribed to one after the other by one
 * thread, must take effect in that order, whether or not the first has completed: a client that leaves and comes back
 * at the same time is present.
 */
public interface PresenceManager {

    /**
     * Adds or replaces the entry of {@link ClientInfo#clientId()}. Visible to readers when it completes.
     *
     * @param channel name of the channel
     * @param info client and its information
     * @return completes when readers see the entry
     */
    Mono<Void> add(String channel, ClientInfo info);

    /**
     * Starts the time-to-live of many entries again, and adds those that are gone.
     *
     * @param present channel to the clients of this node that are in it
     * @return completes when the entries are refreshed
     */
    Mono<Void> refresh(Map<String, ? extends Collection<ClientInfo>> present);

    /**
     * Removes an entry; nothing happens if there is none.
     *
     * @param channel name of the channel
     * @param clientId id of the connection
     * @return completes when the entry is removed
     */
    Mono<Void> remove(String channel, String clientId);

    /**
     * Reads client id and info of everyone present. Fails with a {@link ResultTooLongException} where there are more
     * clients than the engine reads in one call.
     *
     * @param channel name of the channel
     * @return client id to information
     */
    Mono<Map<String, ClientInfo>> presence(String channel);

    /**
     * Number of clients and users present, without reading them all.
     *
     * @param channel name of the channel
     * @return the numbers of clients and users
     */
    Mono<PresenceStats> stats(String channel);

    /**
     * Returns the presence of a channel for display, not for decisions. An engine may return it as it was a
     * moment ago; this default is {@link #presence}.
     *
     * @param channel name of the channel
     * @return client id to info; fails with an {@link EngineException} if it cannot be read
     */
    default Mono<Map<String, ClientInfo>> peekPresence(String channel) {
        return presence(channel);
    }

    /**
     * Returns how many are present for a caller that shows it, and decides nothing by it. An engine may return the
     * numbers of a moment ago; this default is {@link #stats}.
     *
     * @param channel name of the channel
     * @return numbers of clients and users; fails with an {@link EngineException} if they cannot be read
     */
    default Mono<PresenceStats> peekStats(String channel) {
        return stats(channel);
    }
}
