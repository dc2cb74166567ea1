package dev.realtime.autoconfigure;

import dev.realtime.node.RealtimeNode;
import org.springframework.context.SmartLifecycle;

/**
 * Disconnection of all clients while the web server still runs, so that each is notified (3001) and connects to another
 * node. It precedes the web server's graceful shutdown, which waits for open connections and would wait for each
 * client, and after listeners of the application that still publish (usually {@link #DEFAULT_PHASE}). The engine works
 * until {@link NodeLifecycle} stops it, so that the last requests of the web server can publish.
 */
final class NodeShutdown implements SmartLifecycle {

    /** Spring Boot begins the graceful shutdown of the web server at {@code DEFAULT_PHASE - 1024}. */
    static final int PHASE = DEFAULT_PHASE - 512;

    private final RealtimeNode node;

    NodeShutdown(RealtimeNode node) {
        this.node = node;
    }

    /** Does nothing: the node was started before the web server. */
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
