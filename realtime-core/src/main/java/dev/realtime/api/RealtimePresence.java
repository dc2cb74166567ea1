package dev.realtime.api;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.PresenceStats;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * Who is in a channel. Both fail with error 108 when the channel has no presence; the rules for threads and failures
 * are those of {@link RealtimePublisher}.
 */
@CheckReturnValue
public interface RealtimePresence {

    /** Client id to info of everyone in the channel, on all nodes. */
    Mono<Map<String, ClientInfo>> presence(String channel);

    /** Number of clients and of distinct users in the channel, on all nodes. */
    Mono<PresenceStats> stats(String channel);
}
