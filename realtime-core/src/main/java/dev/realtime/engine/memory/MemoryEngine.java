package dev.realtime.engine.memory;

import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.spi.engine.Broker;
import dev.realtime.spi.engine.ChannelOccupancy;
import dev.realtime.spi.engine.ControlBus;
import dev.realtime.spi.engine.Engine;
import dev.realtime.spi.engine.PresenceManager;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The engine of a single node: everything lives in this process and is gone with it.
 *
 * <p>Nothing blocks and nothing waits: each operation is done when its {@code Mono} is subscribed to, on that thread.
 */
public final class MemoryEngine implements Engine {

    private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(1);

    private final Scheduler scheduler;

    private final MemoryBroker broker;

    private final MemoryPresenceManager presenceManager;

    private final MemoryControlBus controlBus;

    private final MemoryOccupancy occupancy = new MemoryOccupancy();

    /** The periodic sweep while started. */
    private final Disposable.Swap sweeping = Disposables.swap();

    /**
     * @param presenceTtl how long a presence entry lives without being refreshed
     * @param scheduler removes what has expired; stays open when the engine stops
     */
    public MemoryEngine(Duration presenceTtl, Scheduler scheduler) {
        this(presenceTtl, scheduler, System::nanoTime);
    }

    /**
     * An engine with another clock.
     *
     * @param presenceTtl how long a presence entry lives without being refreshed
     * @param scheduler removes what has expired; stays open when the engine stops
     * @param nanoTime age of everything; must only go forward, so that a step of the system's clock neither removes nor
     *     keeps anything
     */
    public MemoryEngine(Duration presenceTtl, Scheduler scheduler, LongSupplier nanoTime) {
        this(
                scheduler,
                new MemoryBroker(nanoTime, Runtime.getRuntime().maxMemory() / 16),
                new MemoryPresenceManager(presenceTtl, nanoTime),
                new MemoryControlBus(scheduler));
    }

    MemoryEngine(
            Scheduler scheduler,
            MemoryBroker broker,
            MemoryPresenceManager presenceManager,
            MemoryControlBus controlBus) {
        this.scheduler = scheduler;
        this.broker = broker;
        this.presenceManager = presenceManager;
        this.controlBus = controlBus;
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Broker broker() {
        return broker;
    }

    @Override
    public PresenceManager presenceManager() {
        return presenceManager;
    }

    @Override
    public ControlBus controlBus() {
        return controlBus;
    }

    @Override
    public ChannelOccupancy occupancy() {
        return occupancy;
    }

    @Override
    public Mono<Void> start() {
        long millis = SWEEP_INTERVAL.toMillis();
        return Mono.fromRunnable(() ->
                sweeping.update(scheduler.schedulePeriodically(this::sweep, millis, millis, TimeUnit.MILLISECONDS)));
    }

    private void sweep() {
        Boundary.run(Place.SWEEP, "the streams of the memory engine", broker::sweep);
        Boundary.run(Place.SWEEP, "the presence of the memory engine", presenceManager::sweep);
    }

    @Override
    public Mono<Void> stop() {
        return Mono.fromRunnable(() -> {
            sweeping.update(Disposables.disposed());
            broker.clear();
            presenceManager.clear();
        });
    }
}
