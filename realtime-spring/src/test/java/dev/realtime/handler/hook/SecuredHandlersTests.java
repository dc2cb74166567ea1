package dev.realtime.handler.hook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.handler.OnRpc;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/** Reactive handlers that run as a user of Spring Security end as they would without it. */
class SecuredHandlersTests {

    static class Shop {

        private final List<SignalType> ends = new ArrayList<>();

        @OnRpc
        Mono<String> buy() {
            return Mono.just("bought").doFinally(ends::add);
        }

        @OnRpc
        Mono<String> fail() {
            return Mono.error(new IllegalStateException("sold out"));
        }

        @MessageExceptionHandler(IllegalStateException.class)
        Mono<String> handle() {
            return Mono.just("handled").doFinally(ends::add);
        }
    }

    private final Shop shop = new Shop();

    private final HandlerCalls calls = new HandlerCalls(shop, HandlersBuilder::secured);

    @Test
    void methodThatSucceedsCompletes() {
        assertThat(calls.rpc("buy", null)).isEqualTo("'bought'");
        assertThat(shop.ends).containsExactly(SignalType.ON_COMPLETE);
    }

    @Test
    void exceptionHandlerThatSucceedsCompletes() {
        assertThat(calls.rpc("fail", null)).isEqualTo("'handled'");
        assertThat(shop.ends).containsExactly(SignalType.ON_COMPLETE);
    }
}
