package dev.realtime.event;

import dev.realtime.spi.engine.Engine;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * Check of the engine every second, which publishes an event on each change. The engine counts as available at first.
 */
public final class EngineWatch implements SmartLifecycle {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Engine engine;

    private final ApplicationEvents events;

    private final Scheduler scheduler;

    /** Accessed by the scheduled task only. */
    private boolean up = true;

    private volatile boolean running;

    /** Scheduled task while running. */
    private Disposable task = Disposables.disposed();

    /**
     * Creates a check, which starts with the application.
     *
     * @param engine the engine
     * @param events publisher of the events
     * @param scheduler runs the check; not closed
     */
    public EngineWatch(Engine engine, ApplicationEvents events, Scheduler scheduler) {
        this.engine = engine;
        this.events = events;
        this.scheduler = scheduler;
    }

    @Override
    public void start() {
        running = true;
        long millis = INTERVAL.toMillis();
        task = scheduler.schedulePeriodically(this::check, millis, millis, TimeUnit.MILLISECONDS);
    }

    private void check() {
        boolean now = engine.isUp();
        if (now != up) {
            up = now;
            events.publish(now ? new EngineUpEvent(engine.name()) : new EngineDownEvent(engine.name()));
        }
    }

    @Override
    public void stop() {
        running = false;
        task.dispose();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
