package dev.realtime.spi.engine;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import java.util.Collection;

/**
 * Receives what a {@link Broker} brings to this node. Called on threads of the engine, for one channel never by two at
 * a time; must return immediately and must not call the broker back from within. What it throws is logged by the engine
 * and changes neither the result of a publish nor what is delivered later.
 */
public interface BrokerListener {

    /**
     * A publication arrived.
     *
     * @param channel name of the channel
     * @param publication publication that arrived
     * @param position its place in the stream; {@link StreamPosition#NONE} without history
     */
    void onPublication(String channel, Publication publication, StreamPosition position);

    /**
     * A client entered a channel somewhere.
     *
     * @param channel name of the channel
     * @param info client that entered or left
     */
    void onJoin(String channel, ClientInfo info);

    /**
     * A client left a channel somewhere.
     *
     * @param channel name of the channel
     * @param info client that entered or left
     */
    void onLeave(String channel, ClientInfo info);

    /**
     * Publications of these channels may have been missed, because the connection to the engine was disturbed and works
     * again. Positions that are kept must be compared with the stream now.
     *
     * @param channels names of the channels
     */
    void onDisturbance(Collection<String> channels);

    /**
     * Is called when the stream of a channel continues in another epoch and lost nothing: subscribers in the epoch of
     * {@code end}, at most there, have the same position in the new one. Must come before the first publication of the
     * new epoch.
     *
     * @param channel name of the channel
     * @param end last position of the old epoch
     * @param epoch identity of the stream from now on
     */
    void onEpochContinued(String channel, StreamPosition end, String epoch);
}
