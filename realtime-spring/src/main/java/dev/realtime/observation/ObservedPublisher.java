package dev.realtime.observation;

import dev.realtime.api.BroadcastOutcome;
import dev.realtime.api.PublishOptions;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.data.PublishResult;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Publisher that observes each publish, from the subscription to the reply of the engine. The parent is the observation
 * of the Reactor context, or without one that of the subscribing thread. Publications after a commit are not observed,
 * since the call only registers them.
 */
public final class ObservedPublisher implements RealtimePublisher {

    private static final PublishObservationConvention DEFAULT = new DefaultPublishObservationConvention();

    private final RealtimePublisher publisher;

    private final ObservationRegistry registry;

    private final @Nullable PublishObservationConvention convention;

    /**
     * Creates a publisher.
     *
     * @param publisher delegate that publishes
     * @param registry registry of the observations
     * @param convention names and key values; {@code null} for {@link DefaultPublishObservationConvention}
     */
    public ObservedPublisher(
            RealtimePublisher publisher,
            ObservationRegistry registry,
            @Nullable PublishObservationConvention convention) {
        this.publisher = publisher;
        this.registry = registry;
        this.convention = convention;
    }

    @Override
    public Mono<PublishResult> publish(String channel, Object data, PublishOptions options) {
        return observed("publish", channel, publisher.publish(channel, data, options));
    }

    @Override
    public Mono<Void> publishAfterCommit(String channel, Object data, PublishOptions options) {
        return publisher.publishAfterCommit(channel, data, options);
    }

    @Override
    public Flux<BroadcastOutcome> broadcast(Collection<String> channels, Object data, PublishOptions options) {
        Flux<BroadcastOutcome> outcomes = publisher.broadcast(channels, data, options);
        return Flux.deferContextual(context -> {
            Observation observation = begin("broadcast", null, context);
            return outcomes.doOnError(observation::error)
                    .doFinally(signal -> observation.stop())
                    .contextWrite(inner -> inner.put(ObservationThreadLocalAccessor.KEY, observation));
        });
    }

    @Override
    public Mono<PublishResult> publishToUser(String userId, Object data, PublishOptions options) {
        return observed("publish-to-user", null, publisher.publishToUser(userId, data, options));
    }

    private Mono<PublishResult> observed(String operation, @Nullable String channel, Mono<PublishResult> result) {
        return Mono.deferContextual(context -> {
            Observation observation = begin(operation, channel, context);
            return result.doOnError(observation::error)
                    .doFinally(signal -> observation.stop())
                    .contextWrite(inner -> inner.put(ObservationThreadLocalAccessor.KEY, observation));
        });
    }

    private Observation begin(String operation, @Nullable String channel, ContextView context) {
        Observation observation = Observation.createNotStarted(
                convention, DEFAULT, () -> new PublishObservationContext(operation, channel), registry);
        Observation parent = context.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
        return (parent == null ? observation : observation.parentObservation(parent)).start();
    }
}
