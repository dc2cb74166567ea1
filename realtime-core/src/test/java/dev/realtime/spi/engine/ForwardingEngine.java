package dev.realtime.spi.engine;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Engine that forwards every call to another one, for tests to change some of them. */
public class ForwardingEngine implements Engine {

    private final Engine engine;

    public ForwardingEngine(Engine engine) {
        this.engine = engine;
    }

    @Override
    public String name() {
        return engine.name();
    }

    @Override
    public Broker broker() {
        return engine.broker();
    }

    @Override
    public PresenceManager presenceManager() {
        return engine.presenceManager();
    }

    @Override
    public ControlBus controlBus() {
        return engine.controlBus();
    }

    @Override
    public @Nullable ChannelOccupancy occupancy() {
        return engine.occupancy();
    }

    @Override
    public Mono<Void> start() {
        return engine.start();
    }

    @Override
    public Mono<Void> stop() {
        return engine.stop();
    }
}
