package dev.realtime.autoconfigure.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.autoconfigure.RealtimeFacets;
import dev.realtime.handler.HandlerException;
import dev.realtime.handler.OnRpc;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.hook.RpcHandler;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.annotation.Order;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.web.bind.annotation.ControllerAdvice;
import reactor.core.publisher.Flux;

/** Exception handlers in {@code @ControllerAdvice} beans handle what handler methods throw. */
class HandlerAdviceAutoConfigurationTests {

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(RealtimeFacets.with());

    static class Shop {

        @OnRpc
        void buy() {
            throw new IllegalStateException("sold out");
        }
    }

    @ControllerAdvice
    @Order(2)
    static class Late {

        @MessageExceptionHandler
        HandlerException handle(RuntimeException failure) {
            return new HandlerException(402, "late");
        }
    }

    @ControllerAdvice(assignableTypes = Shop.class)
    @Order(1)
    static class Early {

        @MessageExceptionHandler
        HandlerException handle(IllegalStateException failure) {
            return new HandlerException(401, failure.getMessage());
        }
    }

    @ControllerAdvice(assignableTypes = String.class)
    @Order(0)
    static class ForOthers {

        @MessageExceptionHandler
        Flux<String> handle(IllegalStateException failure) {
            return Flux.empty();
        }
    }

    private static ClientError buy(ApplicationContext context) {
        RpcHandler handler = context.getBean(RealtimeNode.class).callbacks().rpcHandler();
        assertThat(handler).isNotNull();
        return assertThat(handler.call(new ClientIdentity("client", "user", null), "buy", null)
                        .materialize()
                        .block())
                .extracting(signal -> signal.getThrowable())
                .asInstanceOf(InstanceOfAssertFactories.type(ClientRefusedException.class))
                .actual()
                .error();
    }

    @Test
    void adviceIsAskedInItsOrderWhereItApplies() {
        runner.withBean(Late.class)
                .withBean(Early.class)
                .withBean(ForOthers.class)
                .withBean(Shop.class)
                .run(context -> assertThat(buy(context)).isEqualTo(new ClientError(401, "sold out", false)));
    }

    @Test
    void adviceIsNotReadWhereNoHandlerIs() {
        runner.withBean(ForOthers.class).run(context -> assertThat(context).hasNotFailed());
    }
}
