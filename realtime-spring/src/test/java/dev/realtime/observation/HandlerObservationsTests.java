package dev.realtime.observation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.data.Payload;
import dev.realtime.handler.HandlerException;
import dev.realtime.handler.OnRpc;
import dev.realtime.handler.OnSubscribe;
import dev.realtime.handler.SubscribeReply;
import dev.realtime.handler.declaration.HandlerBounds;
import dev.realtime.handler.hook.Handlers;
import dev.realtime.handler.hook.HandlersBuilder;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import reactor.core.publisher.Mono;

/** What is observed of the calls of handler methods, and how the observation reaches them. */
class HandlerObservationsTests {

    private static final ClientIdentity CLIENT = new ClientIdentity("client", "ann", null);

    private static final Channel CHANNEL = new Channel("chat:a", "chat", ChannelOptions.DEFAULTS);

    private final TestObservationRegistry registry = TestObservationRegistry.create();

    private final ExecutorService threads = Executors.newSingleThreadExecutor();

    private final Shop shop = new Shop(registry);

    private final Handlers handlers = discover(shop);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private Handlers discover(Object bean) {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        beans.registerSingleton("bean", bean);
        Handlers handlers = new HandlersBuilder(
                        (payload, type) -> payload.text(),
                        value -> Payload.ofText("\"" + value + "\""),
                        threads,
                        new HandlerBounds(3, 0, Duration.ofSeconds(10)))
                .observer(new HandlerObservations(registry, null))
                .build(beans);
        handlers.afterSingletonsInstantiated();
        return handlers;
    }

    static class Shop {

        private final ObservationRegistry registry;

        private final List<@Nullable Observation> seen = new ArrayList<>();

        Shop(ObservationRegistry registry) {
            this.registry = registry;
        }

        @OnRpc
        String blocking() {
            seen.add(registry.getCurrentObservation());
            return "done";
        }

        @OnRpc
        Mono<String> reactive() {
            return Mono.deferContextual(context -> {
                seen.add(context.get(ObservationThreadLocalAccessor.KEY));
                return Mono.just("done");
            });
        }

        @OnSubscribe("chat:{room}")
        SubscribeReply subscribe() {
            return SubscribeReply.deny();
        }

        @OnRpc
        String refusing() {
            throw new HandlerException(404, "no");
        }

        @OnRpc
        String failing() {
            throw new IllegalStateException("broken");
        }
    }

    private void call(String method) {
        Objects.requireNonNull(handlers.rpcHandler(null))
                .call(CLIENT, method, null)
                .onErrorComplete()
                .block(Duration.ofSeconds(10));
    }

    @Test
    void callIsObservedWithItsMethodKindAndOutcome() {
        call("blocking");

        TestObservationRegistryAssert.assertThat(registry)
                .hasSingleObservationThat()
                .hasNameEqualTo("realtime.handler")
                .hasContextualNameEqualTo("rpc Shop.blocking")
                .hasLowCardinalityKeyValue("handler", "Shop.blocking")
                .hasLowCardinalityKeyValue("kind", "rpc")
                .hasLowCardinalityKeyValue("outcome", "success")
                .hasLowCardinalityKeyValue("error", "none")
                .hasHighCardinalityKeyValue("client", "client")
                .hasBeenStarted()
                .hasBeenStopped();
    }

    @Test
    void channelIsOfHighCardinality() {
        Objects.requireNonNull(handlers.authorizer())
                .authorizeSubscribe(CLIENT, CHANNEL, null)
                .onErrorComplete()
                .block(Duration.ofSeconds(10));

        TestObservationRegistryAssert.assertThat(registry)
                .hasSingleObservationThat()
                .hasHighCardinalityKeyValue("channel", "chat:a")
                .hasLowCardinalityKeyValue("outcome", "success");
    }

    @Test
    void refusalIsNoErrorOfTheObservation() {
        call("refusing");

        TestObservationRegistryAssert.assertThat(registry)
                .hasSingleObservationThat()
                .hasLowCardinalityKeyValue("outcome", "refused")
                .hasLowCardinalityKeyValue("error", "none")
                .doesNotHaveError();
    }

    @Test
    void failureIsAnErrorOfTheObservation() {
        call("failing");

        TestObservationRegistryAssert.assertThat(registry)
                .hasSingleObservationThat()
                .hasLowCardinalityKeyValue("outcome", "failed")
                .hasLowCardinalityKeyValue("error", "IllegalStateException")
                .hasError();
    }

    @Test
    void observationIsOnTheThreadOfABlockingMethodAndInTheContextOfAReactiveOne() {
        call("blocking");
        call("reactive");

        assertThat(shop.seen)
                .hasSize(2)
                .allSatisfy(observation -> assertThat(observation)
                        .isNotNull()
                        .extracting(one -> one.getContext().getName())
                        .isEqualTo("realtime.handler"));
    }

    @Test
    void callBeginsWithinTheObservationOfItsReactorContext() {
        Observation request = Observation.start("request", registry);
        Objects.requireNonNull(handlers.rpcHandler(null))
                .call(CLIENT, "blocking", null)
                .contextWrite(context -> context.put(ObservationThreadLocalAccessor.KEY, request))
                .block(Duration.ofSeconds(10));
        request.stop();

        assertThat(Objects.requireNonNull(shop.seen.get(0)).getContextView().getParentObservation())
                .isSameAs(request);
    }

    @Test
    void threadIsWithoutTheObservationAfterwards() throws Exception {
        call("blocking");

        assertThat(threads.submit(() -> registry.getCurrentObservation() == null)
                        .get())
                .isTrue();
    }
}
