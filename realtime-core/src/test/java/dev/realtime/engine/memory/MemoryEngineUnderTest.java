package dev.realtime.engine.memory;

import dev.realtime.spi.engine.Engine;
import dev.realtime.spi.engine.EngineUnderTest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The memory engine on virtual time: no test of it waits. */
final class MemoryEngineUnderTest implements EngineUnderTest {

    private final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();

    private final MemoryEngine engine =
            new MemoryEngine(PRESENCE_TTL, scheduler, () -> scheduler.now(TimeUnit.NANOSECONDS));

    @Override
    public Engine engine() {
        return engine;
    }

    @Override
    public Engine another() {
        return engine;
    }

    @Override
    public void pass(Duration time) {
        scheduler.advanceTimeBy(time);
    }

    @Override
    public void close() {
        scheduler.dispose();
    }
}
