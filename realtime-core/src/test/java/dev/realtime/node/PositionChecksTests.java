package dev.realtime.node;

import static dev.realtime.channel.ChannelFixtures.keeping;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.client.EngineException;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.channel.ChannelNameRules;
import dev.realtime.channel.Namespaces;
import dev.realtime.engine.memory.MemoryEngine;
import dev.realtime.hub.Hub;
import dev.realtime.hub.SilentSubscriber;
import dev.realtime.hub.StreamTop;
import dev.realtime.spi.engine.AppendOptions;
import dev.realtime.spi.engine.Broker;
import dev.realtime.spi.engine.ForwardingBroker;
import dev.realtime.spi.transport.ManualExecutor;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Comparison of quiet channels with the engine, at the number of channels that one node holds. */
class PositionChecksTests {

    private static final int MANY = 100_000;

    private static final Duration DELAY = Duration.ofSeconds(40);

    private static final HistoryOptions HISTORY = keeping(10, Duration.ofHours(1));

    private static final Namespaces NAMESPACES = new Namespaces(
            ChannelNameRules.DEFAULTS, ChannelOptions.builder().history(HISTORY).build(), Map.of(), null);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

    private final ManualExecutor executor = new ManualExecutor();

    private final Hub hub = new Hub(channel -> {}, this::nanos, Long.MAX_VALUE, ByteBufAllocator.DEFAULT);

    private final SlowBroker broker =
            new SlowBroker(new MemoryEngine(Duration.ofMinutes(1), time, this::nanos).broker(), time);

    private final PositionChecks checks = new PositionChecks(hub, NAMESPACES, broker, time, this::nanos, DELAY);

    private long nanos() {
        return time.now(TimeUnit.NANOSECONDS);
    }

    @Test
    void manyQuietChannelsAreCheckedInTime() {
        AtomicInteger behind = new AtomicInteger();
        subscribeToMany(
                hub, executor, top -> behind.addAndGet((int) top.position().offset()));
        for (int i = 0; i < MANY; i++) {
            broker.publish("c" + i, Publication.of(Payload.ofText("1")), AppendOptions.keeping(HISTORY))
                    .block();
        }
        time.schedulePeriodically(checks::checkQuiet, 1, PositionChecks.ROUND.toMillis(), TimeUnit.MILLISECONDS);

        time.advanceTimeBy(DELAY.minusSeconds(1));
        executor.runAll();
        assertThat(behind).hasValue(0);
        time.advanceTimeBy(Duration.ofSeconds(6));
        executor.runAll();

        assertThat(behind).hasValue(MANY);
        assertThat(broker.atOnce).as("batches read at one time").isEqualTo(1);
        assertThat(broker.singleReads).isZero();
    }

    @Test
    void checksAfterADisturbanceAreReadInTheSameBatches() {
        AtomicInteger notified = new AtomicInteger();
        subscribeToMany(hub, executor, top -> notified.incrementAndGet());

        // The engine notifies of each channel by itself, some of them twice.
        for (int i = 0; i < MANY; i++) {
            checks.check(List.of("c" + i));
            checks.check(List.of("c" + i / 2));
        }
        time.advanceTimeBy(Duration.ofSeconds(5));
        executor.runAll();

        assertThat(notified).hasValueBetween(MANY, MANY + 10_000);
        assertThat(broker.atOnce).isEqualTo(1);
        assertThat(broker.calls).isLessThan(20);
    }

    @Test
    void batchThatFailsIsReadAgainAndEndsNoOther() {
        List<StreamPosition> tops = new ArrayList<>();
        hub.subscribe("a", new Quiet(executor, top -> tops.add(top.position())));
        for (RuntimeException failure :
                new RuntimeException[] {new EngineException("on purpose"), new IllegalStateException()}) {
            broker.failure = failure;
            checks.check(List.of("a"));
            time.advanceTimeBy(Duration.ofSeconds(3));
            broker.failure = null;
            executor.runAll();
            assertThat(tops).isEmpty();

            time.advanceTimeBy(Duration.ofSeconds(6));
            executor.runAll();

            assertThat(tops).hasSize(1);
            tops.clear();
        }
    }

    @Test
    void channelWhoseOptionsCannotBeFoundKeepsNoOtherFromBeingRead() {
        List<StreamPosition> tops = new ArrayList<>();
        hub.subscribe("broken:a", new Quiet(executor, top -> {}));
        hub.subscribe("a", new Quiet(executor, top -> tops.add(top.position())));
        Namespaces namespaces = new Namespaces(
                ChannelNameRules.DEFAULTS,
                ChannelOptions.builder().history(HISTORY).build(),
                Map.of(),
                name -> {
                    if (name.equals("broken")) {
                        throw new NoClassDefFoundError("on purpose");
                    }
                    return Optional.empty();
                });

        new PositionChecks(hub, namespaces, broker, time, this::nanos, DELAY).check(List.of("broken:a", "a"));
        time.advanceTimeBy(Duration.ofSeconds(3));
        executor.runAll();

        assertThat(tops).hasSize(1);
    }

    @Test
    void channelsThatNobodyWatchesAnyMoreAreNotRead() {
        broker.failure = new EngineException("on purpose");
        Quiet subscriber = new Quiet(executor, top -> {});
        hub.subscribe("a", subscriber);
        checks.check(List.of("a", "b"));
        time.advanceTimeBy(Duration.ofSeconds(1));
        hub.unsubscribe("a", subscriber);
        int before = broker.channels;

        time.advanceTimeBy(Duration.ofMinutes(5));

        assertThat(broker.channels).isEqualTo(before).isEqualTo(1);
    }

    @Test
    void manyQuietChannelsAreCheckedInRealTime() {
        Scheduler scheduler = Schedulers.newSingle("checks");
        DefaultEventExecutor loop = new DefaultEventExecutor();
        try {
            MemoryEngine engine = new MemoryEngine(Duration.ofMinutes(1), scheduler);
            Hub realHub = new Hub(channel -> {}, System::nanoTime, Long.MAX_VALUE, ByteBufAllocator.DEFAULT);
            PositionChecks realChecks = new PositionChecks(
                    realHub, NAMESPACES, engine.broker(), scheduler, System::nanoTime, Duration.ofSeconds(1));
            AtomicInteger notified = new AtomicInteger();
            subscribeToMany(realHub, loop, top -> notified.incrementAndGet());
            scheduler.schedulePeriodically(
                    realChecks::checkQuiet, 0, PositionChecks.ROUND.toMillis(), TimeUnit.MILLISECONDS);

            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(notified).hasValueGreaterThanOrEqualTo(MANY));
        } finally {
            scheduler.dispose();
            loop.shutdownGracefully(0, 5, TimeUnit.SECONDS);
        }
    }

    private static void subscribeToMany(Hub hub, EventExecutor executor, Consumer<StreamTop> onTop) {
        Quiet subscriber = new Quiet(executor, onTop);
        IntStream.range(0, MANY).forEach(i -> hub.subscribe("c" + i, subscriber));
    }

    private static final class Quiet extends SilentSubscriber {

        private final Consumer<StreamTop> onTop;

        Quiet(EventExecutor executor, Consumer<StreamTop> onTop) {
            super(executor, true);
            this.onTop = onTop;
        }

        @Override
        public void onStreamTop(StreamTop top) {
            onTop.accept(top);
        }
    }

    /** Takes 100 ms for each call, and counts. */
    private static final class SlowBroker extends ForwardingBroker {

        private final Broker broker;

        private final Scheduler scheduler;

        int calls;

        int channels;

        int reading;

        int atOnce;

        int singleReads;

        @Nullable
        RuntimeException failure;

        SlowBroker(Broker broker, Scheduler scheduler) {
            super(broker);
            this.broker = broker;
            this.scheduler = scheduler;
        }

        @Override
        public Mono<Map<String, StreamPosition>> positions(Map<String, HistoryOptions> streams) {
            if (failure != null) {
                channels += streams.size();
                if (failure instanceof EngineException) {
                    return Mono.error(failure);
                }
                throw failure;
            }
            return Mono.defer(() -> {
                calls++;
                channels += streams.size();
                atOnce = Math.max(atOnce, ++reading);
                return broker.positions(streams)
                        .delayElement(Duration.ofMillis(100), scheduler)
                        .doFinally(signal -> reading--);
            });
        }

        @Override
        public Mono<HistoryResult> history(String channel, HistoryQuery query, HistoryOptions options) {
            singleReads++;
            return super.history(channel, query, options);
        }
    }
}
