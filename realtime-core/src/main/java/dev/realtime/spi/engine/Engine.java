package dev.realtime.spi.engine;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A broker, a presence manager and a control bus that belong together; chosen by {@code realtime.engine}. */
public interface Engine {

    /**
     * Name as configured, {@code memory} or {@code redis}.
     *
     * @return the name
     */
    String name();

    /**
     * Returns the broker.
     *
     * @return the broker; the same object each time
     */
    Broker broker();

    /**
     * Returns the presence manager.
     *
     * @return the presence manager; the same object each time
     */
    PresenceManager presenceManager();

    /**
     * Returns the control bus.
     *
     * @return the control bus; the same object each time
     */
    ControlBus controlBus();

    /**
     * Which channels have subscribers on any node; {@code null} if this engine does not know. The same object each
     * time.
     *
     * @return the occupancy; {@code null} if it is not supported
     */
    default @Nullable ChannelOccupancy occupancy() {
        return null;
    }

    /**
     * Returns whether what is published now would reach all nodes, as far as this node knows. Asked often: must only
     * look.
     *
     * @return whether publications would reach all nodes
     */
    default boolean isUp() {
        return true;
    }

    /**
     * Begins to work; {@link Broker#start} and {@link ControlBus#start} were called before. Completes when usable.
     *
     * @return completes when the engine can be used
     */
    Mono<Void> start();

    /**
     * Releases everything it holds; completes when nothing of it runs any more. Stopping twice is the same as once.
     *
     * @return completes when nothing of the engine runs any more
     */
    Mono<Void> stop();
}
