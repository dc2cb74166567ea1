package dev.realtime.actuate;

import dev.realtime.node.RealtimeNode;
import dev.realtime.statistics.LimitCounter;
import dev.realtime.statistics.NamespaceStatistics;
import dev.realtime.statistics.NodeStatistics;
import dev.realtime.statistics.RecoveryFailure;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Meters of one node. Tags are namespaces and codes, whose number is bounded, and never channels or users. They read
 * the node's own counters on request of a registry, so they cost nothing per message; the lag is sampled once per turn.
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>name</th><th>tags</th><th>means</th></tr>
 * <tr><td>{@code realtime.connections}</td><td></td><td>connections open now</td></tr>
 * <tr><td>{@code realtime.users}</td><td></td><td>distinct users connected; all anonymous ones are one</td></tr>
 * <tr><td>{@code realtime.channels}</td><td></td><td>channels with at least one subscriber</td></tr>
 * <tr><td>{@code realtime.messages.received}</td><td></td><td>messages of clients</td></tr>
 * <tr><td>{@code realtime.messages.received.size}</td><td></td><td>their bytes</td></tr>
 * <tr><td>{@code realtime.messages.sent}</td><td></td><td>replies and pushes written</td></tr>
 * <tr><td>{@code realtime.messages.sent.size}</td><td></td><td>their bytes, frame headers included</td></tr>
 * <tr><td>{@code realtime.replies.error}</td><td></td><td>commands that got an error</td></tr>
 * <tr><td>{@code realtime.disconnects}</td><td>{@code code}</td>
 *     <td>connections ended; 3000 when the client or the network ended them</td></tr>
 * <tr><td>{@code realtime.subscriptions}</td><td>{@code namespace}</td><td>subscriptions open now</td></tr>
 * <tr><td>{@code realtime.publications.delivered}</td><td>{@code namespace}</td>
 *     <td>publications written to subscribers</td></tr>
 * <tr><td>{@code realtime.delivery.lag}</td><td></td>
 *     <td>time from the arrival of a publication until it is sent, as a histogram; one sample per turn of an event
 *     loop, the longest</td></tr>
 * <tr><td>{@code realtime.recoveries}</td><td>{@code namespace}, {@code outcome}</td>
 *     <td>recoveries; outcome {@code recovered} if everything missed was found, else {@code not-recovered}</td></tr>
 * <tr><td>{@code realtime.recoveries.failed}</td><td>{@code namespace}, {@code reason}</td>
 *     <td>recoveries that could not, by the reason: {@code epoch}, {@code size}, {@code ttl}, {@code limit},
 *     {@code engine-loss}</td></tr>
 * <tr><td>{@code realtime.publications.lost.after.commit}</td><td></td>
 *     <td>publications that failed after their transaction was committed</td></tr>
 * <tr><td>{@code realtime.publications.filtered}</td><td>{@code namespace}</td>
 *     <td>publications not written to subscribers because their filter did not match</td></tr>
 * <tr><td>{@code realtime.publications.lost}</td><td>{@code namespace}</td>
 *     <td>publications that arrived at this node and could not be delivered to a subscriber</td></tr>
 * <tr><td>{@code realtime.insufficient.state}</td><td>{@code namespace}</td>
 *     <td>gaps found in live streams, of which the client was notified</td></tr>
 * </table>
 *
 * <p>Channels without a namespace have the tag value {@code (none)}, which no namespace can be named.
 */
public final class RealtimeMetrics implements MeterBinder {

    private static final String NAMESPACE = "namespace";

    /** Buckets of the histogram: few, because each is a separate series. */
    private static final Duration[] LAG_BOUNDS = Stream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private static final String RECOVERIES = "Attempts of clients to recover what they missed";

    private static final String WITHOUT_NAMESPACE = "(none)";

    private final RealtimeNode node;

    private final NodeStatistics statistics;

    public RealtimeMetrics(RealtimeNode node) {
        this.node = node;
        this.statistics = node.statistics();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("realtime.connections", statistics, NodeStatistics::connections)
                .description("Connections open now")
                .baseUnit(BaseUnits.CONNECTIONS)
                .register(registry);
        Gauge.builder("realtime.users", node, described -> described.describe().users())
                .description("Distinct users connected")
                .baseUnit("users")
                .register(registry);
        Gauge.builder(
                        "realtime.channels",
                        node,
                        described -> described.describe().channels())
                .description("Channels with at least one subscriber")
                .baseUnit("channels")
                .register(registry);
        counter("realtime.messages.received", NodeStatistics::messagesReceived, "Messages of clients")
                .register(registry);
        counter("realtime.messages.received.size", NodeStatistics::bytesReceived, "Size of the messages of clients")
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
        counter("realtime.messages.sent", NodeStatistics::messagesSent, "Replies and pushes written")
                .register(registry);
        counter("realtime.messages.sent.size", NodeStatistics::bytesSent, "Size of the replies and pushes written")
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
        counter("realtime.replies.error", NodeStatistics::errorReplies, "Commands that got an error")
                .register(registry);
        counter(
                        "realtime.publications.lost.after.commit",
                        NodeStatistics::lostAfterCommit,
                        "Publications that failed after their transaction was committed")
                .register(registry);
        Timer lag = Timer.builder("realtime.delivery.lag")
                .description("Time from the arrival of a publication at this node to its being sent")
                .serviceLevelObjectives(LAG_BOUNDS)
                .register(registry);
        statistics.whenDelivered(nanos -> lag.record(nanos, TimeUnit.NANOSECONDS));
        statistics.whenDisconnectCodeAppears(code -> bindDisconnects(registry, code));
        statistics.whenNamespaceAppears(namespace -> bindNamespace(registry, namespace));
        statistics.whenLimitAppears(refusal -> bindRefusals(registry, refusal));
    }

    private FunctionCounter.Builder<NodeStatistics> counter(
            String name, ToDoubleFunction<NodeStatistics> count, String description) {
        return FunctionCounter.builder(name, statistics, count).description(description);
    }

    private void bindDisconnects(MeterRegistry registry, int code) {
        counter("realtime.disconnects", counters -> counters.disconnects(code), "Connections ended")
                .tag("code", Integer.toString(code))
                .register(registry);
    }

    private void bindRefusals(MeterRegistry registry, LimitCounter refusal) {
        FunctionCounter.builder("realtime.refusals", refusal, LimitCounter::count)
                .description("Clients and commands turned away by a limit")
                .tags("limit", refusal.limit().id(), NAMESPACE, nameOf(refusal.namespace()))
                .register(registry);
    }

    private static String nameOf(String namespace) {
        return namespace.isEmpty() ? WITHOUT_NAMESPACE : namespace;
    }

    private void bindNamespace(MeterRegistry registry, NamespaceStatistics namespace) {
        String name = nameOf(namespace.namespace());
        Gauge.builder("realtime.subscriptions", namespace, NamespaceStatistics::subscriptions)
                .description("Subscriptions open now")
                .baseUnit("subscriptions")
                .tag(NAMESPACE, name)
                .register(registry);
        FunctionCounter.builder("realtime.publications.delivered", namespace, NamespaceStatistics::delivered)
                .description("Publications written to subscribers")
                .tag(NAMESPACE, name)
                .register(registry);
        FunctionCounter.builder("realtime.recoveries", namespace, NamespaceStatistics::recovered)
                .description(RECOVERIES)
                .tags(NAMESPACE, name, "outcome", "recovered")
                .register(registry);
        FunctionCounter.builder("realtime.recoveries", namespace, NamespaceStatistics::notRecovered)
                .description(RECOVERIES)
                .tags(NAMESPACE, name, "outcome", "not-recovered")
                .register(registry);
        for (RecoveryFailure failure : RecoveryFailure.values()) {
            FunctionCounter.builder("realtime.recoveries.failed", namespace, counters -> counters.notRecovered(failure))
                    .description("Recoveries that could not find everything, by the reason")
                    .tags(NAMESPACE, name, "reason", failure.id())
                    .register(registry);
        }
        FunctionCounter.builder("realtime.publications.filtered", namespace, NamespaceStatistics::filtered)
                .description("Publications not written to subscribers because their filter did not match")
                .tag(NAMESPACE, name)
                .register(registry);
        FunctionCounter.builder("realtime.publications.conflated", namespace, NamespaceStatistics::conflated)
                .description("Publications not written to slow clients because a newer one of their key was")
                .tag(NAMESPACE, name)
                .register(registry);
        FunctionCounter.builder("realtime.publications.dropped", namespace, NamespaceStatistics::dropped)
                .description("Publications not written to slow clients because their queue was full")
                .tag(NAMESPACE, name)
                .register(registry);
        FunctionCounter.builder("realtime.publications.lost", namespace, NamespaceStatistics::lost)
                .description("Publications that arrived at this node and could not be delivered to a subscriber")
                .tag(NAMESPACE, name)
                .register(registry);
        FunctionCounter.builder("realtime.insufficient.state", namespace, NamespaceStatistics::insufficientState)
                .description("Gaps found in live streams")
                .tag(NAMESPACE, name)
                .register(registry);
    }
}
