package dev.realtime.test;

import dev.realtime.api.BroadcastOutcome;
import dev.realtime.api.PublishOptions;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.data.PublishResult;
import dev.realtime.spi.hook.TransactionHook;
import dev.realtime.test.PublicationRecorder.Waiting;
import dev.realtime.test.RecordedPublication.Timing;
import java.util.Collection;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Publisher of the application that records what succeeds. */
final class RecordingPublisher implements RealtimePublisher {

    private final RealtimePublisher publisher;

    private final PublicationRecorder recorder;

    private final Supplier<@Nullable TransactionHook> transactions;

    private final UnaryOperator<String> personalChannel;

    /** @param personalChannel user to the name of its channel */
    RecordingPublisher(
            RealtimePublisher publisher,
            PublicationRecorder recorder,
            Supplier<@Nullable TransactionHook> transactions,
            UnaryOperator<String> personalChannel) {
        this.publisher = publisher;
        this.recorder = recorder;
        this.transactions = transactions;
        this.personalChannel = personalChannel;
    }

    private void published(String channel, Object data, PublishOptions options) {
        recorder.published(new RecordedPublication(channel, data, options, Timing.IMMEDIATELY));
    }

    @Override
    public Mono<PublishResult> publish(String channel, Object data, PublishOptions options) {
        return publisher.publish(channel, data, options).doOnSuccess(result -> published(channel, data, options));
    }

    @Override
    public Mono<Void> publishAfterCommit(String channel, Object data, PublishOptions options) {
        Mono<Void> registered = publisher.publishAfterCommit(channel, data, options);
        return registered.then(Mono.defer(() -> {
            TransactionHook hook = transactions.get();
            if (hook == null) {
                return Mono.empty();
            }
            Waiting one = recorder.registered(new RecordedPublication(channel, data, options, Timing.AFTER_COMMIT));
            return hook.afterCommit(() -> recorder.committed(one));
        }));
    }

    @Override
    public Flux<BroadcastOutcome> broadcast(Collection<String> channels, Object data, PublishOptions options) {
        return publisher.broadcast(channels, data, options).doOnNext(outcome -> {
            if (outcome.error() == null) {
                published(outcome.channel(), data, options);
            }
        });
    }

    @Override
    public Mono<PublishResult> publishToUser(String userId, Object data, PublishOptions options) {
        return publisher
                .publishToUser(userId, data, options)
                .doOnSuccess(result -> published(personalChannel.apply(userId), data, options));
    }
}
