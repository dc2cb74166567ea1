package dev.realtime.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.realtime.spi.engine.Engine;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/** An engine that stops working, or works again, is detected within a second and reported once. */
class EngineWatchTests {

    private final BlockingQueue<Object> told = new LinkedBlockingQueue<>();

    private final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();

    @Test
    void changesAreToldOnce() throws InterruptedException {
        Engine engine = mock(Engine.class);
        when(engine.name()).thenReturn("redis");
        when(engine.isUp()).thenReturn(true);
        try (ApplicationEvents events = new ApplicationEvents(told::add, 10)) {
            EngineWatch watch = new EngineWatch(engine, events, scheduler);
            watch.start();
            scheduler.advanceTimeBy(Duration.ofSeconds(5));

            when(engine.isUp()).thenReturn(false);
            scheduler.advanceTimeBy(Duration.ofSeconds(5));
            when(engine.isUp()).thenReturn(true);
            scheduler.advanceTimeBy(Duration.ofSeconds(1));
            watch.stop();
            when(engine.isUp()).thenReturn(false);
            scheduler.advanceTimeBy(Duration.ofSeconds(5));

            assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(new EngineDownEvent("redis"));
            assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(new EngineUpEvent("redis"));
        }
        assertThat(told).isEmpty();
    }
}
