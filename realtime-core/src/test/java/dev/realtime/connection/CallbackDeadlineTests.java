package dev.realtime.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.Payload;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Time limits of callbacks: the common one, and those that callbacks choose for themselves. */
class CallbackDeadlineTests {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

    private final List<Object> seen = new ArrayList<>();

    private <T> Disposable limited(Mono<T> call) {
        return CallbackDeadline.limit(call, SECOND, time).subscribe(seen::add, seen::add, () -> seen.add("complete"));
    }

    private static <T> Mono<T> replacing(Duration limit, Mono<T> call) {
        return Mono.deferContextual(context -> {
            Objects.requireNonNull(CallbackDeadline.of(context)).replace(limit);
            return call;
        });
    }

    @Test
    void callThatTakesTooLongIsCancelledAndFails() {
        AtomicBoolean cancelled = new AtomicBoolean();
        limited(Mono.never().doOnCancel(() -> cancelled.set(true)));

        time.advanceTimeBy(SECOND.minusMillis(1));
        assertThat(seen).isEmpty();
        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(seen).hasOnlyElementsOfType(TimeoutException.class).hasSize(1);
        assertThat(cancelled).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 5_000})
    void callReplacesTheLimitByAShorterOrALongerOne(int millis) {
        limited(replacing(Duration.ofMillis(millis), Mono.never()).map(value -> value));

        time.advanceTimeBy(Duration.ofMillis(millis - 1));
        assertThat(seen).isEmpty();
        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(seen)
                .hasSize(1)
                .first()
                .hasToString(new TimeoutException("it took longer than " + millis + " ms").toString());
    }

    @Test
    void callThatEndsLeavesNoTimer() {
        Sinks.One<String> later = Sinks.one();
        limited(Mono.just("immediately"));
        limited(Mono.empty());
        limited(replacing(Duration.ofMinutes(1), later.asMono()));
        limited(Mono.never()).dispose();
        later.tryEmitValue("later");

        assertThat(seen).containsExactly("immediately", "complete", "complete", "later", "complete");
        time.advanceTimeBy(Duration.ofHours(1));
        assertThat(seen).hasSize(5);
    }

    @Test
    void callbackOfAClientMayTakeLongerThanTheCommonLimit() {
        try (ScriptedServer server = ScriptedServer.setup()
                .client(options -> options.handlerTimeout(SECOND).pingInterval(Duration.ZERO))
                .rpc((client, method, data) ->
                        method.equals("slow") ? replacing(Duration.ofSeconds(3), Mono.<Payload>never()) : Mono.never())
                .start()) {
            ScriptedClient client = server.client().connected();
            client.tell("{'id':2,'rpc':{'method':'slow'}}");

            server.pass(Duration.ofMillis(2_900));
            assertThat(client.take()).isEmpty();
            server.pass(Duration.ofMillis(200));

            assertThat(client.take()).hasSize(1).first().asString().contains("100");
        }
    }
}
