package dev.realtime.test;

import dev.realtime.node.NodeOptions;
import dev.realtime.node.RealtimeNode;
import dev.realtime.test.engine.Faults;
import dev.realtime.test.engine.NodeEngine;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * Two nodes in one JVM that share channels, history and presence, as two instances of the application over Redis do.
 * The first is that of the application context; the second has the same handlers, properties and beans, begins when a
 * test asks for it, and ends with that test. Tests that use it must not run at the same time in one application
 * context.
 */
public final class RealtimeTestCluster {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Supplier<RealtimeNode> application;

    private final NodeEngine engine;

    private final RealtimeTestClients clients;

    private final RealtimeTestClock clock;

    private final Scheduler delays;

    private @Nullable RealtimeTestNode second;

    RealtimeTestCluster(
            Supplier<RealtimeNode> application,
            NodeEngine engine,
            RealtimeTestClients clients,
            RealtimeTestClock clock,
            Scheduler delays) {
        this.application = application;
        this.engine = engine;
        this.clients = clients;
        this.clock = clock;
        this.delays = delays;
    }

    /** Returns the node of the application context. */
    public RealtimeTestNode first() {
        return new RealtimeTestNode(application.get(), clients, new RealtimeTestEngine(engine), true);
    }

    /** Returns the second node of this test, and starts it if need be. */
    public synchronized RealtimeTestNode second() {
        if (second == null) {
            NodeEngine other = engine.shared().newNode(new Faults(delays));
            RealtimeNode node = peer(application.get(), other);
            node.start().block(PATIENCE);
            second = new RealtimeTestNode(node, clients.of(() -> node), new RealtimeTestEngine(other), false);
        }
        return second;
    }

    private RealtimeNode peer(RealtimeNode first, NodeEngine other) {
        NodeOptions options = new NodeOptions(
                first.options().name() + "-2",
                first.options().version(),
                Duration.ZERO,
                first.options().shutdownTimeout());
        return first.peer(options, other).time(clock.newNodeTime()).build();
    }

    /** Ends the second node, if the test had one. */
    public synchronized void reset() {
        RealtimeTestNode ended = second;
        second = null;
        if (ended != null) {
            ended.end();
        }
    }
}
