package dev.realtime.autoconfigure.redis;

import dev.realtime.engine.redis.monitor.RedisStatistics;
import dev.realtime.engine.redis.monitor.RedisStatistics.Event;
import dev.realtime.engine.redis.monitor.RedisStatus;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Meters of the Redis engine. All but the time of commands read existing counters of the engine on request.
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>name</th><th>tags</th><th>means</th></tr>
 * <tr><td>{@code realtime.redis.working}</td><td></td><td>1 while publications arrive, else 0</td></tr>
 * <tr><td>{@code realtime.redis.commands}</td><td>{@code command}</td>
 *     <td>time from sending a command to its reply</td></tr>
 * <tr><td>{@code realtime.redis.errors}</td><td>{@code kind}</td><td>commands that failed</td></tr>
 * <tr><td>{@code realtime.redis.subscriptions}</td><td>{@code state}</td>
 *     <td>names wanted, and those confirmed</td></tr>
 * <tr><td>{@code realtime.redis.slots.covered}</td><td></td><td>hash slots that have an owner</td></tr>
 * <tr><td>{@code realtime.redis.probe.age}</td><td></td><td>time since a probe last came back</td></tr>
 * <tr><td>{@code realtime.redis.reconnects}</td><td></td><td>connections opened in place of lost ones</td></tr>
 * <tr><td>{@code realtime.redis.resubscriptions}</td><td></td><td>names subscribed to again</td></tr>
 * <tr><td>{@code realtime.redis.topology.changes}</td><td></td><td>changes of primaries or their slots</td></tr>
 * <tr><td>{@code realtime.redis.resyncs}</td><td>{@code outcome}</td>
 *     <td>channels compared with their stream after a disturbance; {@code complete} if nothing was lost</td></tr>
 * <tr><td>{@code realtime.redis.messages.dropped}</td><td></td><td>messages dropped because too much waited</td></tr>
 * <tr><td>{@code realtime.redis.messages.bad}</td><td></td><td>messages that could not be understood</td></tr>
 * <tr><td>{@code realtime.redis.generations}</td><td></td><td>streams that continued under a new epoch</td></tr>
 * <tr><td>{@code realtime.redis.rollbacks}</td><td></td><td>rollbacks of Redis that had lost publications</td></tr>
 * </table>
 */
public final class RedisEngineMetrics implements MeterBinder {

    private static final String PREFIX = "realtime.redis.";

    private final Supplier<RedisStatus> status;

    private final RedisStatistics statistics;

    private final @Nullable CommandLatency latency;

    /** @param latency {@code null} where commands are not measured, as with a connection factory of the application */
    public RedisEngineMetrics(
            Supplier<RedisStatus> status, RedisStatistics statistics, @Nullable CommandLatency latency) {
        this.status = status;
        this.statistics = statistics;
        this.latency = latency;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        bindStatus(registry);
        count(registry, "reconnects", Event.RECONNECT, "Connections opened in place of lost ones");
        count(registry, "resubscriptions", Event.RESUBSCRIPTION, "Names subscribed to again after a disturbance");
        count(registry, "topology.changes", Event.TOPOLOGY_CHANGE, "Changes of primaries or their slots");
        String resyncs = "Channels compared with their stream after a disturbance";
        count(registry, "resyncs", Event.RESYNC_COMPLETE, resyncs, "outcome", "complete");
        count(registry, "resyncs", Event.RESYNC_INCOMPLETE, resyncs, "outcome", "incomplete");
        count(registry, "messages.dropped", Event.DROPPED_MESSAGE, "Messages dropped because too much waited");
        count(registry, "messages.bad", Event.BAD_MESSAGE, "Messages that could not be understood");
        count(registry, "generations", Event.NEW_GENERATION, "Streams that continued under a new epoch");
        count(registry, "rollbacks", Event.ROLLBACK_FOUND, "Rollbacks of Redis that had lost publications");
        for (String kind : RedisStatistics.errorKinds()) {
            FunctionCounter.builder(PREFIX + "errors", statistics, counts -> counts.errors(kind))
                    .description("Commands that failed")
                    .tag("kind", kind)
                    .register(registry);
        }
        if (latency != null) {
            measure(registry, latency);
        }
    }

    private void bindStatus(MeterRegistry registry) {
        gauge(registry, "working", now -> now.working() ? 1 : 0, "Whether what is published arrives");
        gauge(registry, "slots.covered", RedisStatus::slotsCovered, "Hash slots that have an owner");
        String subscriptions = "Names this node wants to receive, and those that are confirmed";
        gauge(registry, "subscriptions", RedisStatus::wantedSubscriptions, subscriptions, "state", "wanted");
        gauge(registry, "subscriptions", RedisStatus::confirmedSubscriptions, subscriptions, "state", "confirmed");
        TimeGauge.builder(
                        PREFIX + "probe.age",
                        status,
                        TimeUnit.SECONDS,
                        source -> seconds(source.get().lastProbe()))
                .description("Time since a probe last came back; not a number before the first")
                .register(registry);
    }

    private static double seconds(@Nullable Duration time) {
        return time == null ? Double.NaN : time.toMillis() / 1000.0;
    }

    private void gauge(
            MeterRegistry registry,
            String name,
            ToDoubleFunction<RedisStatus> value,
            String description,
            String... tags) {
        Gauge.builder(PREFIX + name, status, source -> value.applyAsDouble(source.get()))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private void count(MeterRegistry registry, String name, Event event, String description, String... tags) {
        FunctionCounter.builder(PREFIX + name, statistics, counts -> counts.events(event))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private static void measure(MeterRegistry registry, CommandLatency latency) {
        Map<ProtocolKeyword, Timer> timers = new ConcurrentHashMap<>();
        // Registered before the first use, so that the meter is available when a dashboard is built.
        timers.put(CommandType.EVALSHA, timer(registry, CommandType.EVALSHA));
        latency.listen((command, nanos) -> {
            Timer timer = timers.get(command);
            if (timer == null) {
                timer = timers.computeIfAbsent(command, first -> timer(registry, first));
            }
            timer.record(nanos, TimeUnit.NANOSECONDS);
        });
    }

    private static Timer timer(MeterRegistry registry, ProtocolKeyword command) {
        return Timer.builder(PREFIX + "commands")
                .description("Time from sending a command to Redis to its reply")
                .tag("command", command.toString().toLowerCase(Locale.ROOT))
                .register(registry);
    }
}
