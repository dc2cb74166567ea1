package dev.realtime.autoconfigure;

import org.springframework.context.SmartLifecycle;

/**
 * Stops the node while the web server still runs, so that every client is told (3001) and goes to another node. It comes
 * before the web server's graceful shutdown, which waits for open connections and would wait for each client, and after
 * listeners of the application that still publish (usually {@link #DEFAULT_PHASE}).
 */
final class NodeShutdown implements SmartLifecycle {

    /** Spring Boot begins the graceful shutdown of the web server at {@code DEFAULT_PHASE - 1024}. */
    static final int PHASE = DEFAULT_PHASE - 512;

    private final NodeLifecycle node;

    NodeShutdown(NodeLifecycle node) {
        this.node = node;
    }

    /** Nothing to do: the node runs since before the web server was started. */
    @Override
    public void start() {}

    @Override
    public void stop() {
        node.stop();
    }

    @Override
    public void stop(Runnable callback) {
        node.stop(callback);
    }

    @Override
    public boolean isRunning() {
        return node.isRunning();
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
