package dev.realtime.connection;

import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.loop.ConnectionLoops;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.spi.transport.Transport;
import dev.realtime.statistics.NodeStatistics;
import java.time.Clock;

/** Makes the connections of a node. */
public final class ConnectionAcceptor {

    private final ConnectionLoops loops;

    private final CommandDispatcher dispatcher;

    private final ProtocolLimits limits;

    private final ClientOptions options;

    private final ChannelMembership membership;

    private final ClientConnections clients;

    private final ApplicationCalls calls;

    private final NodeStatistics statistics;

    private final Clock clock;

    public ConnectionAcceptor(
            ConnectionLoops loops,
            CommandDispatcher dispatcher,
            ProtocolLimits limits,
            ClientOptions options,
            ChannelMembership membership,
            ClientConnections clients,
            ApplicationCalls calls,
            NodeStatistics statistics,
            Clock clock) {
        this.loops = loops;
        this.dispatcher = dispatcher;
        this.limits = limits;
        this.options = options;
        this.membership = membership;
        this.clients = clients;
        this.calls = calls;
        this.statistics = statistics;
        this.clock = clock;
    }

    /** Takes on a client, on the executor of its transport. */
    public ClientConnection accept(Transport transport) {
        ClientConnection connection = new ClientConnection(
                transport,
                loops.of(transport.executor()),
                dispatcher,
                limits,
                options,
                membership,
                clients,
                calls,
                statistics,
                clock);
        try {
            connection.open();
        } catch (Throwable failure) {
            Boundary.end(Place.ACCEPT, connection, failure);
        }
        return connection;
    }
}
