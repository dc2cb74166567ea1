package dev.realtime.node;

import dev.realtime.api.BroadcastOutcome;
import dev.realtime.api.ChannelOperations;
import dev.realtime.api.PublishSettings;
import dev.realtime.api.RealtimeException;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.connection.PersonalChannel;
import dev.realtime.engine.PublishResult;
import dev.realtime.protocol.ClientError;
import dev.realtime.protocol.Payload;
import java.util.Collection;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The publisher bean of a node. */
final class NodePublisher implements RealtimePublisher {

    /** Channels of one broadcast published to at one time. */
    private static final int BROADCAST_CONCURRENCY = 256;

    private final ChannelOperations operations;

    private final Payloads payloads;

    private final NodeParts parts;

    NodePublisher(ChannelOperations operations, Payloads payloads, NodeParts parts) {
        this.operations = operations;
        this.payloads = payloads;
        this.parts = parts;
    }

    @Override
    public Mono<PublishResult> publish(String channel, Object data, PublishSettings settings) {
        return Mono.defer(() -> operations.publish(operations.channel(channel), payloads.of(data), null, settings));
    }

    @Override
    public Flux<BroadcastOutcome> broadcast(Collection<String> channels, Object data, PublishSettings settings) {
        List<String> names = List.copyOf(channels);
        return Flux.defer(() -> {
            Payload payload = payloads.of(data);
            return Flux.fromIterable(names)
                    .flatMapSequential(channel -> publishOne(channel, payload, settings), BROADCAST_CONCURRENCY);
        });
    }

    private Mono<BroadcastOutcome> publishOne(String channel, Payload payload, PublishSettings settings) {
        return publish(channel, payload, settings)
                .map(result -> new BroadcastOutcome(channel, result, null))
                .onErrorResume(error -> Mono.just(new BroadcastOutcome(channel, null, error)));
    }

    @Override
    public Mono<PublishResult> publishToUser(String userId, Object data, PublishSettings settings) {
        if (userId.isEmpty()) {
            return Mono.error(new RealtimeException(
                    ClientError.BAD_REQUEST,
                    "The user id is empty, and anonymous clients have no channel of their own."));
        }
        if (!parts.clientOptions().personalChannel()) {
            return Mono.error(new RealtimeException(
                    ClientError.NOT_AVAILABLE,
                    "Users have no channel of their own, so nothing can be published to user '" + userId
                            + "'. Set realtime.client.subscribe-to-user-personal-channel.enabled=true."));
        }
        String channel =
                PersonalChannel.name(parts.clientOptions(), parts.namespaces().rules(), userId);
        return publish(channel, data, settings);
    }
}
