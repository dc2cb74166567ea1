package dev.realtime.engine;

import reactor.core.publisher.Mono;

/** A broker, a presence manager and a control bus that belong together; chosen by {@code realtime.engine}. */
public interface Engine {

    /** Name as configured, {@code memory} or {@code redis}. */
    String name();

    Broker broker();

    PresenceManager presenceManager();

    ControlBus controlBus();

    /** Begins to work; {@link Broker#start} and {@link ControlBus#start} were called before. Completes when usable. */
    Mono<Void> start();

    /** Releases everything it holds; completes when nothing of it runs any more. Stopping twice is the same as once. */
    Mono<Void> stop();
}
