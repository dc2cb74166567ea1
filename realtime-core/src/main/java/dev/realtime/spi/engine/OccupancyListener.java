package dev.realtime.spi.engine;

/**
 * Listener that is notified when channels get their first and lose their last subscriber on all nodes together. Called
 * on any thread, in order for one channel and node; must return immediately and must not throw.
 */
public interface OccupancyListener {

    /**
     * The channel has a subscriber and had none.
     *
     * @param channel name of the channel
     */
    void onOccupied(String channel);

    /**
     * The channel has no subscriber any more.
     *
     * @param channel name of the channel
     */
    void onVacated(String channel);
}
