package dev.realtime.conformance;

import dev.realtime.api.RealtimeChannels;
import dev.realtime.handler.ChannelVariable;
import dev.realtime.handler.HandlerException;
import dev.realtime.handler.OnCacheEmpty;
import dev.realtime.handler.OnPublish;
import dev.realtime.handler.OnRpc;
import dev.realtime.handler.OnSubscribe;
import dev.realtime.handler.PublishReply;
import dev.realtime.handler.RealtimeHandler;
import dev.realtime.handler.SubscribeReply;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Methods that the scenarios in {@code src/test/js/scenarios/handlers.mjs} call. */
@RealtimeHandler
class ConformanceHandlers {

    private final RealtimeChannels channels;

    /** Calls of {@link #load}, by name of the state. */
    private final Map<String, Integer> loads = new ConcurrentHashMap<>();

    ConformanceHandlers(RealtimeChannels channels) {
        this.channels = channels;
    }

    /** Message of a client. */
    record Said(@NotBlank String text) {}

    @OnRpc("sum")
    int sum(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).sum();
    }

    @OnRpc("refuse")
    void refuse(int code) {
        throw new HandlerException(code, "as asked");
    }

    @OnSubscribe("handled:{name}")
    SubscribeReply greet(@ChannelVariable String name) {
        return SubscribeReply.allow().withData(Map.of("welcome", name));
    }

    @OnPublish("handled:{name}")
    PublishReply shout(@Valid Said said) {
        return PublishReply.of(new Said(said.text() + "!"));
    }

    @OnSubscribe("fed:{name}")
    Flux<Integer> count() {
        return Flux.interval(Duration.ofMillis(20)).onBackpressureDrop().map(Long::intValue);
    }

    @OnSubscribe("fed:short-{name}")
    Flux<String> two() {
        return Flux.just("tick", "tock");
    }

    @OnRpc("invalidate")
    Mono<Void> invalidate(String channel) {
        return channels.invalidate(channel);
    }

    /** Replies late, as a busy database does, so that several clients wait for it. */
    @OnCacheEmpty("filled:{name}")
    Mono<Loaded> load(@ChannelVariable String name) {
        return Mono.delay(Duration.ofMillis(100)).map(late -> new Loaded(loads.merge(name, 1, Integer::sum)));
    }

    @OnCacheEmpty("filled:nothing:{name}")
    Mono<Loaded> nothing() {
        return Mono.empty();
    }

    /** State of a cache. */
    record Loaded(int calls) {}
}
