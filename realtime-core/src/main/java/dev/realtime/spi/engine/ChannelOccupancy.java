package dev.realtime.spi.engine;

import reactor.core.publisher.Mono;

/**
 * Knows which channels have a subscriber on any node. The node reports the first and last subscriber it has; the engine
 * adds the nodes up and notifies one node, the one that made the difference, when a channel becomes occupied or
 * vacated. What a node held that died is given up when the engine notices, and a living node is notified. An engine
 * that is cut off completes its calls all the same, and reports what is still so when it is not cut off any more; after
 * a loss of what it knew, it may report again that a channel is occupied. Calls of one channel never overlap.
 * Rules for threads and time limits are those of {@link Broker}.
 */
public interface ChannelOccupancy {

    /**
     * Sets the listener of this node; called once, before anything else.
     *
     * @param listener receiver of notifications
     */
    void start(OccupancyListener listener);

    /**
     * This node has a subscriber in the channel. Twice is the same as once.
     *
     * @param channel name of the channel
     * @return completes when the engine has the report
     */
    Mono<Void> occupy(String channel);

    /**
     * This node has no subscriber in the channel any more; nothing happens if it had none.
     *
     * @param channel name of the channel
     * @return completes when the engine has the report
     */
    Mono<Void> vacate(String channel);
}
