package dev.realtime.engine.memory;

import dev.realtime.engine.Broker;
import dev.realtime.engine.ControlBus;
import dev.realtime.engine.Engine;
import dev.realtime.engine.PresenceManager;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The engine of a single node: everything lives in this process and is gone with it. */
public final class MemoryEngine implements Engine {

    /**
     * @param presenceTtl how long a presence entry lives without being refreshed
     * @param scheduler clock of everything that ages, and the thread that removes it
     */
    public MemoryEngine(Duration presenceTtl, Scheduler scheduler) {
        throw new IllegalStateException("being written");
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Broker broker() {
        throw new IllegalStateException("being written");
    }

    @Override
    public PresenceManager presenceManager() {
        throw new IllegalStateException("being written");
    }

    @Override
    public ControlBus controlBus() {
        throw new IllegalStateException("being written");
    }

    @Override
    public Mono<Void> start() {
        throw new IllegalStateException("being written");
    }

    @Override
    public Mono<Void> stop() {
        throw new IllegalStateException("being written");
    }
}
