package dev.realtime.node;

import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.RealtimeClients;
import dev.realtime.api.RealtimePresence;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.connection.NodeStatistics;
import dev.realtime.transport.Transport;
import dev.realtime.transport.TransportListener;
import reactor.core.publisher.Mono;

/** One running server among peers: owns the hub and the connections of this process, and talks to the engine. */
public final class RealtimeNode {

    public RealtimeNode(NodeParts parts) {
        throw new IllegalStateException("being written");
    }

    /** Unique for the life of the process. */
    public String id() {
        throw new IllegalStateException("being written");
    }

    /** The parts it was made of. */
    public NodeParts parts() {
        throw new IllegalStateException("being written");
    }

    /** Begins to work; connections may be accepted when it completes. */
    public Mono<Void> start() {
        throw new IllegalStateException("being written");
    }

    /** Closes all connections with 3001 and stops the engine; completes when both are done. */
    public Mono<Void> stop() {
        throw new IllegalStateException("being written");
    }

    /** Takes on a client. Called on the executor of the transport; the transport reports to what is returned. */
    public TransportListener accept(Transport transport) {
        throw new IllegalStateException("being written");
    }

    public RealtimePublisher publisher() {
        throw new IllegalStateException("being written");
    }

    public RealtimeChannels channels() {
        throw new IllegalStateException("being written");
    }

    public RealtimePresence presence() {
        throw new IllegalStateException("being written");
    }

    public RealtimeClients clients() {
        throw new IllegalStateException("being written");
    }

    /** Counters of this node. */
    public NodeStatistics statistics() {
        throw new IllegalStateException("being written");
    }
}
