package dev.realtime.test;

import dev.realtime.test.engine.EngineCall;
import dev.realtime.test.engine.NodeEngine;
import java.time.Duration;

/**
 * Faults of the engine under a node, on command: {@code fail} and {@code delay} last until {@code heal}, or the end of
 * the test. They concern all tests that share the application context: a test with faults must not run at the same time
 * as others of that context.
 */
public final class RealtimeTestEngine {

    private final NodeEngine engine;

    /** @param engine of the node */
    RealtimeTestEngine(NodeEngine engine) {
        this.engine = engine;
    }

    /**
     * Lets calls of the node to the engine fail, as when Redis refuses them.
     *
     * @param calls kinds of calls; all if none are named
     */
    public void fail(EngineCall... calls) {
        for (EngineCall call : calls.length == 0 ? EngineCall.values() : calls) {
            engine.faults().fail(call);
        }
    }

    /**
     * Lets calls of the node to the engine take time, which passes as the clock of the test does.
     *
     * @param delay of each call
     * @param calls kinds of calls; all if none are named
     */
    public void delay(Duration delay, EngineCall... calls) {
        for (EngineCall call : calls.length == 0 ? EngineCall.values() : calls) {
            engine.faults().delay(call, delay);
        }
    }

    /** Cuts the node off: all calls fail, and nothing reaches it that others publish. */
    public void cutOff() {
        engine.faults().cutOff();
    }

    /** Ends all faults. Subscribers that missed something while the node was cut off are notified. */
    public void heal() {
        engine.heal();
    }

    /**
     * Loses the history of all channels, as when Redis is restarted empty: positioned subscribers are notified (2500 or
     * 3010), and clients that reconnect receive {@code recovered: false}.
     */
    public void loseHistory() {
        engine.shared().loseHistory();
    }
}
