package dev.realtime.handler.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.api.PayloadWriter;
import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.channel.ChannelNameRules;
import dev.realtime.channel.Namespaces;
import dev.realtime.handler.ChannelVariable;
import dev.realtime.handler.OnCacheEmpty;
import dev.realtime.handler.OnConnect;
import dev.realtime.handler.OnDisconnect;
import dev.realtime.handler.OnPublish;
import dev.realtime.handler.OnRefresh;
import dev.realtime.handler.OnRpc;
import dev.realtime.handler.OnSubscribe;
import dev.realtime.handler.OnUnsubscribe;
import dev.realtime.handler.declaration.HandlerBounds;
import dev.realtime.handler.declaration.InvalidHandlerException;
import dev.realtime.handler.hook.HandlerCalls;
import dev.realtime.handler.hook.Handlers;
import dev.realtime.handler.hook.HandlersBuilder;
import dev.realtime.handler.invocation.HandlerStatistics;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.samples.realtime.PetHandlers;
import reactor.core.publisher.Flux;

/** Handler methods that could not work are refused at start-up, with the method and the reason. */
class HandlerDiscoveryTests {

    private static final PayloadWriter WRITER = value -> Payload.ofText(value.toString());

    private static Handlers discover(Object... beans) {
        DefaultListableBeanFactory factory = new DefaultListableBeanFactory();
        for (Object bean : beans) {
            register(factory, bean);
        }
        Namespaces namespaces = new Namespaces(
                ChannelNameRules.DEFAULTS, ChannelOptions.DEFAULTS, Map.of("chat", ChannelOptions.DEFAULTS), null);
        Handlers handlers = new HandlersBuilder(
                        (payload, type) -> null, WRITER, Runnable::run, new HandlerBounds(1, 1, Duration.ofSeconds(1)))
                .knownNamespaces(namespaces)
                .build(factory);
        handlers.afterSingletonsInstantiated();
        return handlers;
    }

    @SuppressWarnings("unchecked")
    private static void register(DefaultListableBeanFactory factory, Object bean) {
        factory.registerBeanDefinition(
                bean.getClass().getName(),
                new RootBeanDefinition((Class<Object>) bean.getClass(), (Supplier<Object>) () -> bean));
    }

    // ---- Methods that work

    static class Good {

        @OnRpc("a")
        String a(String data) {
            return data;
        }

        @OnSubscribe("chat:{room}")
        boolean subscribe(@ChannelVariable String room) {
            return true;
        }

        @OnUnsubscribe("chat:{room}")
        void unsubscribed() {}

        @OnUnsubscribe("chat:{other}")
        void unsubscribedToo() {}
    }

    @Test
    void methodsOfAnyBeanAreFound() {
        assertThat(discover(new Good()).statistics())
                .extracting(HandlerStatistics::method)
                .containsExactlyInAnyOrder("Good.a", "Good.subscribe", "Good.unsubscribed", "Good.unsubscribedToo");
    }

    static class Overloaded {

        @OnRpc("a")
        void call() {}

        @OnRpc("b")
        void call(String data) {}

        @OnRpc("c")
        void other() {}
    }

    @Test
    void methodsOfOneNameAreCountedApart() {
        String full = Overloaded.class.getName();

        assertThat(discover(new Overloaded()).statistics())
                .extracting(HandlerStatistics::method)
                .containsExactlyInAnyOrder(full + ".call()", full + ".call(String)", "Overloaded.other");
    }

    @Test
    void applicationWithoutHandlersTakesPartInNothing() {
        Handlers none = discover("a bean without handlers");

        assertThat(none.authorizer()).isNull();
        assertThat(none.authenticator(null, null)).isNull();
        assertThat(none.publishHook()).isNull();
        assertThat(none.renewalHook()).isNull();
        assertThat(none.cacheHook()).isNull();
        assertThat(none.lifecycleHook()).isNull();
        assertThat(none.rpcHandler(null)).isNull();
        assertThat(none.messageHandler(null)).isNull();
    }

    // ---- Methods that cannot work

    static class PrivateMethod {

        @OnRpc("a")
        private void call() {}
    }

    static class TwoPayloads {

        @OnRpc("a")
        void call(String one, Integer two) {}
    }

    static class PayloadOfADisconnect {

        @OnDisconnect
        void call(String data) {}
    }

    static class WrongKind {

        @OnRpc("a")
        void call(Disconnect disconnect, String data) {}
    }

    static class UnknownVariable {

        @OnSubscribe("chat:{room}")
        boolean call(@ChannelVariable("rooom") String room) {
            return true;
        }
    }

    static class ForgottenAnnotation {

        @OnPublish("chat:{room}")
        boolean call(String room) {
            return true;
        }
    }

    static class UnconvertibleVariable {

        @OnSubscribe("chat:{room}")
        boolean call(@ChannelVariable Runnable room) {
            return true;
        }
    }

    static class MalformedPattern {

        @OnSubscribe("chat:{room")
        boolean call() {
            return true;
        }
    }

    static class UnknownNamespace {

        @OnSubscribe("chatt:{room}")
        boolean call() {
            return true;
        }
    }

    static class SamePattern {

        @OnSubscribe("chat:{room}")
        boolean first() {
            return true;
        }

        @OnSubscribe("chat:{id}")
        boolean second() {
            return true;
        }
    }

    static class SameRpc {

        @OnRpc("a")
        void first() {}

        @OnRpc("a")
        void second() {}
    }

    static class TwoConnects {

        @OnConnect
        String first() {
            return "";
        }

        @OnConnect
        String second() {
            return "";
        }
    }

    static class ConnectOfANumber {

        @OnConnect
        int call() {
            return 7;
        }
    }

    static class RefreshOfAText {

        @OnRefresh
        String call() {
            return "";
        }
    }

    static class ResultOfADisconnect {

        @OnDisconnect
        Instant call() {
            return Instant.EPOCH;
        }
    }

    static class FluxOfAnRpc {

        @OnRpc("a")
        Flux<String> call() {
            return Flux.empty();
        }
    }

    static class CacheForAClient {

        @OnCacheEmpty("chat:{room}")
        String call(ClientIdentity client) {
            return client.userId();
        }
    }

    static class CacheOfADecision {

        @OnCacheEmpty("chat:{room}")
        boolean call() {
            return true;
        }
    }

    static class CacheOfAFlux {

        @OnCacheEmpty("chat:{room}")
        Flux<String> call() {
            return Flux.empty();
        }
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of(new PrivateMethod(), "is private or static"),
                Arguments.of(new TwoPayloads(), "has two parameters that could be the payload"),
                Arguments.of(new PayloadOfADisconnect(), "which is not available to @OnDisconnect"),
                Arguments.of(new WrongKind(), "has two parameters that could be the payload"),
                Arguments.of(new UnknownVariable(), "takes the channel variable `rooom`"),
                Arguments.of(new ForgottenAnnotation(), "Mark it with @ChannelVariable"),
                Arguments.of(new UnconvertibleVariable(), "which a text cannot be converted to"),
                Arguments.of(new MalformedPattern(), "with a variable that does not end"),
                Arguments.of(new UnknownNamespace(), "belong to no configured namespace"),
                Arguments.of(new SamePattern(), "so neither could be chosen"),
                Arguments.of(new SameRpc(), "so neither could be chosen"),
                Arguments.of(new TwoConnects(), "so neither could be chosen"),
                Arguments.of(new ConnectOfANumber(), "does not identify the client"),
                Arguments.of(new RefreshOfAText(), "is not an expiry time"),
                Arguments.of(new ResultOfADisconnect(), "is not used"),
                Arguments.of(new CacheForAClient(), "which is not available to @OnCacheEmpty"),
                Arguments.of(new CacheOfADecision(), "which is not the state of a channel"),
                Arguments.of(new CacheOfAFlux(), "returns many results"),
                Arguments.of(new FluxOfAnRpc(), "returns many results"));
    }

    @ParameterizedTest
    @MethodSource
    void refused(Object bean, String reason) {
        assertThatExceptionOfType(InvalidHandlerException.class)
                .isThrownBy(() -> discover(bean))
                .withMessageContaining("Handler method `" + bean.getClass().getName() + ".")
                .withMessageContaining(reason);
    }

    @Test
    void componentInAPackageLikeThoseOfSpringIsSearched() {
        assertThat(new HandlerCalls(new PetHandlers()).rpc("pet", null)).isEqualTo("'cat'");
    }
}
