package dev.realtime.event;

import dev.realtime.spi.engine.Engine;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * Checks each second whether the engine works, and publishes an event when that changed. It is taken to work at first.
 */
public final class EngineWatch implements SmartLifecycle {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Engine engine;

    private final ApplicationEvents events;

    private final Scheduler scheduler;

    /** Touched by the scheduled task only. */
    private boolean up = true;

    private volatile boolean running;

    /** Set while running. */
    private Disposable looking = Disposables.disposed();

    /** @param scheduler runs the looking; stays open */
    public EngineWatch(Engine engine, ApplicationEvents events, Scheduler scheduler) {
        this.engine = engine;
        this.events = events;
        this.scheduler = scheduler;
    }

    @Override
    public void start() {
        running = true;
        long millis = INTERVAL.toMillis();
        looking = scheduler.schedulePeriodically(this::look, millis, millis, TimeUnit.MILLISECONDS);
    }

    private void look() {
        boolean now = engine.isUp();
        if (now != up) {
            up = now;
            events.publish(now ? new EngineUpEvent(engine.name()) : new EngineDownEvent(engine.name()));
        }
    }

    @Override
    public void stop() {
        running = false;
        looking.dispose();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
