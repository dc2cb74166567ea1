package dev.realtime.node;

import dev.realtime.api.ChannelOperations;
import dev.realtime.api.RealtimePresence;
import dev.realtime.engine.PresenceStats;
import dev.realtime.protocol.ClientInfo;
import java.util.Map;
import reactor.core.publisher.Mono;

/** The presence bean of a node. */
final class NodePresence implements RealtimePresence {

    private final ChannelOperations operations;

    NodePresence(ChannelOperations operations) {
        this.operations = operations;
    }

    @Override
    public Mono<Map<String, ClientInfo>> presence(String channel) {
        return Mono.defer(() -> operations.presence(operations.channel(channel)));
    }

    @Override
    public Mono<PresenceStats> stats(String channel) {
        return Mono.defer(() -> operations.presenceStats(operations.channel(channel)));
    }
}
