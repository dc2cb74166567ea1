package dev.realtime.autoconfigure;

import dev.realtime.node.RealtimeNode;
import org.springframework.context.SmartLifecycle;

/**
 * Sends the clients away while the web server still runs, so that each of them is notified (3001) and goes to another
 * node. It comes before the web server's graceful shutdown, which waits for open connections and would wait for each
 * client, and after listeners of the application that still publish (usually {@link #DEFAULT_PHASE}). The engine works
 * until {@link NodeLifecycle} stops it: requests that the web server still finishes may publish.
 */
final class NodeShutdown implements SmartLifecycle {

    /** Spring Boot begins the graceful shutdown of the web server at {@code DEFAULT_PHASE - 1024}. */
    static final int PHASE = DEFAULT_PHASE - 512;

    private final RealtimeNode node;

    NodeShutdown(RealtimeNode node) {
        this.node = node;
    }

    /** Nothing to do: the node runs since before the web server was started. */
    @Override
    public void start() {}

    @Override
    public void stop() {
        node.drain().block();
    }

    @Override
    public void stop(Runnable callback) {
        node.drain().doFinally(signal -> callback.run()).subscribe();
    }

    @Override
    public boolean isRunning() {
        return node.takesClients();
    }

    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
