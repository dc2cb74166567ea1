package dev.realtime.connection;

import dev.realtime.emulation.EmulatedSession;
import dev.realtime.emulation.EmulatedSessions;
import dev.realtime.statistics.NodeStatistics;
import dev.realtime.statistics.ReachedLimit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** All connections of this node: those still introducing themselves, and the connected ones by user and by id. */
public final class ClientConnections {

    private final int userLimit;

    private final NodeStatistics statistics;

    private final EmulatedSessions sessions;

    private final Set<ClientConnection> open = ConcurrentHashMap.newKeySet();

    private final Map<String, Set<ClientConnection>> byUser = new ConcurrentHashMap<>();

    /** @param userLimit most connections of one user; 0 for any number */
    public ClientConnections(int userLimit, NodeStatistics statistics) {
        this.userLimit = userLimit;
        this.statistics = statistics;
        this.sessions = new EmulatedSessions(statistics);
    }

    void opened(ClientConnection connection) {
        open.add(connection);
    }

    /** Registers a client under its user, and returns whether the limit permits it; counts a refusal if not. */
    public boolean connected(ClientConnection connection) {
        boolean[] admitted = {true};
        byUser.compute(connection.profile().userId(), (user, connections) -> {
            Set<ClientConnection> all = connections == null ? ConcurrentHashMap.newKeySet(1) : connections;
            if (userLimit > 0 && !user.isEmpty() && all.size() >= userLimit) {
                admitted[0] = false;
            } else {
                all.add(connection);
            }
            return all;
        });
        if (!admitted[0]) {
            statistics.refused(ReachedLimit.USER_CONNECTION_LIMIT, "");
        }
        return admitted[0];
    }

    /**
     * Returns the secret id of the session in which a connected client posts its frames from now on; empty if they come
     * over its transport.
     */
    public String openSession(ClientConnection connection) {
        EmulatedSession session = connection.emulated();
        return session == null ? "" : sessions.register(session);
    }

    /** Returns the sessions of clients that post their frames. */
    public EmulatedSessions sessions() {
        return sessions;
    }

    void closed(ClientConnection connection) {
        open.remove(connection);
        EmulatedSession session = connection.emulated();
        if (session != null) {
            sessions.forget(session);
        }
        refused(connection);
    }

    /** Removes the connection from its user's set; the socket stays open. */
    void refused(ClientConnection connection) {
        byUser.computeIfPresent(connection.profile().userId(), (user, connections) -> {
            connections.remove(connection);
            return connections.isEmpty() ? null : connections;
        });
    }

    /** Connected clients of a user; the empty user has all anonymous ones. */
    public Collection<ClientConnection> ofUser(String userId) {
        Set<ClientConnection> connections = byUser.get(userId);
        return connections == null ? List.of() : connections;
    }

    /** Number of open connections, the ones still introducing themselves included. */
    public int count() {
        return open.size();
    }

    /** Number of distinct users connected; all anonymous clients count as one. */
    public int users() {
        return byUser.size();
    }

    /** Calls back with every open connection. */
    public void forEach(Consumer<ClientConnection> action) {
        open.forEach(action);
    }
}
