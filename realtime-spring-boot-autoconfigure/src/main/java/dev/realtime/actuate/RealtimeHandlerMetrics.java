package dev.realtime.actuate;

import dev.realtime.event.ApplicationEvents;
import dev.realtime.handler.HandlerOutcome;
import dev.realtime.handler.hook.Handlers;
import dev.realtime.handler.invocation.HandlerStatistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;

/**
 * Meters of the application's handler methods, and of the events that are published to it. Tags are methods and
 * outcomes, whose number is bounded.
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>name</th><th>tags</th><th>means</th></tr>
 * <tr><td>{@code realtime.handler.calls}</td><td>{@code handler}, {@code kind}, {@code outcome}</td>
 *     <td>calls that ended; outcome {@code success}, {@code refused}, {@code failed}, {@code timeout} or
 *     {@code rejected}</td></tr>
 * <tr><td>{@code realtime.handler.time}</td><td>{@code handler}, {@code kind}</td>
 *     <td>time calls took, waiting included</td></tr>
 * <tr><td>{@code realtime.handler.running}</td><td>{@code handler}, {@code kind}</td><td>calls that run now</td></tr>
 * <tr><td>{@code realtime.handler.waiting}</td><td>{@code handler}, {@code kind}</td><td>calls that wait now</td></tr>
 * <tr><td>{@code realtime.events.waiting}</td><td></td><td>events that wait for their listeners now</td></tr>
 * <tr><td>{@code realtime.events.lost}</td><td></td><td>events lost because too many waited</td></tr>
 * </table>
 */
public final class RealtimeHandlerMetrics implements MeterBinder {

    private final Handlers handlers;

    private final ApplicationEvents events;

    public RealtimeHandlerMetrics(Handlers handlers, ApplicationEvents events) {
        this.handlers = handlers;
        this.events = events;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        handlers.observe(statistics -> bindHandler(registry, statistics));
        Gauge.builder("realtime.events.waiting", events, ApplicationEvents::waiting)
                .description("Events that wait for their listeners")
                .register(registry);
        FunctionCounter.builder("realtime.events.lost", events, ApplicationEvents::dropped)
                .description("Events lost because too many waited")
                .register(registry);
    }

    private static void bindHandler(MeterRegistry registry, HandlerStatistics statistics) {
        Tags tags = Tags.of("handler", statistics.method(), "kind", statistics.kind());
        for (HandlerOutcome outcome : HandlerOutcome.values()) {
            FunctionCounter.builder("realtime.handler.calls", statistics, counts -> counts.count(outcome))
                    .description("Calls of handler methods that ended")
                    .tags(tags.and("outcome", outcome.id()))
                    .register(registry);
        }
        FunctionTimer.builder(
                        "realtime.handler.time",
                        statistics,
                        HandlerStatistics::calls,
                        HandlerStatistics::totalNanos,
                        TimeUnit.NANOSECONDS)
                .description("Time calls of handler methods took, waiting included")
                .tags(tags)
                .register(registry);
        Gauge.builder("realtime.handler.running", statistics, HandlerStatistics::running)
                .description("Calls of handler methods that run")
                .tags(tags)
                .register(registry);
        Gauge.builder("realtime.handler.waiting", statistics, HandlerStatistics::waiting)
                .description("Calls of handler methods that wait")
                .tags(tags)
                .register(registry);
    }
}
