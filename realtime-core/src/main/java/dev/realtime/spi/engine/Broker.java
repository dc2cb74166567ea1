package dev.realtime.spi.engine;

import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.client.EngineException;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.PublishResult;
import dev.realtime.api.data.StreamPosition;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Moves publications between nodes and keeps the history of channels.
 *
 * <p>Every {@code Mono} is cold: nothing happens before it is subscribed to. Implementations must never block the
 * thread that subscribes, and may complete on any thread, the subscribing one included. A {@code Mono} must end, with
 * an {@link EngineException} if need be, within the time limits of the engine.
 *
 * <p>Order: of publications of one channel, each listener must see the order of their offsets. Publishes of one channel
 * subscribed to one after the other by one thread must be appended in that order. A publication with history must take
 * its offset, be appended and be handed to the listeners as one atomic step per channel.
 */
public interface Broker {

    /**
     * Sets the listener for what arrives. Called once, before anything else.
     *
     * @param listener receiver of notifications
     */
    void start(BrokerListener listener);

    /**
     * Publishes to every node that subscribed to the channel, this one included.
     *
     * @param channel name of the channel
     * @param publication its offset is ignored, the stream gives it
     * @param options options of the publish
     * @return the position in the stream, when the publication is acknowledged
     */
    Mono<PublishResult> publish(String channel, Publication publication, AppendOptions options);

    /**
     * Notifies subscribers that a client entered; kept nowhere, at most once.
     *
     * @param channel name of the channel
     * @param info client that entered or left
     * @return completes when the push has been sent
     */
    Mono<Void> publishJoin(String channel, ClientInfo info);

    /**
     * Notifies subscribers that a client left; kept nowhere, at most once.
     *
     * @param channel name of the channel
     * @param info client that entered or left
     * @return completes when the push has been sent
     */
    Mono<Void> publishLeave(String channel, ClientInfo info);

    /**
     * Makes this node receive what is published in a channel. When it completes, everything published from then on
     * reaches the listener. Subscribing twice is the same as once.
     *
     * @param channel name of the channel
     * @return completes when publications reach the listener
     */
    Mono<Void> subscribe(String channel);

    /**
     * Ends it; later arrivals may still reach the listener for a moment. Without a subscription nothing happens.
     *
     * @param channel name of the channel
     * @return completes when the subscription has ended
     */
    Mono<Void> unsubscribe(String channel);

    /**
     * Reads the stream of a channel. Reading an unused stream creates its epoch, so that the position read stays
     * comparable.
     *
     * @param channel name of the channel
     * @param query publications to read
     * @param options of the channel; the meta time-to-live starts again
     * @return the publications and the position
     */
    Mono<HistoryResult> history(String channel, HistoryQuery query, HistoryOptions options);

    /**
     * Reads the stream of a channel for a caller that shows it, and does not continue a subscription from it. An engine
     * may return it as it was a moment ago, and need not keep the stream or its position any longer for it; this
     * default is {@link #history}.
     *
     * @param channel name of the channel
     * @param query which publications
     * @param options of the channel
     * @return the publications and the position; fails with an {@link EngineException} if they cannot be read
     */
    default Mono<HistoryResult> peekHistory(String channel, HistoryQuery query, HistoryOptions options) {
        return history(channel, query, options);
    }

    /**
     * Reads the positions of many streams, each as {@link #history} with {@link HistoryQuery#POSITION} does. An engine
     * that can read many together should; this default reads them one by one, some at a time.
     *
     * @param channels name to the history options of the channel
     * @return the positions that could be read: a channel that could not is absent, and does not fail the others
     */
    default Mono<Map<String, StreamPosition>> positions(Map<String, HistoryOptions> channels) {
        return Flux.fromIterable(channels.entrySet())
                .flatMap(
                        channel -> Mono.defer(
                                        () -> history(channel.getKey(), HistoryQuery.POSITION, channel.getValue()))
                                .map(read -> Map.entry(channel.getKey(), read.position()))
                                .onErrorResume(error -> Mono.empty()),
                        32)
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    /**
     * Removes the publications kept; offset and epoch continue.
     *
     * @param channel name of the channel
     * @return completes when the publications are removed
     */
    Mono<Void> removeHistory(String channel);
}
