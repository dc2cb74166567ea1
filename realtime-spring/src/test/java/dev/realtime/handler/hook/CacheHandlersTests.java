package dev.realtime.handler.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.api.PublishOptions;
import dev.realtime.api.channel.Channel;
import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.data.Payload;
import dev.realtime.handler.ChannelVariable;
import dev.realtime.handler.OnCacheEmpty;
import dev.realtime.handler.PublishReply;
import dev.realtime.handler.declaration.HandlerBounds;
import dev.realtime.spi.hook.CacheHook;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import reactor.core.publisher.Mono;

/** State of channels from methods marked with {@link OnCacheEmpty}. */
class CacheHandlersTests {

    static final class Prices {

        private final Map<String, Integer> closingPrices = Map.of("acme", 7);

        // tag::price[]
        @OnCacheEmpty("price:{symbol}")
        @Nullable
        Integer closingPrice(@ChannelVariable String symbol) {
            return closingPrices.get(symbol);
        }
        // end::price[]

        @OnCacheEmpty("price:channel")
        String channel(Channel channel) {
            return channel.name();
        }

        @OnCacheEmpty("price:none")
        @Nullable
        String none() {
            return null;
        }

        @OnCacheEmpty("price:mono")
        Mono<Integer> mono() {
            return Mono.just(7);
        }

        @OnCacheEmpty("price:future")
        CompletionStage<Integer> future() {
            return CompletableFuture.completedFuture(8);
        }

        @OnCacheEmpty("price:itself")
        void publishesItself() {}

        @OnCacheEmpty("price:versioned")
        PublishReply versioned() {
            return PublishReply.of(9).withOptions(PublishOptions.DEFAULTS.withTags(Map.of("kind", "close")));
        }

        @OnCacheEmpty("price:denied")
        PublishReply denied() {
            return PublishReply.deny();
        }

        @OnCacheEmpty("price:broken")
        String broken() {
            throw new IllegalStateException("no database");
        }
    }

    private final CacheHook hook = hook(new Prices());

    private static CacheHook hook(Object bean) {
        DefaultListableBeanFactory factory = new DefaultListableBeanFactory();
        factory.registerSingleton("bean", bean);
        Handlers handlers = new HandlersBuilder(
                        (payload, type) -> payload.text(),
                        value -> Payload.ofText(value.toString()),
                        Runnable::run,
                        new HandlerBounds(1, 1, Duration.ofSeconds(5)))
                .build(factory);
        handlers.afterSingletonsInstantiated();
        return Objects.requireNonNull(handlers.cacheHook());
    }

    private CacheHook.@Nullable State state(String channel) {
        return hook.cacheEmpty(new Channel(channel, "price", ChannelOptions.DEFAULTS))
                .block(Duration.ofSeconds(10));
    }

    private String data(String channel) {
        CacheHook.State state = state(channel);
        return state == null ? "nothing" : state.data().text();
    }

    @Test
    void resultIsTheState() {
        assertThat(data("price:acme")).isEqualTo("7");
        assertThat(data("price:channel")).isEqualTo("price:channel");
        assertThat(data("price:mono")).isEqualTo("7");
        assertThat(data("price:future")).isEqualTo("8");
    }

    @Test
    void replyHasOptions() {
        assertThat(state("price:versioned"))
                .isEqualTo(new CacheHook.State(
                        Payload.ofText("9"), PublishOptions.DEFAULTS.withTags(Map.of("kind", "close"))));
    }

    @Test
    void methodMayHaveNoState() {
        assertThat(data("price:unknown")).isEqualTo("nothing");
        assertThat(data("price:none")).isEqualTo("nothing");
        assertThat(data("price:itself")).isEqualTo("nothing");
        assertThat(data("price:denied")).isEqualTo("nothing");
        assertThat(data("other:a")).as("no method").isEqualTo("nothing");
    }

    @Test
    void failureIsSignalled() {
        assertThatExceptionOfType(ClientRefusedException.class).isThrownBy(() -> state("price:broken"));
    }
}
