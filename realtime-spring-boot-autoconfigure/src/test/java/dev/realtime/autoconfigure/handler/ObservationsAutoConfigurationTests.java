package dev.realtime.autoconfigure.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.autoconfigure.RealtimeFacets;
import dev.realtime.handler.OnRpc;
import dev.realtime.node.RealtimeNode;
import dev.realtime.observation.DefaultHandlerObservationConvention;
import dev.realtime.observation.HandlerObservationConvention;
import dev.realtime.observation.ObservedPublisher;
import dev.realtime.spi.hook.RpcHandler;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** Handlers and publishing are observed where the application has an observation registry. */
class ObservationsAutoConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(RealtimeFacets.with())
            .withPropertyValues("realtime.channel.namespaces.chat.presence=false")
            .withBean(Shop.class);

    private final List<String> stopped = new CopyOnWriteArrayList<>();

    static class Shop {

        private final RealtimePublisher publisher;

        Shop(RealtimePublisher publisher) {
            this.publisher = publisher;
        }

        @OnRpc
        void buy() {
            publisher.publish("chat:sales", "sold").block(Duration.ofSeconds(10));
        }
    }

    private ObservationRegistry registry() {
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStop(Observation.Context context) {
                var parent = context.getParentObservation();
                stopped.add(context.getName() + " in "
                        + (parent == null ? "nothing" : parent.getContextView().getName()));
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        return registry;
    }

    private static void buy(ApplicationContext context) {
        RpcHandler handler = context.getBean(RealtimeNode.class).callbacks().rpcHandler();
        assertThat(handler).isNotNull();
        handler.call(new ClientIdentity("client", "user", null), "buy", null).block(Duration.ofSeconds(10));
    }

    @Test
    void publishOfABlockingHandlerIsPartOfItsCall() {
        runner.withBean(ObservationRegistry.class, this::registry).run(context -> {
            buy(context);

            assertThat(stopped).containsExactly("realtime.publish in realtime.handler", "realtime.handler in nothing");
        });
    }

    @Test
    void conventionBeanReplacesTheNames() {
        HandlerObservationConvention convention = new DefaultHandlerObservationConvention() {
            @Override
            public String getName() {
                return "shop.calls";
            }
        };
        runner.withBean(ObservationRegistry.class, this::registry)
                .withBean(HandlerObservationConvention.class, () -> convention)
                .run(context -> {
                    buy(context);

                    assertThat(stopped).contains("shop.calls in nothing");
                });
    }

    @Test
    void nothingIsObservedWithoutARegistryOrByOneThatDoesNothing() {
        runner.run(context ->
                assertThat(context.getBean(RealtimePublisher.class)).isNotInstanceOf(ObservedPublisher.class));
        runner.withBean(ObservationRegistry.class, () -> ObservationRegistry.NOOP)
                .run(context ->
                        assertThat(context.getBean(RealtimePublisher.class)).isNotInstanceOf(ObservedPublisher.class));
    }
}
