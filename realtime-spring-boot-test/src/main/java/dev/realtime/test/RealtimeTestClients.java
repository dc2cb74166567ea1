package dev.realtime.test;

import dev.realtime.node.RealtimeNode;
import dev.realtime.test.conversation.DataReader;
import dev.realtime.test.socket.NodeConnector;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Opens clients of the node in this JVM, without a port. Each test has its own: clients are closed after the test that
 * opened them, and tests that run at the same time do not see each other's.
 */
public final class RealtimeTestClients {

    private final NodeConnector connector;

    private final DataReader reader;

    private final OpenClients open;

    /** Clients that are open, by the test that they belong to. */
    private static final class OpenClients {

        private final ThreadLocal<@Nullable List<RealtimeTestClient>> ofTest = new ThreadLocal<>();

        /** Clients that were opened on threads without a test, as with a time limit on a separate thread. */
        private final List<RealtimeTestClient> others = new CopyOnWriteArrayList<>();

        private final AtomicInteger tests = new AtomicInteger();

        void begin() {
            if (ofTest.get() == null) {
                ofTest.set(new ArrayList<>());
                tests.incrementAndGet();
            }
        }

        List<RealtimeTestClient> get() {
            List<RealtimeTestClient> known = ofTest.get();
            return known == null ? others : known;
        }

        /** Returns what is to be closed: the clients of this test, after the last test also those of other threads. */
        List<RealtimeTestClient> end() {
            List<RealtimeTestClient> all = new ArrayList<>();
            List<RealtimeTestClient> known = ofTest.get();
            if (known != null) {
                all.addAll(known);
                ofTest.remove();
                tests.decrementAndGet();
            }
            if (tests.get() == 0) {
                all.addAll(others);
                others.clear();
            }
            return all;
        }
    }

    /**
     * @param node that the clients connect to, asked for by each
     * @param loop event loop that owns the connections
     * @param mapper of the application
     */
    public RealtimeTestClients(Supplier<RealtimeNode> node, EventExecutor loop, Supplier<JsonMapper> mapper) {
        this(new NodeConnector(node, loop), new DataReader(mapper), new OpenClients());
    }

    private RealtimeTestClients(NodeConnector connector, DataReader reader, OpenClients open) {
        this.connector = connector;
        this.reader = reader;
        this.open = open;
    }

    /** Returns what opens clients of another node, closed together with these. */
    RealtimeTestClients of(Supplier<RealtimeNode> node) {
        return new RealtimeTestClients(new NodeConnector(node, connector.loop()), reader, open);
    }

    NodeConnector connector() {
        return connector;
    }

    /** Drops the clients of the node that this test has. */
    void dropAll() {
        open.get().stream().filter(client -> client.isConnectedBy(connector)).forEach(RealtimeTestClient::drop);
    }

    /** Begins a client with the user of the test, for instance that of {@code @WithMockUser}; else without a user. */
    public RealtimeTestClientBuilder client() {
        List<RealtimeTestClient> ofTest = open.get();
        return new RealtimeTestClientBuilder(connector, reader)
                .principal(CurrentUser.ofTest())
                .ownedBy("client-" + (ofTest.size() + 1), this::checkName, ofTest::add);
    }

    private void checkName(String name) {
        for (RealtimeTestClient other : open.get()) {
            if (other.name().equals(name)) {
                throw new IllegalArgumentException("This test has a client named '" + name
                        + "' already. Give each client another name with named().\n\n" + other.transcript());
            }
        }
    }

    /** Connects with the user of the test and expects to be accepted. */
    public RealtimeTestClient connect() {
        return client().connect();
    }

    /**
     * Connects as a user and expects to be accepted.
     *
     * @param user name of the user
     * @param roles without the prefix {@code ROLE_}; any need Spring Security on the class path
     */
    public RealtimeTestClient connectAs(String user, String... roles) {
        return client().user(user, roles).connect();
    }

    /** Begins a test on this thread, which has no clients yet. */
    public void begin() {
        open.begin();
    }

    /**
     * Closes the clients of the test on this thread.
     *
     * @param failed whether the test failed already, so that nothing else is reported
     * @throws AssertionError if the server sent an error or a disconnect that the test did not expect
     */
    public void closeAll(boolean failed) {
        AssertionError first = null;
        for (RealtimeTestClient client : open.end()) {
            try {
                if (failed) {
                    client.closeQuietly();
                } else {
                    client.close();
                }
            } catch (AssertionError complaint) {
                if (first == null) {
                    first = complaint;
                } else {
                    first.addSuppressed(complaint);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
