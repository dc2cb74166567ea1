package dev.realtime.handler.hook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.handler.HandlerLimits;
import dev.realtime.handler.OnRpc;
import dev.realtime.handler.OnSubscribe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** An {@code Error} of a handler, which Reactor throws instead of signalling it, fails one call and no later one. */
class HandlerErrorsTests {

    @HandlerLimits(concurrency = "1", queueSize = "0")
    static class Failing {

        private boolean works;

        private void work() {
            if (!works) {
                throw new NoClassDefFoundError("of/the/Application");
            }
        }

        @OnRpc
        Mono<String> mono() {
            work();
            return Mono.just("works");
        }

        @OnRpc
        CompletionStage<String> stage() {
            work();
            return CompletableFuture.completedFuture("works");
        }

        @OnRpc
        String blocking() {
            work();
            return "works";
        }

        @OnRpc
        Mono<String> onSubscribe() {
            return Mono.fromSupplier(() -> {
                work();
                return "works";
            });
        }

        @OnRpc
        Mono<String> exceptionHandler() {
            return Mono.error(new IllegalStateException("handled"));
        }

        @MessageExceptionHandler
        Mono<String> handle(IllegalStateException failure) {
            work();
            return Mono.just("works");
        }

        @OnSubscribe("chat:{room}")
        Flux<String> feed() {
            work();
            return Flux.never();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mono", "stage", "blocking", "onSubscribe", "exceptionHandler"})
    void callAfterAnErrorBegins(String method) {
        Failing bean = new Failing();
        HandlerCalls calls = new HandlerCalls(bean);

        assertThat(calls.rpc(method, null)).isEqualTo("100 internal server error");
        assertThat(calls.rpc(method, null)).isEqualTo("100 internal server error");
        bean.works = true;

        assertThat(calls.rpc(method, null)).isEqualTo("'works'");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void feedAfterAnErrorBegins(boolean secured) {
        Failing bean = new Failing();
        HandlerCalls calls = new HandlerCalls(bean, builder -> secured ? builder.secured() : builder);

        assertThat(calls.subscribe("chat:a")).isEqualTo("100 internal server error");
        assertThat(calls.subscribe("chat:a")).isEqualTo("100 internal server error");
        bean.works = true;

        assertThat(calls.subscribe("chat:a")).isEmpty();
    }

    static class Watched {

        private final List<Throwable> seen = new ArrayList<>();

        @OnRpc
        Mono<String> call() {
            throw new NoClassDefFoundError("of/the/Application");
        }

        @MessageExceptionHandler
        void watch(LinkageError failure) {
            seen.add(failure);
        }
    }

    @Test
    void exceptionHandlerSeesTheErrorItself() {
        Watched bean = new Watched();

        assertThat(new HandlerCalls(bean).rpc("call", null)).isEqualTo("100 internal server error");
        assertThat(bean.seen).singleElement().isInstanceOf(NoClassDefFoundError.class);
    }

    static class ReactivelyWatched {

        private final List<Throwable> seen = new ArrayList<>();

        @OnRpc
        Mono<String> call() {
            throw new NoClassDefFoundError("of/the/Application");
        }

        @MessageExceptionHandler
        Mono<Void> watch(LinkageError failure) {
            seen.add(failure);
            return Mono.empty();
        }
    }

    @Test
    void errorThatAnExceptionHandlerOnlyWatchesReachesTheClient() {
        ReactivelyWatched bean = new ReactivelyWatched();

        assertThat(new HandlerCalls(bean).rpc("call", null)).isEqualTo("100 internal server error");
        assertThat(bean.seen).singleElement().isInstanceOf(NoClassDefFoundError.class);
    }
}
