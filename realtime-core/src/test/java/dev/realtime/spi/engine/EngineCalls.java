package dev.realtime.spi.engine;

import static org.awaitility.Awaitility.with;

import java.time.Duration;
import org.awaitility.core.ThrowingRunnable;
import reactor.core.publisher.Mono;

/** Calls of an engine, waited for. */
public final class EngineCalls {

    /** Longer than anything that works takes on a busy machine. */
    public static final Duration PATIENCE = Duration.ofSeconds(45);

    private EngineCalls() {}

    /** Starts an engine whose node only records deliveries. */
    public static void start(Engine engine, BrokerListener listener) {
        start(engine, listener, new RecordingNodeHandler("node"));
    }

    /** Starts an engine with the handlers of its node. */
    public static void start(Engine engine, BrokerListener listener, NodeHandler handler) {
        engine.broker().start(listener);
        engine.controlBus().start(handler);
        get(engine.start());
    }

    /** Waits for the result of a call. */
    public static <T> T get(Mono<T> mono) {
        return mono.block(PATIENCE);
    }

    /** Waits until an assertion holds. */
    public static void eventually(ThrowingRunnable assertion) {
        with().pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .await()
                .atMost(PATIENCE)
                .untilAsserted(assertion);
    }
}
