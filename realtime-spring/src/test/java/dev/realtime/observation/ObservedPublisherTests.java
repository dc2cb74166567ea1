package dev.realtime.observation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.BroadcastOutcome;
import dev.realtime.api.PublishOptions;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.data.PublishResult;
import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What is observed of publishing. */
class ObservedPublisherTests {

    private final TestObservationRegistry registry = TestObservationRegistry.create();

    private final AtomicReference<Observation> within = new AtomicReference<>();

    private final RealtimePublisher publisher = new ObservedPublisher(new Scripted(), registry, null);

    /** Publisher that fails for the channel {@code closed}. */
    private final class Scripted implements RealtimePublisher {

        @Override
        public Mono<PublishResult> publish(String channel, Object data, PublishOptions options) {
            return Mono.deferContextual(context -> {
                within.set(context.get(ObservationThreadLocalAccessor.KEY));
                return channel.equals("closed") ? Mono.error(new IllegalStateException("closed")) : Mono.empty();
            });
        }

        @Override
        public Mono<Void> publishAfterCommit(String channel, Object data, PublishOptions options) {
            return Mono.empty();
        }

        @Override
        public Flux<BroadcastOutcome> broadcast(Collection<String> channels, Object data, PublishOptions options) {
            return Flux.empty();
        }

        @Override
        public Mono<PublishResult> publishToUser(String userId, Object data, PublishOptions options) {
            return Mono.empty();
        }
    }

    @Test
    void publishIsObservedOnceItIsSubscribedTo() {
        Mono<PublishResult> result = publisher.publish("chat:a", "hello");
        TestObservationRegistryAssert.assertThat(registry).doesNotHaveAnyObservation();

        result.block();

        TestObservationRegistryAssert.assertThat(registry)
                .hasSingleObservationThat()
                .hasNameEqualTo("realtime.publish")
                .hasContextualNameEqualTo("realtime publish")
                .hasLowCardinalityKeyValue("operation", "publish")
                .hasLowCardinalityKeyValue("error", "none")
                .hasHighCardinalityKeyValue("channel", "chat:a")
                .hasBeenStarted()
                .hasBeenStopped();
        assertThat(within.get().getContext().getName()).isEqualTo("realtime.publish");
    }

    @Test
    void failureIsAnErrorOfTheObservation() {
        publisher.publish("closed", "hello").onErrorComplete().block();

        TestObservationRegistryAssert.assertThat(registry)
                .hasSingleObservationThat()
                .hasLowCardinalityKeyValue("error", "IllegalStateException")
                .hasError();
    }

    @Test
    void broadcastsAndPublishesToUsersAreOtherOperations() {
        publisher.broadcast(List.of("a", "b"), "hello").blockLast();
        publisher.publishToUser("ann", "hello").block();
        publisher.publishAfterCommit("a", "hello").block();

        TestObservationRegistryAssert.assertThat(registry)
                .hasNumberOfObservationsEqualTo(2)
                .hasAnObservationWithAKeyValue("operation", "broadcast")
                .hasAnObservationWithAKeyValue("operation", "publish-to-user");
    }

    @Test
    void publishBeginsWithinTheObservationOfTheThread() {
        Observation request = Observation.start("request", registry);
        request.scoped(() -> publisher.publish("chat:a", "hello").block());
        request.stop();

        assertThat(within.get().getContextView().getParentObservation()).isSameAs(request);
    }
}
