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

    /**
     * Subscribes all connections of a user, on every node, to a channel.
     *
     * @param userId id of the user; the empty one has all anonymous connections
     * @param channel name of the channel
     * @return completes when the nodes were asked, also when the user has no connection; fails with 107 for the empty
     *     name, 102 for an unknown namespace
     */
    default Mono<Void> subscribe(String userId, String channel) {
        return subscribe(userId, channel, SubscribeOptions.DEFAULTS);
    }

    /**
     * Subscribes connections of a user with options.
     *
     * @param userId id of the user; the empty one has all anonymous connections
     * @param channel name of the channel
     * @param options which connections, and how
     * @return completes when the nodes were asked; fails with 110 if the subscription would end in the past, and as
     *     {@link #subscribe(String, String)} does
     */
    Mono<Void> subscribe(String userId, String channel, SubscribeOptions options);

    /**
     * Ends the subscription of all connections of a user, on every node, to a channel.
     *
     * @param userId id of the user; the empty one has all anonymous connections
     * @param channel name of the channel
     * @return completes when the nodes were asked
     */
    default Mono<Void> unsubscribe(String userId, String channel) {
        return unsubscribe(userId, channel, ConnectionFilter.ALL);
    }

    /**
     * Ends the subscription of some connections of a user.
     *
     * @param userId id of the user; the empty one has all anonymous connections
     * @param channel name of the channel
     * @param connections which connections
     * @return completes when the nodes were asked
     */
    Mono<Void> unsubscribe(String userId, String channel, ConnectionFilter connections);

    /**
     * Has all subscribers of a channel, on every node, load its state again. Use it after a change that was not
     * published, such as an import into the database. Clients are unsubscribed with 2502; their SDKs discard the
     * position, subscribe again with a new token and load the state as after a recovery that failed. Connections with a
     * subscription made by the server are closed with 3014, and connect again. Clients that are connecting at the
     * moment, and those of a node that is cut off from the others for minutes, may keep their state.
     *
     * @param channel name of the channel
     * @return completes when the nodes were asked, also when nothing is subscribed; fails with 107 for the empty name,
     *     102 for an unknown namespace
     */
    Mono<Void> invalidate(String channel);

    /**
     * Reads the publications kept. No limit of clients applies.
     *
     * @param channel name of the channel
     * @param query which of them
     * @return publications and the top of the stream; fails with 108 when the channel has no history, 112 when the
     *     position asked for has another epoch
     * @see <a href="https://centrifugal.dev/docs/server/history_and_recovery">History and recovery</a>
     */
    Mono<HistoryResult> history(String channel, HistoryQuery query);

    /**
     * Returns the top of the stream. Read it before the state it belongs to, then let the client recover from it.
     *
     * @param channel name of the channel
     * @return offset of the last publication, 0 if there was none, and epoch; fails with 108 without history
     */
    default Mono<StreamPosition> position(String channel) {
        return history(channel, HistoryQuery.POSITION).map(HistoryResult::position);
    }

    /**
     * Removes the publications kept. Offset and epoch continue.
     *
     * @param channel name of the channel
     * @return completes when they are removed; fails with 108 without history
     */
    Mono<Void> removeHistory(String channel);

    /**
     * Returns the channels with at least one subscriber on any node. Meant for some thousand channels.
     *
     * @param pattern glob over the whole name; empty for all
     * @return channel to number of its clients; fails with 107 for a malformed pattern
     */
    Mono<Map<String, Integer>> list(String pattern);
}
