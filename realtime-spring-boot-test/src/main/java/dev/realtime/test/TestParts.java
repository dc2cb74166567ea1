package dev.realtime.test;

import dev.realtime.api.RealtimePublisher;
import dev.realtime.channel.PersonalChannel;
import dev.realtime.engine.memory.MemoryEngine;
import dev.realtime.node.NodeTime;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.hook.TransactionHook;
import dev.realtime.test.engine.Faults;
import dev.realtime.test.engine.NodeEngine;
import dev.realtime.test.engine.SharedMemory;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.Environment;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.json.JsonMapper;

/** Makes the parts of a test that belong to one clock; for the auto-configuration. */
public final class TestParts {

    private TestParts() {}

    /** Returns the time of a node. */
    public static NodeTime nodeTime(RealtimeTestClock clock) {
        return clock.newNodeTime();
    }

    /** Returns what opens clients of a node. */
    public static RealtimeTestClients clients(
            Supplier<RealtimeNode> node, RealtimeTestClock clock, Supplier<JsonMapper> mapper) {
        return new RealtimeTestClients(node, clock.newLoop("realtime-test-clients"), mapper);
    }

    /** Returns a publisher that records what goes through it. */
    public static RealtimePublisher recording(
            RealtimePublisher publisher,
            PublicationRecorder recorder,
            Supplier<@Nullable TransactionHook> transactions,
            Supplier<RealtimeNode> node) {
        return publisher instanceof RecordingPublisher
                ? publisher
                : new RecordingPublisher(publisher, recorder, transactions, user -> personalChannel(node.get(), user));
    }

    private static String personalChannel(RealtimeNode node, String user) {
        return PersonalChannel.name(
                node.clientOptions().personalChannelNamespace(),
                node.namespaces().rules(),
                user);
    }

    /** Returns an engine in memory, with the presence time-to-live of the application. */
    public static NodeEngine engine(RealtimeTestClock clock, Environment environment) {
        Duration ttl = DurationStyle.detectAndParse(environment.getProperty("realtime.memory.presence-ttl", "60s"));
        Scheduler scheduler = clock.newScheduler("realtime-test-engine");
        return new SharedMemory(new MemoryEngine(ttl, scheduler, clock::nanoTime)).newNode(new Faults(scheduler));
    }

    /** Returns the faults of an engine. */
    public static RealtimeTestEngine faults(NodeEngine engine) {
        return new RealtimeTestEngine(engine);
    }

    /** Returns the nodes of an application. */
    public static RealtimeTestCluster cluster(
            Supplier<RealtimeNode> node, NodeEngine engine, RealtimeTestClients clients, RealtimeTestClock clock) {
        return new RealtimeTestCluster(node, engine, clients, clock, clock.newScheduler("realtime-test-engine-2"));
    }
}
