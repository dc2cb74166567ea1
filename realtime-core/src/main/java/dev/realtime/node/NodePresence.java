package dev.realtime.node;

import dev.realtime.api.RealtimePresence;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.PresenceStats;
import dev.realtime.operation.ChannelOperations;
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
