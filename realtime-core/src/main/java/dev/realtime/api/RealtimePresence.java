package dev.realtime.api;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.PresenceStats;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * Presence of channels. Both calls fail with error 108 if the channel has no presence; the rules for threads and
 * failures
 * are those of {@link RealtimePublisher}.
 */
@CheckReturnValue
public interface RealtimePresence {

    /**
     * Returns everyone in the channel, on all nodes.
     *
     * @param channel name of the channel
     * @return client id to info; fails with 108 without presence
     * @see <a href="https://centrifugal.dev/docs/server/presence">Online presence</a>
     */
    Mono<Map<String, ClientInfo>> presence(String channel);

    /**
     * Returns how many are in the channel, on all nodes.
     *
     * @param channel name of the channel
     * @return number of clients and of distinct users; fails with 108 without presence
     */
    Mono<PresenceStats> stats(String channel);
}
