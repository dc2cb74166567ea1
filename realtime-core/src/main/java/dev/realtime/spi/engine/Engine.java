package dev.realtime.spi.engine;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A broker, a presence manager and a control bus that belong together; chosen by {@code realtime.engine}. */
public interface Engine {

    /** Name as configured, {@code memory} or {@code redis}. */
    String name();

    Broker broker();

    PresenceManager presenceManager();

    ControlBus controlBus();

    /**
     * Which channels have subscribers on any node; {@code null} if this engine does not know. The same object each
     * time.
     */
    default @Nullable ChannelOccupancy occupancy() {
        return null;
    }

    /**
     * Returns whether what is published now would reach all nodes, as far as this node knows. Asked often: must only
     * look.
     */
    default boolean isUp() {
        return true;
    }

    /** Begins to work; {@link Broker#start} and {@link ControlBus#start} were called before. Completes when usable. */
    Mono<Void> start();

    /** Releases everything it holds; completes when nothing of it runs any more. Stopping twice is the same as once. */
    Mono<Void> stop();
}
