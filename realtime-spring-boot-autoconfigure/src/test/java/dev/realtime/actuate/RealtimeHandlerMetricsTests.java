package dev.realtime.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.data.Payload;
import dev.realtime.event.ApplicationEvents;
import dev.realtime.handler.OnRpc;
import dev.realtime.handler.declaration.HandlerBounds;
import dev.realtime.handler.hook.Handlers;
import dev.realtime.handler.hook.HandlersBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import reactor.core.publisher.Mono;

/** Calls of handler methods are counted by how they end. */
class RealtimeHandlerMetricsTests {

    static class Calls {

        @OnRpc("good")
        void good() {}

        @OnRpc("bad")
        Mono<Void> bad() {
            return Mono.error(new IllegalStateException("on purpose"));
        }

        @OnRpc("endless")
        Mono<Void> endless() {
            return Mono.never();
        }
    }

    @Test
    void callsAreCountedByTheirOutcome() {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        beans.registerBeanDefinition("calls", new RootBeanDefinition(Calls.class, Calls::new));
        Handlers handlers = new HandlersBuilder(
                        (payload, type) -> null,
                        value -> Payload.empty(),
                        Runnable::run,
                        new HandlerBounds(1, 0, Duration.ofSeconds(1)))
                .build(beans);
        handlers.afterSingletonsInstantiated();
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (ApplicationEvents events = new ApplicationEvents(event -> {}, 1)) {
            new RealtimeHandlerMetrics(handlers, events).bindTo(registry);

            call(handlers, "good").block();
            call(handlers, "bad").onErrorComplete().block();
            var first = call(handlers, "endless").subscribe();
            call(handlers, "endless").onErrorComplete().block();
            assertThat(registry.get("realtime.handler.running")
                            .tag("handler", "Calls.endless")
                            .gauge()
                            .value())
                    .isEqualTo(1);
            first.dispose();
        }

        assertThat(count(registry, "Calls.good", "success")).isEqualTo(1);
        assertThat(count(registry, "Calls.bad", "failed")).isEqualTo(1);
        assertThat(count(registry, "Calls.endless", "rejected")).isEqualTo(1);
        assertThat(count(registry, "Calls.endless", "timeout")).isEqualTo(1);
    }

    private static Mono<Payload> call(Handlers handlers, String method) {
        var rpc = handlers.rpcHandler(null);
        assertThat(rpc).isNotNull();
        return rpc.call(new ClientIdentity("client", "user", null), method, null);
    }

    private static double count(SimpleMeterRegistry registry, String handler, String outcome) {
        return registry.get("realtime.handler.calls")
                .tags("handler", handler, "kind", "rpc", "outcome", outcome)
                .functionCounter()
                .count();
    }
}
