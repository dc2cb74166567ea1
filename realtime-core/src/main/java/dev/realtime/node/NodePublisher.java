package dev.realtime.node;

import dev.realtime.api.BroadcastOutcome;
import dev.realtime.api.PublishOptions;
import dev.realtime.api.RealtimeException;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.PublishResult;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.Place;
import dev.realtime.operation.ChannelOperations;
import dev.realtime.spi.hook.TransactionHook;
import dev.realtime.statistics.NodeStatistics;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The publisher bean of a node. */
final class NodePublisher implements RealtimePublisher {

    /** Channels of one broadcast published to at one time. */
    private static final int BROADCAST_CONCURRENCY = 256;

    private final ChannelOperations operations;

    /** Name of the personal channel of a user; {@code null} if users have none. */
    private final @Nullable UnaryOperator<String> personalChannel;

    private final @Nullable TransactionHook transactions;

    private final NodeStatistics statistics;

    NodePublisher(
            ChannelOperations operations,
            @Nullable UnaryOperator<String> personalChannel,
            @Nullable TransactionHook transactions,
            NodeStatistics statistics) {
        this.operations = operations;
        this.personalChannel = personalChannel;
        this.transactions = transactions;
        this.statistics = statistics;
    }

    @Override
    public Mono<PublishResult> publish(String channel, Object data, PublishOptions options) {
        return Mono.defer(() -> operations.publish(channel, data, options));
    }

    @Override
    public Mono<Void> publishAfterCommit(String channel, Object data, PublishOptions options) {
        return Mono.defer(() -> {
            TransactionHook hook = transactions;
            if (hook == null) {
                return Mono.error(new IllegalStateException(
                        "Nothing can be published after a commit, because this application has no"
                                + " transactions. Add"
                                + " spring-tx, which every starter for databases brings, or publish now"
                                + " with publish()."));
            }
            // Checked and written now: what the channel would refuse must still be able to roll back the transaction.
            Supplier<Mono<PublishResult>> publish = operations.prepare(channel, data, options);
            return hook.afterCommit(() -> publishCommitted(hook, channel, publish));
        });
    }

    private void publishCommitted(TransactionHook hook, String channel, Supplier<Mono<PublishResult>> publish) {
        Boundary.call(Place.AFTER_COMMIT, "channel '" + channel + "'", publish, failure -> {
            if (failure != null) {
                statistics.publicationLostAfterCommit();
                hook.publishFailed(channel, failure);
            }
        });
    }

    @Override
    public Flux<BroadcastOutcome> broadcast(Collection<String> channels, Object data, PublishOptions options) {
        List<String> names = List.copyOf(channels);
        return Flux.defer(() -> {
            Payload payload = operations.payload(data);
            return Flux.fromIterable(names)
                    .flatMapSequential(channel -> publishOne(channel, payload, options), BROADCAST_CONCURRENCY);
        });
    }

    private Mono<BroadcastOutcome> publishOne(String channel, Payload payload, PublishOptions options) {
        return publish(channel, payload, options)
                .map(result -> new BroadcastOutcome(channel, result, null))
                .onErrorResume(error -> Mono.just(new BroadcastOutcome(channel, null, error)));
    }

    @Override
    public Mono<PublishResult> publishToUser(String userId, Object data, PublishOptions options) {
        if (userId.isEmpty()) {
            return Mono.error(new RealtimeException(
                    ClientError.BAD_REQUEST,
                    "The user id is empty, and anonymous clients have no channel of their own."));
        }
        if (personalChannel == null) {
            return Mono.error(new RealtimeException(
                    ClientError.NOT_AVAILABLE,
                    "Users have no channel of their own, so nothing can be published to user '" + userId
                            + "'. Set realtime.client.subscribe-to-user-personal-channel.enabled=true."));
        }
        return publish(personalChannel.apply(userId), data, options);
    }
}
