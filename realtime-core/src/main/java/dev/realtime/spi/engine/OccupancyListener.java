package dev.realtime.spi.engine;

/**
 * Listener that is notified when channels get their first and lose their last subscriber on all nodes together. Called
 * on any thread, in order for one channel and node; must return immediately and must not throw.
 */
public interface OccupancyListener {

    /** The channel has a subscriber and had none. */
    void onOccupied(String channel);

    /** The channel has no subscriber any more. */
    void onVacated(String channel);
}
