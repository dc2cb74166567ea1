package dev.realtime.test;

import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.node.RealtimeNode;
import dev.realtime.test.socket.NodeConnector;
import java.time.Duration;

/** One node of a {@link RealtimeTestCluster}. */
public final class RealtimeTestNode {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RealtimeNode node;

    private final RealtimeTestClients clients;

    private final RealtimeTestEngine engine;

    private final boolean ofApplication;

    RealtimeTestNode(RealtimeNode node, RealtimeTestClients clients, RealtimeTestEngine engine, boolean ofApplication) {
        this.node = node;
        this.clients = clients;
        this.engine = engine;
        this.ofApplication = ofApplication;
    }

    /** Returns what opens clients of this node. */
    public RealtimeTestClients clients() {
        return clients;
    }

    /** Connects as a user to this node and expects to be accepted. */
    public RealtimeTestClient connectAs(String user, String... roles) {
        return clients.connectAs(user, roles);
    }

    /** Returns the publisher of this node. That of the first node is the one the application injects. */
    public RealtimePublisher publisher() {
        return node.publisher();
    }

    /** Returns what acts on channels from this node. */
    public RealtimeChannels channels() {
        return node.channels();
    }

    /** Returns the faults between this node and the engine. */
    public RealtimeTestEngine engine() {
        return engine;
    }

    /**
     * Stops the node in good order, as a deployment does: its clients are disconnected with 3001.
     *
     * @throws IllegalStateException if it is the node of the application context
     */
    public void stop() {
        checkOwn("stopped");
        node.stop().block(PATIENCE);
    }

    /**
     * Ends the node without notice, as when its machine is gone: its clients are dropped.
     *
     * @throws IllegalStateException if it is the node of the application context
     */
    public void crash() {
        checkOwn("ended");
        engine.cutOff();
        clients.dropAll();
        node.stop().block(PATIENCE);
    }

    private void checkOwn(String done) {
        if (ofApplication) {
            throw new IllegalStateException("The first node is that of the application context, which other tests use:"
                    + " it cannot be " + done + ". Let the clients concerned connect to second().");
        }
    }

    NodeConnector connector() {
        return clients.connector();
    }

    /** Stops the node after the test. */
    void end() {
        engine.heal();
        if (node.isRunning()) {
            node.stop().block(PATIENCE);
        }
    }

    @Override
    public String toString() {
        return node.toString();
    }
}
