package dev.realtime.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.ClientIdentity;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.util.ReflectionUtils;
import reactor.core.publisher.Mono;

/** Hints that a native image needs to call handler methods and to read and write their data. */
class HandlerHintsTests {

    record Order(List<Line> lines) {}

    record Line(String item) {}

    record Receipt(String number) {}

    static class Shop {

        @OnRpc
        Mono<Receipt> order(Order order, ClientIdentity client) {
            return Mono.just(new Receipt("1"));
        }

        @MessageExceptionHandler
        HandlerException handle(IllegalStateException failure) {
            return new HandlerException(400, "closed");
        }

        @OnSubscribe("shop:{name}")
        SubscribeReply subscribe(@ChannelVariable String name) {
            return SubscribeReply.allow();
        }
    }

    @Test
    void methodsMayBeCalledAndTheirDataReadAndWritten() throws NoSuchMethodException {
        RuntimeHints hints = new RuntimeHints();

        new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(hints, Shop.class);

        for (String name : List.of("order", "subscribe", "handle")) {
            Method method = Objects.requireNonNull(ReflectionUtils.findMethod(Shop.class, name, (Class<?>[]) null));
            assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method))
                    .accepts(hints);
        }
        for (Class<?> type : List.of(Order.class, Line.class, Receipt.class)) {
            assertThat(RuntimeHintsPredicates.reflection().onType(type)).accepts(hints);
            assertThat(RuntimeHintsPredicates.reflection()
                            .onMethodInvocation(type.getDeclaredMethod(type.getRecordComponents()[0].getName())))
                    .accepts(hints);
        }
        assertThat(RuntimeHintsPredicates.reflection().onType(ClientIdentity.class))
                .rejects(hints);
        assertThat(RuntimeHintsPredicates.reflection().onType(SubscribeReply.class))
                .rejects(hints);
    }
}
