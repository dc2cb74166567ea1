package dev.realtime.api;

import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.StreamPosition;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * Acts on channels: their history and the subscriptions of users. The rules for threads and failures are those of
 * {@link RealtimePublisher}.
 */
@CheckReturnValue
public interface RealtimeChannels {

    /** Subscribes all connections of a user, on every node, to a channel. Completes also when the user has none. */
    default Mono<Void> subscribe(String userId, String channel) {
        return subscribe(userId, channel, SubscribeOptions.DEFAULTS);
    }

    /**
     * Subscribes connections of a user with options. Fails with error 110 if the subscription would end in the past.
     */
    Mono<Void> subscribe(String userId, String channel, SubscribeOptions options);

    /** Ends the subscription of all connections of a user, on every node, to a channel. */
    default Mono<Void> unsubscribe(String userId, String channel) {
        return unsubscribe(userId, channel, ConnectionFilter.ALL);
    }

    /** Ends the subscription of some connections of a user. */
    Mono<Void> unsubscribe(String userId, String channel, ConnectionFilter connections);

    /**
     * Reads publications kept, not capped. Fails with error 108 when the channel has no history, 112 for another epoch.
     */
    Mono<HistoryResult> history(String channel, HistoryQuery query);

    /** Top of the stream. Read it before the state it belongs to, then let the client recover from it. */
    default Mono<StreamPosition> position(String channel) {
        return history(channel, HistoryQuery.POSITION).map(HistoryResult::position);
    }

    /** Removes the publications kept; offset and epoch continue. */
    Mono<Void> removeHistory(String channel);

    /**
     * Channels with at least one subscriber on any node, and how many clients are in them. Meant for some thousand
     * channels.
     *
     * @param pattern glob over the whole name; empty for all
     */
    Mono<Map<String, Integer>> list(String pattern);
}
