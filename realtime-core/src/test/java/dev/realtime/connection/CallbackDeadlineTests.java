package dev.realtime.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.Payload;
import dev.realtime.engine.memory.MemoryEngine;
import dev.realtime.loop.ConnectionLoop;
import dev.realtime.loop.NodeQueues;
import dev.realtime.loop.TimerWheel;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.transport.ManualExecutor;
import dev.realtime.statistics.NodeStatistics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
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

    @Test
    void timeOfACallOfAClientIsMeasuredByItsExecutor() {
        Sinks.One<Payload> slow = Sinks.one();
        try (ScriptedServer server = ScriptedServer.setup()
                .client(options -> options.handlerTimeout(SECOND).pingInterval(Duration.ZERO))
                .rpc((client, method, data) -> method.equals("slow") ? slow.asMono() : Mono.just(Payload.ofText("1")))
                .start()) {
            ScriptedClient client = server.client().connected();
            client.tell("{'id':2,'rpc':{'method':'slow'}}");
            client.tell("{'id':3,'rpc':{'method':'quick'}}");

            server.executor().advance(SECOND.minusMillis(1));
            assertThat(client.take()).isEmpty();
            server.executor().advance(Duration.ofMillis(101));

            assertThat(client.take()).hasSize(2).first().asString().contains("100");
            slow.tryEmitValue(Payload.ofText("2"));
            assertThat(client.take()).isEmpty();
        }
    }

    @Test
    void timeOfACallThatEndsOrIsReplacedOnAnotherThreadIsStoppedOnTheExecutor() throws InterruptedException {
        ManualExecutor executor = new ManualExecutor();
        TimerWheel wheel = wheel(executor);
        AtomicReference<CallbackDeadline> deadline = new AtomicReference<>();
        Sinks.One<String> later = Sinks.one();
        Mono<String> call = Mono.deferContextual(context -> {
            deadline.set(CallbackDeadline.of(context));
            return later.asMono();
        });
        CallbackDeadline.limit(call, SECOND, time)
                .contextWrite(CallbackDeadline.measuredBy(wheel))
                .subscribe(seen::add, seen::add, () -> seen.add("complete"));

        onAnotherThread(() -> Objects.requireNonNull(deadline.get()).replace(Duration.ofSeconds(5)));
        executor.runAll();
        executor.advance(Duration.ofSeconds(4));
        assertThat(seen).isEmpty();

        onAnotherThread(() -> later.tryEmitValue("later"));
        executor.runAll();
        executor.advance(Duration.ofHours(1));
        time.advanceTimeBy(Duration.ofHours(1));
        assertThat(seen).containsExactly("later", "complete");
    }

    private static TimerWheel wheel(ManualExecutor executor) {
        NodeStatistics statistics = new NodeStatistics();
        MemoryEngine engine = new MemoryEngine(Duration.ofSeconds(60), Schedulers.immediate());
        return new ConnectionLoop(executor, engine.presenceManager(), new NodeQueues(0), statistics, () -> 0, () -> 0)
                .wheel();
    }

    private static void onAnotherThread(Runnable task) throws InterruptedException {
        Thread thread = new Thread(task);
        thread.start();
        thread.join();
    }
}
