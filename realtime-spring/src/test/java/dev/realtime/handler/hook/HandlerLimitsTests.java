package dev.realtime.handler.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.connection.CallbackDeadline;
import dev.realtime.handler.HandlerLimits;
import dev.realtime.handler.HandlerOutcome;
import dev.realtime.handler.OnDisconnect;
import dev.realtime.handler.OnRpc;
import dev.realtime.handler.declaration.HandlerBounds;
import dev.realtime.handler.declaration.InvalidHandlerException;
import dev.realtime.handler.invocation.HandlerStatistics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Time, calls at one time and calls that wait, by {@code @HandlerLimits}. */
class HandlerLimitsTests {

    private static final ClientIdentity CLIENT = new ClientIdentity("client", "user", null);

    private VirtualTimeScheduler time;

    @BeforeEach
    void virtualTime() {
        time = VirtualTimeScheduler.getOrSet();
    }

    @AfterEach
    void realTime() {
        VirtualTimeScheduler.reset();
    }

    private static Handlers discover(Object bean) {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        beans.registerSingleton("bean", bean);
        beans.addEmbeddedValueResolver(text -> text.replace("${app.limit}", "250ms")
                .replace("${app.many}", "2")
                .replace("${app.bad}", "soon"));
        Handlers handlers = new HandlersBuilder(
                        (payload, type) -> payload.text(),
                        value -> Payload.ofText("\"" + value + "\""),
                        Runnable::run,
                        new HandlerBounds(3, 0, Duration.ofSeconds(1)))
                .build(beans);
        handlers.afterSingletonsInstantiated();
        return handlers;
    }

    @HandlerLimits(timeout = "5s", concurrency = "1", queueSize = "1")
    static class Slow {

        @OnRpc
        Mono<String> ofClass() {
            return Mono.never();
        }

        @OnRpc
        @HandlerLimits(timeout = "${app.limit}", concurrency = "${app.many}")
        Mono<String> ofMethod() {
            return Mono.never();
        }

        @OnDisconnect
        @HandlerLimits(timeout = "PT2S")
        Mono<Void> disconnected() {
            return Mono.never();
        }
    }

    static class Unlimited {

        @OnRpc
        Mono<String> common() {
            return Mono.never();
        }
    }

    private static Mono<Payload> call(Handlers handlers, String method) {
        return Objects.requireNonNull(handlers.rpcHandler(null)).call(CLIENT, method, null);
    }

    @ParameterizedTest
    @CsvSource({"ofClass,5000", "ofMethod,250"})
    void callTakesTheTimeOfItsMethodWhateverTheCommonLimitIs(String method, int millis) {
        List<Throwable> failures = new ArrayList<>();
        Handlers handlers = discover(new Slow());
        CallbackDeadline.limit(call(handlers, method), Duration.ofSeconds(1), time)
                .subscribe(value -> {}, failures::add);
        call(handlers, method).subscribe(value -> {}, failures::add);

        time.advanceTimeBy(Duration.ofMillis(millis - 1));
        assertThat(failures).isEmpty();
        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(failures).hasSize(2);
        assertThat(failures.get(1)).isInstanceOf(ClientRefusedException.class);
        assertThat(statistics(handlers, method).count(HandlerOutcome.TIMEOUT)).isEqualTo(2);
        assertThat(statistics(handlers, method).running()).isZero();
    }

    private static HandlerStatistics statistics(Handlers handlers, String method) {
        return handlers.statistics().stream()
                .filter(one -> one.method().endsWith("." + method))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void notificationTakesTheTimeOfItsMethod() {
        Handlers handlers = discover(new Slow());
        Objects.requireNonNull(handlers.lifecycleHook()).disconnected(CLIENT, Disconnect.CONNECTION_CLOSED);

        time.advanceTimeBy(Duration.ofMillis(1_999));
        assertThat(statistics(handlers, "disconnected").running()).isEqualTo(1);
        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(statistics(handlers, "disconnected").running()).isZero();
        assertThat(statistics(handlers, "disconnected").count(HandlerOutcome.TIMEOUT))
                .isEqualTo(1);
    }

    @Test
    void callsOverTheLimitsOfTheirMethodAreRefused() {
        Map<String, Integer> admitted = Map.of("ofClass", 2, "ofMethod", 3);
        Handlers handlers = discover(new Slow());

        admitted.forEach((method, calls) -> {
            List<Throwable> failures = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                call(handlers, method).subscribe(value -> {}, failures::add);
            }
            assertThat(failures).as(method).isEmpty();
            call(handlers, method).subscribe(value -> {}, failures::add);
            assertThat(failures).hasSize(1).first().extracting("error").isEqualTo(ClientError.TOO_MANY_REQUESTS);
        });
    }

    @Test
    void methodWithoutLimitsHasTheCommonOnes() {
        List<Throwable> failures = new ArrayList<>();
        Handlers handlers = discover(new Unlimited());
        for (int i = 0; i < 3; i++) {
            CallbackDeadline.limit(call(handlers, "common"), Duration.ofSeconds(1), time)
                    .subscribe(value -> {}, failures::add);
        }
        assertThat(failures).isEmpty();
        call(handlers, "common").subscribe(value -> {}, failures::add);
        assertThat(failures).hasSize(1);

        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(failures).hasSize(4);
    }

    static Stream<Object> impossible() {
        return Stream.of(
                new Object() {
                    @OnRpc
                    @HandlerLimits(timeout = "soon")
                    void timeout() {}
                },
                new Object() {
                    @OnRpc
                    @HandlerLimits(timeout = "${app.bad}")
                    void timeout() {}
                },
                new Object() {
                    @OnRpc
                    @HandlerLimits(timeout = "0s")
                    void timeout() {}
                },
                new Object() {
                    @OnRpc
                    @HandlerLimits(timeout = "-1s")
                    void timeout() {}
                },
                new Object() {
                    @OnRpc
                    @HandlerLimits(concurrency = "0")
                    void concurrency() {}
                },
                new Object() {
                    @OnRpc
                    @HandlerLimits(concurrency = "many")
                    void concurrency() {}
                },
                new Object() {
                    @OnRpc
                    @HandlerLimits(queueSize = "-1")
                    void queueSize() {}
                });
    }

    @ParameterizedTest
    @MethodSource
    void impossible(Object bean) {
        String name = bean.getClass().getDeclaredMethods()[0].getName();

        assertThatExceptionOfType(InvalidHandlerException.class)
                .isThrownBy(() -> discover(bean))
                .withMessageContaining("has limits whose " + name)
                .withMessageContaining("Write a ");
    }
}
