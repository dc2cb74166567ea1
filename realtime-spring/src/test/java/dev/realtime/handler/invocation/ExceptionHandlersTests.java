package dev.realtime.handler.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.api.RealtimeException;
import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.handler.BadCommandException;
import dev.realtime.handler.ChannelVariable;
import dev.realtime.handler.HandlerException;
import dev.realtime.handler.OnConnect;
import dev.realtime.handler.OnDisconnect;
import dev.realtime.handler.OnRpc;
import dev.realtime.handler.OnSubscribe;
import dev.realtime.handler.SubscribeReply;
import dev.realtime.handler.argument.HandlerValidation;
import dev.realtime.handler.declaration.InvalidHandlerException;
import dev.realtime.handler.hook.HandlerCalls;
import jakarta.validation.Validation;
import jakarta.validation.constraints.Max;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.MessagingAdviceBean;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.security.access.AccessDeniedException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Methods marked with {@code @MessageExceptionHandler}: which is called for an exception, and what the client gets. */
@ExtendWith(OutputCaptureExtension.class)
class ExceptionHandlersTests {

    static class SoldOut extends RuntimeException {}

    static class Closed extends RuntimeException {}

    static class Unknown extends RuntimeException {}

    static class Watched extends RuntimeException {}

    static class Shop {

        @OnRpc
        String buy(String what) throws Exception {
            throw thrown(what);
        }

        @OnRpc
        Mono<String> buyLater(String what) {
            return Mono.error(() -> thrown(what));
        }

        @OnRpc
        CompletionStage<String> buyInFuture(String what) {
            return CompletableFuture.supplyAsync(() -> {
                throw new CompletionException(thrown(what));
            });
        }

        @OnSubscribe("chat:{room}")
        SubscribeReply subscribe(@ChannelVariable String room) throws Exception {
            throw thrown(room);
        }

        @OnSubscribe("feed:{room}")
        Flux<String> feed(@ChannelVariable String room) {
            throw new SoldOut();
        }

        @OnConnect
        String connect() {
            throw new Closed();
        }

        private static Exception thrown(String what) {
            return switch (what) {
                case "value" -> new IOException("disk");
                case "closer" -> new FileNotFoundException("disk");
                case "cause" -> new UncheckedIOException(new IOException("inner"));
                case "error" -> new SoldOut();
                case "disconnect" -> new Closed();
                case "watched" -> new Watched();
                case "broken" -> new ArithmeticException();
                case "arguments" -> new IllegalStateException("all");
                case "nothing" -> new IllegalArgumentException("nothing");
                case "asynchronous" -> new SecurityException();
                default -> new Unknown();
            };
        }

        @MessageExceptionHandler
        String value(IOException failure) {
            return "io " + failure.getMessage();
        }

        @MessageExceptionHandler
        HandlerException closer(FileNotFoundException failure) {
            return new HandlerException(404, "no file", true);
        }

        @MessageExceptionHandler(SoldOut.class)
        ClientError error() {
            return new ClientError(410, "sold out", false);
        }

        @MessageExceptionHandler(Closed.class)
        Disconnect disconnect() {
            return new Disconnect(4500, "closed");
        }

        @MessageExceptionHandler
        void watch(Watched failure) {}

        @MessageExceptionHandler(ArithmeticException.class)
        String broken() {
            throw new IllegalStateException("the exception handler fails");
        }

        @MessageExceptionHandler
        List<String> arguments(
                IllegalStateException failure,
                ClientIdentity client,
                Method method,
                Payload payload,
                @Nullable Channel channel,
                @Nullable Principal principal) {
            return List.of(
                    failure.getMessage(), client.userId(), method.getName(), payload.text(), channel + "/" + principal);
        }

        @MessageExceptionHandler(IllegalArgumentException.class)
        @Nullable
        String nothing() {
            return null;
        }

        @MessageExceptionHandler(SecurityException.class)
        Mono<RealtimeException> asynchronous() {
            return Mono.just(new RealtimeException(ClientError.LIMIT_EXCEEDED, "too much"));
        }
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '~', textBlock = """
                    value,        "io disk"
                    closer,       404 no file
                    cause,        "io inner"
                    error,        410 sold out
                    disconnect,   4500 closed
                    watched,      100 internal server error
                    broken,       100 internal server error
                    unknown,      100 internal server error
                    asynchronous, 106 limit exceeded
                    nothing,      null
                    """)
    void exceptionIsHandledByTheClosestMethod(String what, String expected) {
        HandlerCalls shop = new HandlerCalls(new Shop());
        String data = "\"" + what + "\"";

        for (String method : List.of("buy", "buyLater", "buyInFuture")) {
            assertThat(text(shop.rpc(method, data))).as(method).isEqualTo(expected.equals("null") ? "" : expected);
        }
    }

    private static String text(String shown) {
        return shown.replace('\'', '"').replace("Disconnect[code=4500, reason=closed]", "4500 closed");
    }

    @Test
    void exceptionHandlerKnowsWhatTheMethodWasCalledAbout() {
        assertThat(new HandlerCalls(new Shop()).rpc("buy", "\"arguments\""))
                .isEqualTo("['all','ann','buy','\\'arguments\\'','null/null']");
    }

    @Test
    void valueIsNoDecisionSoThatAMethodThatReturnsOneIsNotAsked() {
        HandlerCalls shop = new HandlerCalls(new Shop());

        assertThat(shop.subscribe("chat:value")).startsWith("100 ");
        assertThat(shop.subscribe("chat:closer")).isEqualTo("404 no file");
        assertThat(shop.subscribe("chat:error")).isEqualTo("410 sold out");
        assertThat(shop.subscribe("feed:any")).isEqualTo("410 sold out");
        assertThat(text(shop.connect(Map.of()))).isEqualTo("4500 closed");
    }

    /** Advice for some classes. */
    record Advice(Object bean, int getOrder, Predicate<Class<?>> applicable) implements MessagingAdviceBean {

        @Override
        public Class<?> getBeanType() {
            return bean.getClass();
        }

        @Override
        public Object resolveBean() {
            return bean;
        }

        @Override
        public boolean isApplicableToBeanType(Class<?> type) {
            return applicable.test(type);
        }
    }

    static class First {

        @MessageExceptionHandler
        ClientError unknown(Unknown failure) {
            return new ClientError(501, "first", false);
        }
    }

    static class Second {

        @MessageExceptionHandler
        ClientError all(Throwable failure) {
            return new ClientError(502, "second", false);
        }
    }

    static class Unusable {

        @MessageExceptionHandler
        Flux<String> many(Unknown failure) {
            return Flux.empty();
        }
    }

    static class Table {

        private final List<String> seen = new ArrayList<>();

        @OnDisconnect
        void gone() {
            throw new Unknown();
        }

        @MessageExceptionHandler
        void watch(Unknown failure) {
            seen.add("seen");
        }
    }

    @Test
    void exceptionHandlerIsCalledOnTheBeanWhoseMethodFailed() {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        Table one = new Table();
        Table two = new Table();
        beans.registerSingleton("one", one);
        beans.registerSingleton("two", two);

        new HandlerCalls(beans, builder -> builder).disconnected();

        assertThat(one.seen).hasSize(1);
        assertThat(two.seen).hasSize(1);
    }

    private static HandlerCalls shop(Advice... advice) {
        return new HandlerCalls(new Shop(), builder -> builder.advice(() -> List.of(advice)));
    }

    @Test
    void adviceIsAskedAfterTheClassAndInItsOrder() {
        Advice first = new Advice(new First(), 1, type -> true);
        Advice second = new Advice(new Second(), 2, type -> true);

        assertThat(shop(first, second).rpc("buy", "\"unknown\"")).isEqualTo("501 first");
        assertThat(shop(second, first).rpc("buy", "\"unknown\"")).isEqualTo("502 second");
        assertThat(shop(second).rpc("buy", "\"error\"")).isEqualTo("410 sold out");
    }

    @Test
    void adviceForOtherClassesIsNotAskedAndNotChecked() {
        Advice first = new Advice(new First(), 1, type -> type != Shop.class);
        Advice unusable = new Advice(new Unusable(), 2, type -> type == String.class);

        assertThat(shop(first, unusable).rpc("buy", "\"unknown\"")).startsWith("100 ");
    }

    static class Dice {

        @OnRpc
        int roll(@Max(6) int dice) {
            return dice;
        }

        @OnRpc
        int denied() {
            throw new AccessDeniedException("no");
        }

        @MessageExceptionHandler
        HandlerException bad(BadCommandException failure) {
            return new HandlerException(422, failure.detail());
        }

        @MessageExceptionHandler
        void denied(AccessDeniedException failure) {}
    }

    @Test
    void badDataAndDenialsAreExceptionsToo() {
        HandlerCalls dice = new HandlerCalls(
                new Dice(),
                builder -> builder.validation(new HandlerValidation(
                        Validation.buildDefaultValidatorFactory().getValidator())));

        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.ENGLISH);
        try {
            assertThat(dice.rpc("roll", "7")).isEqualTo("422 data must be less than or equal to 6");
        } finally {
            Locale.setDefault(before);
        }
        assertThat(dice.rpc("roll", "'x'")).isEqualTo("422 data is not of its type");
        assertThat(dice.rpc("denied", null)).startsWith("103 ");
    }

    static class ManyResults {

        @OnRpc
        void call() {}

        @MessageExceptionHandler
        Flux<String> handle(IOException failure) {
            return Flux.empty();
        }
    }

    static class NoException {

        @OnRpc
        void call() {}

        @MessageExceptionHandler
        void handle(ClientIdentity client) {}
    }

    static class UnknownParameter {

        @OnRpc
        void call() {}

        @MessageExceptionHandler
        void handle(IOException failure, StringBuilder text) {}
    }

    static class OtherException {

        @OnRpc
        void call() {}

        @MessageExceptionHandler({IOException.class, IllegalStateException.class})
        void handle(IOException failure) {}
    }

    static class Ambiguous {

        @OnRpc
        void call() {}

        @MessageExceptionHandler
        void handle(IOException failure) {}

        @MessageExceptionHandler(IOException.class)
        void handleToo() {}
    }

    static class ValueForNobody {

        @OnSubscribe("chat:{room}")
        boolean subscribe() {
            return true;
        }

        @MessageExceptionHandler
        String handle(IOException failure) {
            return "";
        }
    }

    static class NotCallable {

        @OnRpc
        void call() {}

        @MessageExceptionHandler
        private void handle(IOException failure) {}
    }

    static class Unfinished {

        @OnRpc
        void call() {}

        @MessageExceptionHandler
        Future<String> handle(IOException failure) {
            return CompletableFuture.completedFuture("");
        }
    }

    static List<Object[]> refused() {
        return List.of(
                new Object[] {new ManyResults(), "many results"},
                new Object[] {new NoException(), "names an exception"},
                new Object[] {new UnknownParameter(), "java.lang.StringBuilder"},
                new Object[] {new OtherException(), "also handles java.lang.IllegalStateException"},
                new Object[] {new Ambiguous(), "neither could be chosen"},
                new Object[] {new ValueForNobody(), "replies to @OnRpc methods only"},
                new Object[] {new NotCallable(), "private or static"},
                new Object[] {new Unfinished(), "would never be awaited"});
    }

    @ParameterizedTest
    @MethodSource
    void refused(Object bean, String reason) {
        assertThatExceptionOfType(InvalidHandlerException.class)
                .isThrownBy(() -> new HandlerCalls(bean))
                .withMessageContaining(reason)
                .withMessageContaining("handle");
    }

    static class OfOtherControllers {

        @MessageExceptionHandler
        ClientError ofStomp(Message<?> message, Unknown failure) {
            return new ClientError(501, "stomp", false);
        }

        @MessageExceptionHandler
        ClientError ofAll(RuntimeException failure) {
            return new ClientError(502, "all", false);
        }
    }

    @Test
    void unusableMethodOfAdviceIsIgnoredWithOneWarning(CapturedOutput output) {
        HandlerCalls shop = shop(new Advice(new OfOtherControllers(), 1, type -> true));

        assertThat(shop.rpc("buy", "\"unknown\"")).isEqualTo("502 all");
        assertThat(output.getOut())
                .containsOnlyOnce("OfOtherControllers.ofStomp(Message, Unknown)`")
                .contains("takes a org.springframework.messaging.Message")
                .contains("limit the advice to them");
    }
}
