package dev.realtime.engine.memory;

import static dev.realtime.channel.ChannelFixtures.keeping;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.realtime.api.NodeDescription;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.client.EngineException;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.PublishResult.Suppression;
import dev.realtime.spi.engine.AppendOptions;
import dev.realtime.spi.engine.ControlAnswer;
import dev.realtime.spi.engine.ControlCommand;
import dev.realtime.spi.engine.ControlQuestion;
import dev.realtime.spi.engine.NodeHandler;
import dev.realtime.spi.engine.RecordingBrokerListener;
import dev.realtime.spi.engine.RecordingNodeHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What the memory engine owes beyond the contracts: windows of minutes, no memory for what is over, and an end. */
class MemoryEngineTests {

    private static final Duration PRESENCE_TTL = Duration.ofSeconds(60);

    private static final HistoryOptions HISTORY = keeping(10);

    private static final Publication PUBLICATION = Publication.of(Payload.ofText("{}"));

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

    private final MemoryBroker broker = new MemoryBroker(() -> time.now(TimeUnit.NANOSECONDS), 100_000);

    private final MemoryPresenceManager presence =
            new MemoryPresenceManager(PRESENCE_TTL, () -> time.now(TimeUnit.NANOSECONDS));

    private final MemoryControlBus controlBus = new MemoryControlBus(time);

    private final MemoryEngine engine = new MemoryEngine(time, broker, presence, controlBus);

    @BeforeEach
    void startEngine() {
        broker.start(new RecordingBrokerListener());
        controlBus.start(new RecordingNodeHandler("node"));
        engine.start().block();
    }

    @AfterEach
    void stopEngine() {
        engine.stop().block();
        time.dispose();
    }

    @Test
    void stepsOfTheWallClockNeitherRemoveNorKeepAnything() {
        AtomicLong wallClock = new AtomicLong(System.currentTimeMillis());
        Scheduler stepping = new Scheduler() {
            @Override
            public long now(TimeUnit unit) {
                return unit.convert(wallClock.get(), TimeUnit.MILLISECONDS);
            }

            @Override
            public Disposable schedule(Runnable task) {
                return time.schedule(task);
            }

            @Override
            public Worker createWorker() {
                return time.createWorker();
            }
        };
        MemoryEngine stepped = new MemoryEngine(PRESENCE_TTL, stepping);
        stepped.broker()
                .publish("a", PUBLICATION, AppendOptions.keeping(HISTORY).withIdempotencyKey("key"))
                .block();

        wallClock.addAndGet(Duration.ofHours(1).toMillis());

        assertThat(stepped.broker()
                        .history("a", HistoryQuery.latest(10), HISTORY)
                        .block()
                        .publications())
                .hasSize(1);
        assertThat(stepped.broker()
                        .publish("a", PUBLICATION, AppendOptions.NONE.withIdempotencyKey("key"))
                        .block()
                        .suppression())
                .isEqualTo(Suppression.IDEMPOTENCY_KEY);
    }

    @Test
    void idempotencyKeysAreBoundedTogetherAndTheOldestGoFirst() {
        for (int i = 0; i < 10_000; i++) {
            broker.publish("c" + i % 1_000, PUBLICATION, AppendOptions.NONE.withIdempotencyKey("key" + i))
                    .block();
        }

        // 100 kB are some 370 keys.
        assertThat(broker.channelsKept()).isBetween(300L, 400L);
        assertThat(repeated(9_999)).isEqualTo(Suppression.IDEMPOTENCY_KEY);
        assertThat(repeated(9_700)).isEqualTo(Suppression.IDEMPOTENCY_KEY);
        assertThat(repeated(9_500)).isEqualTo(Suppression.NONE);

        time.advanceTimeBy(Duration.ofMinutes(6));

        assertThat(broker.channelsKept()).isZero();
        broker.publish("a", PUBLICATION, AppendOptions.NONE.withIdempotencyKey("another"))
                .block();
        assertThat(broker.channelsKept()).isEqualTo(1);
    }

    private Suppression repeated(int i) {
        return broker.publish("c" + i % 1_000, PUBLICATION, AppendOptions.NONE.withIdempotencyKey("key" + i))
                .block()
                .suppression();
    }

    @Test
    void idempotencyKeyIsForgottenFiveMinutesAfterItsFirstPublish() {
        AppendOptions once = AppendOptions.NONE.withIdempotencyKey("key");
        broker.publish("a", PUBLICATION, once).block();

        time.advanceTimeBy(Duration.ofMinutes(5).minusMillis(1));
        Suppression before = broker.publish("a", PUBLICATION, once).block().suppression();
        time.advanceTimeBy(Duration.ofMillis(1));
        Suppression after = broker.publish("a", PUBLICATION, once).block().suppression();

        assertThat(before).isEqualTo(Suppression.IDEMPOTENCY_KEY);
        assertThat(after).isEqualTo(Suppression.NONE);
    }

    @Test
    void replicasAreRefusedAsThereAreNone() {
        AppendOptions replicated = AppendOptions.keeping(HISTORY).untilReplicated();

        Throwable refused = catchThrowable(
                () -> broker.publish("a", PUBLICATION, replicated).block());

        assertThat(refused)
                .isInstanceOf(EngineException.class)
                .hasMessage("Publishing to channel 'a' failed: it is to be acknowledged when a replica has it, and"
                        + " the memory"
                        + " engine has none. Remove publish-ack from its namespace, or use the Redis engine.");
    }

    @Test
    void publishingWithoutHistoryKeepsNothing() {
        broker.publish("a", PUBLICATION, AppendOptions.NONE).block();
        broker.publishJoin("a", new ClientInfo("", "c", null, null)).block();
        broker.removeHistory("a").block();
        broker.unsubscribe("a").block();
        presence.presence("a").block();
        presence.stats("a").block();
        presence.remove("a", "c").block();

        assertThat(broker.channelsKept()).isZero();
        assertThat(presence.channelsKept()).isZero();
    }

    @Test
    void lastUnsubscribeAndLastLeaveFreeTheChannelAtOnce() {
        broker.subscribe("a").block();
        presence.add("a", new ClientInfo("", "c", null, null)).block();

        broker.unsubscribe("a").block();
        presence.remove("a", "c").block();

        assertThat(broker.channelsKept()).isZero();
        assertThat(presence.channelsKept()).isZero();
    }

    @Test
    void whatExpiresIsFreedWithoutBeingUsedAgain() {
        broker.publish("kept", PUBLICATION, AppendOptions.keeping(HISTORY)).block();
        broker.history("read", HistoryQuery.POSITION, HISTORY).block();
        broker.publish("once", PUBLICATION, AppendOptions.NONE.withIdempotencyKey("key"))
                .block();
        presence.add("present", new ClientInfo("", "c", null, null)).block();
        assertThat(broker.channelsKept()).isEqualTo(3);
        assertThat(presence.channelsKept()).isEqualTo(1);

        time.advanceTimeBy(PRESENCE_TTL.plusSeconds(1));
        assertThat(presence.channelsKept()).isZero();

        time.advanceTimeBy(Duration.ofMinutes(4));
        assertThat(broker.channelsKept()).isEqualTo(2);

        time.advanceTimeBy(Duration.ofMinutes(6));
        assertThat(broker.channelsKept()).isZero();
    }

    @Test
    void subscribedChannelIsKeptWhenItsStreamEnds() {
        broker.subscribe("a").block();
        broker.publish("a", PUBLICATION, AppendOptions.keeping(HISTORY)).block();

        time.advanceTimeBy(Duration.ofHours(1));

        assertThat(broker.channelsKept()).isEqualTo(1);
    }

    @Test
    void stopReleasesEverything() {
        broker.subscribe("a").block();
        broker.publish("a", PUBLICATION, AppendOptions.keeping(HISTORY)).block();
        presence.add("a", new ClientInfo("", "c", null, null)).block();

        engine.stop().block();
        engine.stop().block();

        assertThat(broker.channelsKept()).isZero();
        assertThat(presence.channelsKept()).isZero();
    }

    @Test
    void stoppedEngineSweepsNoMore() {
        engine.stop().block();

        broker.publish("a", PUBLICATION, AppendOptions.keeping(HISTORY)).block();
        time.advanceTimeBy(Duration.ofMinutes(11));

        assertThat(broker.channelsKept()).isEqualTo(1);
    }

    @Test
    void stoppedEngineMayStartAgain() {
        engine.stop().block();

        engine.start().block();
        broker.publish("a", PUBLICATION, AppendOptions.keeping(HISTORY)).block();
        time.advanceTimeBy(Duration.ofMinutes(11));

        assertThat(broker.channelsKept()).isZero();
    }

    @Test
    void epochsDoNotRepeat() {
        String first = broker.history("a", HistoryQuery.POSITION, HISTORY)
                .block()
                .position()
                .epoch();
        String second = broker.history("b", HistoryQuery.POSITION, HISTORY)
                .block()
                .position()
                .epoch();

        assertThat(first).isNotEqualTo(second).matches("[0-9a-z]{1,13}");
    }

    @Test
    void nodeThatDoesNotAnswerInTimeIsLeftOut() {
        controlBus.start(new NodeHandler() {
            @Override
            public Mono<Void> run(ControlCommand command) {
                return Mono.never();
            }

            @Override
            public Mono<Void> commandsMissed() {
                return Mono.never();
            }

            @Override
            public Mono<ControlAnswer> answer(ControlQuestion question) {
                return Mono.never();
            }

            @Override
            public NodeDescription describe() {
                return new NodeDescription("", "", "", 0, 0, 0, 0, 0);
            }
        });

        StepVerifier.create(controlBus.survey(new ControlQuestion.Channels("")))
                .expectSubscription()
                .then(() -> time.advanceTimeBy(MemoryControlBus.SURVEY_TIMEOUT))
                .verifyComplete();
    }
}
