package dev.realtime.spi.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.with;

import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.PublishResult;
import dev.realtime.api.data.PublishResult.Suppression;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.spi.engine.RecordingBrokerListener.Delivery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What every {@link Broker} owes: order, positions, history, idempotency keys, versions and notifications. */
public abstract class BrokerContract {

    private static final HistoryOptions HISTORY = history(100, 60, 3600);

    private static final AppendOptions KEPT = AppendOptions.keeping(HISTORY);

    private static final HistoryQuery ALL = new HistoryQuery(-1, null, false);

    private static final String CHANNEL = "chat:room";

    /** Longer than a time-to-live of one second, shorter than one of two. */
    private static final Duration OVER_A_SECOND = Duration.ofMillis(1200);

    /** Maximum time that a publication from before a subscription may be in flight. */
    private static final Duration MOMENT = Duration.ofMillis(200);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final RecordingBrokerListener listener = new RecordingBrokerListener();

    private final RecordingBrokerListener anotherListener = new RecordingBrokerListener();

    private EngineUnderTest underTest;

    private Broker broker;

    private Broker another;

    /** A new engine to test. */
    protected abstract EngineUnderTest underTest();

    @BeforeEach
    void startEngines() {
        underTest = underTest();
        broker = start(underTest.engine(), listener);
        another = isAlone() ? broker : start(underTest.another(), anotherListener);
    }

    @AfterEach
    void stopEngines() {
        get(underTest.engine().stop());
        get(underTest.another().stop());
        underTest.close();
    }

    private boolean isAlone() {
        return underTest.another() == underTest.engine();
    }

    private static Broker start(Engine engine, BrokerListener listener) {
        engine.broker().start(listener);
        engine.controlBus().start(new RecordingNodeHandler("node"));
        get(engine.start());
        return engine.broker();
    }

    // Positions

    @Test
    void offsetsCountUpByOneFromOne() {
        List<PublishResult> results = List.of(publish("1"), publish("2"), publish("3"));

        assertThat(results).extracting(result -> result.position().offset()).containsExactly(1L, 2L, 3L);
        assertThat(results).extracting(PublishResult::suppression).containsOnly(Suppression.NONE);
    }

    @Test
    void epochStaysWhileTheStreamIsUsed() {
        String epoch = publish("1").position().epoch();

        assertThat(epoch).isNotEmpty();
        assertThat(publish("2").position().epoch()).isEqualTo(epoch);
        assertThat(read(ALL).position().epoch()).isEqualTo(epoch);
    }

    @Test
    void channelsCountOnTheirOwn() {
        publish("1");
        publish("2");

        PublishResult other = get(broker.publish("chat:other", publication("1"), KEPT));

        assertThat(other.position().offset()).isEqualTo(1);
    }

    @Test
    void positionOfAnUnusedChannelStaysComparable() {
        StreamPosition unused = read(HistoryQuery.POSITION).position();

        StreamPosition first = publish("1").position();

        assertThat(unused.offset()).isZero();
        assertThat(unused.epoch()).isNotEmpty().isEqualTo(first.epoch());
        assertThat(first.offset()).isEqualTo(1);
    }

    @Test
    void publicationWithoutHistoryHasNoPositionAndMovesNone() {
        subscribe(CHANNEL);
        StreamPosition top = publish("kept").position();
        // Only offsets have an order: what has none may take another way.
        eventually(() -> assertThat(listener.texts(CHANNEL)).containsExactly("kept"));

        PublishResult result = get(broker.publish(CHANNEL, publication("passing"), AppendOptions.NONE));

        assertThat(result).isEqualTo(PublishResult.WITHOUT_HISTORY);
        assertThat(texts(read(ALL))).containsExactly("kept");
        assertThat(read(ALL).position()).isEqualTo(top);
        eventually(() -> assertThat(listener.texts(CHANNEL)).containsExactly("kept", "passing"));
        Delivery passing = listener.deliveries(CHANNEL).get(1);
        assertThat(passing.position()).isEqualTo(StreamPosition.NONE);
        assertThat(passing.publication().offset()).isZero();
    }

    @Test
    void offsetOfThePublicationHandedInIsIgnored() {
        PublishResult result = get(broker.publish(CHANNEL, publication("1").at(77), KEPT));

        assertThat(result.position().offset()).isEqualTo(1);
        assertThat(read(ALL).publications().get(0).offset()).isEqualTo(1);
    }

    // Order

    @Test
    void concurrentPublishersAreDeliveredInOffsetOrder() throws Exception {
        int publishers = 8;
        int each = 50;
        HistoryOptions roomy = history(publishers * each, 60, 3600);
        subscribe(CHANNEL);

        List<List<PublishResult>> results = together(publishers, publisher -> {
            List<PublishResult> own = new ArrayList<>();
            for (int i = 0; i < each; i++) {
                own.add(get(broker.publish(CHANNEL, publication(publisher + "-" + i), AppendOptions.keeping(roomy))));
            }
            return own;
        });

        List<Long> expected =
                LongStream.rangeClosed(1, publishers * each).boxed().toList();
        eventually(() -> assertThat(listener.deliveries(CHANNEL)).hasSize(publishers * each));
        assertThat(listener.deliveries(CHANNEL))
                .extracting(delivery -> delivery.position().offset())
                .isEqualTo(expected);
        assertThat(listener.overlapped()).isEmpty();
        assertThat(results.stream()
                        .flatMap(List::stream)
                        .map(result -> result.position().offset()))
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(texts(read(ALL))).isEqualTo(listener.texts(CHANNEL));
    }

    @Test
    void publishesOfOneThreadKeepTheirOrder() {
        subscribe(CHANNEL);
        List<String> sent = IntStream.range(0, 100).mapToObj(String::valueOf).toList();

        List<PublishResult> results = get(Flux.fromIterable(sent)
                .flatMapSequential(text -> broker.publish(CHANNEL, publication(text), KEPT), sent.size())
                .collectList());

        assertThat(results)
                .extracting(result -> result.position().offset())
                .isEqualTo(LongStream.rangeClosed(1, 100).boxed().toList());
        eventually(() -> assertThat(listener.texts(CHANNEL)).isEqualTo(sent));
    }

    @Test
    void withoutHistoryPublishesOfOneThreadKeepTheirOrderToo() {
        subscribe(CHANNEL);
        List<String> sent = IntStream.range(0, 100).mapToObj(String::valueOf).toList();

        get(Flux.fromIterable(sent)
                .flatMap(text -> broker.publish(CHANNEL, publication(text), AppendOptions.NONE), sent.size())
                .then());

        eventually(() -> assertThat(listener.texts(CHANNEL)).isEqualTo(sent));
    }

    @Test
    void nothingHappensBeforeAMonoIsSubscribedTo() {
        broker.publish(CHANNEL, publication("never"), KEPT);
        broker.removeHistory(CHANNEL);

        assertThat(publish("1").position().offset()).isEqualTo(1);
        assertThat(texts(read(ALL))).containsExactly("1");
    }

    @Test
    void monoSubscribedToTwicePublishesTwice() {
        Mono<PublishResult> publish = broker.publish(CHANNEL, publication("again"), KEPT);

        assertThat(get(publish).position().offset()).isEqualTo(1);
        assertThat(get(publish).position().offset()).isEqualTo(2);
    }

    // What is kept

    @Test
    void latestPublicationsAreKeptUpToTheSize() {
        AppendOptions three = AppendOptions.keeping(history(3, 60, 3600));

        for (int i = 1; i <= 5; i++) {
            get(broker.publish(CHANNEL, publication("" + i), three));
        }

        HistoryResult result = read(ALL);
        assertThat(texts(result)).containsExactly("3", "4", "5");
        assertThat(result.publications()).extracting(Publication::offset).containsExactly(3L, 4L, 5L);
        assertThat(result.position().offset()).isEqualTo(5);
    }

    @Test
    void sizeMayChangeFromOnePublicationToTheNext() {
        publishNumbers(10);

        get(broker.publish(CHANNEL, publication("11"), AppendOptions.keeping(history(2, 60, 3600))));
        List<String> shrunk = texts(read(ALL));
        get(broker.publish(CHANNEL, publication("12"), AppendOptions.keeping(history(4, 60, 3600))));
        get(broker.publish(CHANNEL, publication("13"), AppendOptions.keeping(history(4, 60, 3600))));
        List<String> grown = texts(read(ALL));

        assertThat(shrunk).containsExactly("10", "11");
        assertThat(grown).containsExactly("10", "11", "12", "13");
    }

    @Test
    void historyTtlEmptiesTheStreamAndKeepsItsPosition() {
        StreamPosition before = publish("old", history(10, 1, 3600)).position();

        underTest.pass(OVER_A_SECOND);

        assertThat(read(ALL).publications()).isEmpty();
        assertThat(read(ALL).position()).isEqualTo(before);
        assertThat(publish("new").position()).isEqualTo(new StreamPosition(2, before.epoch()));
        assertThat(texts(read(ALL))).containsExactly("new");
    }

    @Test
    void historyTtlCountsFromTheLastPublication() {
        HistoryOptions twoSeconds = history(10, 2, 3600);
        publish("1", twoSeconds);
        underTest.pass(OVER_A_SECOND);
        publish("2", twoSeconds);

        underTest.pass(OVER_A_SECOND);
        List<String> kept = texts(read(ALL));
        underTest.pass(OVER_A_SECOND);
        List<String> gone = texts(read(ALL));

        assertThat(kept).containsExactly("1", "2");
        assertThat(gone).isEmpty();
    }

    @Test
    void metaTtlEndsTheEpoch() {
        HistoryOptions brief = history(10, 1, 1);
        StreamPosition before = publish("old", brief).position();

        underTest.pass(OVER_A_SECOND);
        HistoryResult after = read(ALL);

        assertThat(after.publications()).isEmpty();
        assertThat(after.position().offset()).isZero();
        assertThat(after.position().epoch()).isNotEmpty().isNotEqualTo(before.epoch());
        assertThat(publish("new").position())
                .isEqualTo(new StreamPosition(1, after.position().epoch()));
    }

    @Test
    void metaTtlCountsFromTheLastUse() {
        HistoryOptions brief = history(10, 1, 2);
        String epoch = publish("1", brief).position().epoch();

        underTest.pass(OVER_A_SECOND);
        String read = get(broker.history(CHANNEL, HistoryQuery.POSITION, brief))
                .position()
                .epoch();
        underTest.pass(OVER_A_SECOND);
        String published = publish("2", brief).position().epoch();
        underTest.pass(OVER_A_SECOND.multipliedBy(2));
        String late = get(broker.history(CHANNEL, HistoryQuery.POSITION, brief))
                .position()
                .epoch();

        assertThat(read).isEqualTo(epoch);
        assertThat(published).isEqualTo(epoch);
        assertThat(late).isNotEqualTo(epoch);
    }

    @Test
    void positionsOfManyChannelsAreWhatReadingEachWouldSay() {
        Map<String, HistoryOptions> channels = new HashMap<>();
        for (int i = 0; i < 500; i++) {
            channels.put("chat:" + i, HISTORY);
        }
        get(broker.publish("chat:1", publication("1"), KEPT));
        get(broker.publish("chat:2", publication("1"), KEPT));
        get(broker.publish("chat:2", publication("2"), KEPT));

        Map<String, StreamPosition> first = get(broker.positions(channels));
        Map<String, StreamPosition> second = get(broker.positions(channels));

        Map<String, StreamPosition> single = new HashMap<>();
        channels.forEach((channel, options) -> single.put(
                channel,
                get(broker.history(channel, HistoryQuery.POSITION, options)).position()));
        assertThat(first).isEqualTo(single);
        assertThat(second).isEqualTo(single);
        assertThat(first.get("chat:2").offset()).isEqualTo(2);
        assertThat(first.values()).noneMatch(position -> position.epoch().isEmpty());
    }

    @Test
    void positionsReadTogetherLiveOn() {
        HistoryOptions brief = history(10, 1, 2);
        String epoch = publish("1", brief).position().epoch();

        underTest.pass(OVER_A_SECOND);
        get(broker.positions(Map.of(CHANNEL, brief)));
        underTest.pass(OVER_A_SECOND);

        assertThat(publish("2", brief).position().epoch()).isEqualTo(epoch);
    }

    @Test
    void removedHistoryIsGoneAndThePositionGoesOn() {
        publish("1");
        StreamPosition before = publish("2").position();

        get(broker.removeHistory(CHANNEL));

        assertThat(read(ALL)).isEqualTo(new HistoryResult(List.of(), before));
        assertThat(publish("3").position()).isEqualTo(new StreamPosition(3, before.epoch()));
        assertThat(texts(read(ALL))).containsExactly("3");
    }

    @Test
    void removingTheHistoryOfAnUnusedChannelDoesNothing() {
        get(broker.removeHistory(CHANNEL));

        assertThat(publish("1").position().offset()).isEqualTo(1);
    }

    @Test
    void publicationIsKeptAsItWasPublished() {
        Publication publication = new Publication(
                        binary(), info("42", "client", null, text("{\"a\":1}")), 0, Map.of("k", "v", "ключ", "€"))
                .withVersion(7);

        get(broker.publish(CHANNEL, publication, KEPT));

        assertThat(read(ALL).publications()).containsExactly(publication.at(1));
    }

    // Reading

    @Test
    void limitOfZeroReadsThePositionAlone() {
        StreamPosition top = publishNumbers(3);

        assertThat(read(HistoryQuery.POSITION)).isEqualTo(new HistoryResult(List.of(), top));
        assertThat(read(new HistoryQuery(0, at(1), false)).publications()).isEmpty();
        assertThat(read(new HistoryQuery(0, null, true)).publications()).isEmpty();
    }

    @Test
    void limitCutsWhatIsRead() {
        StreamPosition top = publishNumbers(5);

        assertThat(texts(read(new HistoryQuery(2, null, false)))).containsExactly("1", "2");
        assertThat(texts(read(HistoryQuery.latest(2)))).containsExactly("5", "4");
        assertThat(texts(read(HistoryQuery.after(at(1), 2)))).containsExactly("2", "3");
        assertThat(texts(read(new HistoryQuery(2, at(4), true)))).containsExactly("3", "2");
        assertThat(texts(read(new HistoryQuery(Integer.MAX_VALUE, null, false))))
                .hasSize(5);
        assertThat(read(HistoryQuery.latest(2)).position()).isEqualTo(top);
    }

    @Test
    void negativeLimitReadsAll() {
        publishNumbers(4);

        assertThat(texts(read(ALL))).containsExactly("1", "2", "3", "4");
        assertThat(texts(read(new HistoryQuery(-1, null, true)))).containsExactly("4", "3", "2", "1");
        assertThat(texts(read(new HistoryQuery(-7, at(2), false)))).containsExactly("3", "4");
    }

    @Test
    void sinceReadsWhatLiesStrictlyAfterIt() {
        publishNumbers(4);

        assertThat(texts(read(HistoryQuery.after(at(0), -1)))).containsExactly("1", "2", "3", "4");
        assertThat(texts(read(HistoryQuery.after(at(3), -1)))).containsExactly("4");
        assertThat(texts(read(HistoryQuery.after(at(4), -1)))).isEmpty();
    }

    @Test
    void reverseSinceReadsWhatLiesStrictlyBeforeIt() {
        publishNumbers(4);

        assertThat(texts(read(new HistoryQuery(-1, at(4), true)))).containsExactly("3", "2", "1");
        assertThat(texts(read(new HistoryQuery(-1, at(1), true)))).isEmpty();
        assertThat(texts(read(new HistoryQuery(-1, at(0), true)))).isEmpty();
    }

    @Test
    void sinceBeyondTheTopFindsNothingAfterAndEverythingBefore() {
        StreamPosition top = publishNumbers(2);

        for (long beyond : new long[] {3, 1_000, Long.MAX_VALUE, -1}) {
            assertThat(read(HistoryQuery.after(at(beyond), -1))).isEqualTo(new HistoryResult(List.of(), top));
            assertThat(texts(read(new HistoryQuery(-1, at(beyond), true)))).containsExactly("2", "1");
        }
    }

    @Test
    void sinceATrimmedOffsetReadsWhatIsLeft() {
        for (int i = 1; i <= 6; i++) {
            publish("" + i, history(2, 60, 3600));
        }

        assertThat(texts(read(HistoryQuery.after(at(1), -1)))).containsExactly("5", "6");
        assertThat(texts(read(HistoryQuery.after(at(0), -1)))).containsExactly("5", "6");
        assertThat(texts(read(new HistoryQuery(-1, at(3), true)))).isEmpty();
        assertThat(texts(read(new HistoryQuery(-1, at(6), true)))).containsExactly("5");
    }

    @Test
    void epochOfSinceIsNotCompared() {
        publishNumbers(2);

        assertThat(texts(read(HistoryQuery.after(new StreamPosition(1, "another"), -1))))
                .containsExactly("2");
    }

    @Test
    void readResultIsOfOneMoment() throws Exception {
        HistoryOptions few = history(5, 60, 3600);
        int readers = 4;

        List<Boolean> whole = together(readers, reader -> {
            boolean consistent = true;
            for (int i = 0; i < 50; i++) {
                publish("x", few);
                HistoryResult result = read(ALL);
                List<Publication> publications = result.publications();
                long top = result.position().offset();
                for (int j = 0; j < publications.size(); j++) {
                    consistent &= publications.get(j).offset() == top - publications.size() + 1 + j;
                }
            }
            return consistent;
        });

        assertThat(whole).containsOnly(true);
    }

    // Idempotency keys

    @Test
    void repeatedKeyIsSuppressedAndAnswersTheFirstPosition() {
        subscribe(CHANNEL);
        PublishResult first = get(broker.publish(CHANNEL, publication("1"), KEPT.withIdempotencyKey("key")));
        publish("2");

        PublishResult repeat = get(broker.publish(CHANNEL, publication("3"), KEPT.withIdempotencyKey("key")));

        assertThat(first.suppression()).isEqualTo(Suppression.NONE);
        assertThat(repeat).isEqualTo(new PublishResult(first.position(), Suppression.IDEMPOTENCY_KEY));
        publish("4");
        eventually(() -> assertThat(listener.texts(CHANNEL)).containsExactly("1", "2", "4"));
        assertThat(texts(read(ALL))).containsExactly("1", "2", "4");
    }

    @Test
    void repeatedKeyIsSuppressedWithoutHistoryToo() {
        subscribe(CHANNEL);
        AppendOptions once = AppendOptions.NONE.withIdempotencyKey("key");
        PublishResult first = get(broker.publish(CHANNEL, publication("1"), once));

        PublishResult repeat = get(broker.publish(CHANNEL, publication("2"), once));

        assertThat(first).isEqualTo(PublishResult.WITHOUT_HISTORY);
        assertThat(repeat).isEqualTo(new PublishResult(StreamPosition.NONE, Suppression.IDEMPOTENCY_KEY));
        get(broker.publish(CHANNEL, publication("3"), AppendOptions.NONE));
        eventually(() -> assertThat(listener.texts(CHANNEL)).containsExactly("1", "3"));
    }

    @Test
    void keysBelongToTheirChannel() {
        AppendOptions once = KEPT.withIdempotencyKey("c");
        get(broker.publish("a", publication("1"), KEPT.withIdempotencyKey("b_c")));

        assertThat(get(broker.publish("a_b", publication("1"), once)).suppression())
                .isEqualTo(Suppression.NONE);
        assertThat(get(broker.publish("a", publication("1"), once)).suppression())
                .isEqualTo(Suppression.NONE);
        assertThat(get(broker.publish("a", publication("1"), once)).suppression())
                .isEqualTo(Suppression.IDEMPOTENCY_KEY);
    }

    @Test
    void keyOutlivesTheHistoryItWasPublishedTo() {
        AppendOptions once = AppendOptions.keeping(history(10, 1, 1)).withIdempotencyKey("key");
        PublishResult first = get(broker.publish(CHANNEL, publication("1"), once));

        underTest.pass(OVER_A_SECOND);
        PublishResult repeat = get(broker.publish(CHANNEL, publication("1"), once));

        assertThat(repeat).isEqualTo(new PublishResult(first.position(), Suppression.IDEMPOTENCY_KEY));
    }

    @Test
    void concurrentRepeatsDeliverOnceAndAllAnswerTheFirstPosition() throws Exception {
        subscribe(CHANNEL);

        for (int round = 0; round < 20; round++) {
            AppendOptions once = KEPT.withIdempotencyKey("key-" + round);
            List<PublishResult> results =
                    together(4, publisher -> get(broker.publish(CHANNEL, publication("x"), once)));

            assertThat(results)
                    .extracting(PublishResult::position)
                    .containsOnly(results.get(0).position());
            assertThat(results)
                    .filteredOn(result -> result.suppression() == Suppression.NONE)
                    .hasSize(1);
        }

        eventually(() -> assertThat(listener.deliveries(CHANNEL)).hasSize(20));
        assertThat(read(ALL).publications()).hasSize(20);
    }

    @Test
    void keyHoldsOnEveryNode() {
        AppendOptions once = KEPT.withIdempotencyKey("key");
        PublishResult first = get(broker.publish(CHANNEL, publication("1"), once));

        PublishResult repeat = get(another.publish(CHANNEL, publication("1"), once));

        assertThat(repeat).isEqualTo(new PublishResult(first.position(), Suppression.IDEMPOTENCY_KEY));
    }

    // Versions

    @Test
    void publicationOfAnOldVersionIsSuppressedAndAnswersTheTop() {
        subscribe(CHANNEL);
        publishVersion(5, "");
        StreamPosition top = publish("unversioned").position();

        assertThat(publishVersion(4, "")).isEqualTo(new PublishResult(top, Suppression.VERSION));
        assertThat(publishVersion(5, "")).isEqualTo(new PublishResult(top, Suppression.VERSION));
        assertThat(publishVersion(6, "").position().offset()).isEqualTo(3);
        eventually(() -> assertThat(listener.texts(CHANNEL)).containsExactly("v5", "unversioned", "v6"));
    }

    @Test
    void versionsOfAnotherEpochStartAnew() {
        publishVersion(5, "a");

        assertThat(publishVersion(1, "b").suppression()).isEqualTo(Suppression.NONE);
        assertThat(publishVersion(1, "b").suppression()).isEqualTo(Suppression.VERSION);
        assertThat(publishVersion(2, "a").suppression()).isEqualTo(Suppression.NONE);
    }

    @Test
    void versionWithoutEpochComparesWithWhateverWasLast() {
        publishVersion(5, "a");

        assertThat(publishVersion(5, "").suppression()).isEqualTo(Suppression.VERSION);
        assertThat(publishVersion(6, "").suppression()).isEqualTo(Suppression.NONE);
    }

    @Test
    void versionsAreUnsignedAndExact() {
        long large = (1L << 53) + 1;
        publishVersion(large, "");

        assertThat(publishVersion(large - 1, "").suppression()).isEqualTo(Suppression.VERSION);
        assertThat(publishVersion(large + 1, "").suppression()).isEqualTo(Suppression.NONE);
        assertThat(publishVersion(Long.MIN_VALUE, "").suppression()).isEqualTo(Suppression.NONE);
        assertThat(publishVersion(Long.MAX_VALUE, "").suppression()).isEqualTo(Suppression.VERSION);
        assertThat(publishVersion(-1, "").suppression()).isEqualTo(Suppression.NONE);
        assertThat(publishVersion(-2, "").suppression()).isEqualTo(Suppression.VERSION);
    }

    @Test
    void versionsAreNotComparedWithoutHistory() {
        AppendOptions versioned = AppendOptions.NONE.withVersion(5, "");

        assertThat(get(broker.publish(CHANNEL, publication("1"), versioned))).isEqualTo(PublishResult.WITHOUT_HISTORY);
        assertThat(get(broker.publish(CHANNEL, publication("2"), versioned))).isEqualTo(PublishResult.WITHOUT_HISTORY);
    }

    @Test
    void versionOutlivesThePublications() {
        publishVersion(5, "");

        get(broker.removeHistory(CHANNEL));

        assertThat(publishVersion(5, "").suppression()).isEqualTo(Suppression.VERSION);
    }

    // Notifications

    @Test
    void onlySubscribedChannelsReachTheListener() {
        publish("before");
        underTest.pass(MOMENT);
        subscribe(CHANNEL);

        publish("during");
        eventually(() -> assertThat(listener.texts(CHANNEL)).containsExactly("during"));
        get(broker.unsubscribe(CHANNEL));
        publish("after");
        get(broker.publish(CHANNEL, publication("after"), AppendOptions.NONE));
        underTest.pass(MOMENT);
        subscribe(CHANNEL);
        publish("again");

        eventually(() -> assertThat(listener.texts(CHANNEL)).endsWith("again"));
        assertThat(listener.texts(CHANNEL)).containsExactly("during", "again");
    }

    @Test
    void subscribingTwiceIsTheSameAsOnce() {
        subscribe(CHANNEL);
        subscribe(CHANNEL);

        publish("once");
        eventually(() -> assertThat(listener.texts(CHANNEL)).contains("once"));
        get(broker.unsubscribe(CHANNEL));
        publish("unheard");
        underTest.pass(MOMENT);
        subscribe(CHANNEL);
        publish("last");

        eventually(() -> assertThat(listener.texts(CHANNEL)).endsWith("last"));
        assertThat(listener.texts(CHANNEL)).containsExactly("once", "last");
    }

    @Test
    void unsubscribingWithoutASubscriptionDoesNothing() {
        get(broker.unsubscribe(CHANNEL));

        subscribe(CHANNEL);
        publish("1");

        eventually(() -> assertThat(listener.texts(CHANNEL)).containsExactly("1"));
    }

    @Test
    void everySubscribedNodeIsTold() {
        RecordingBrokerListener there = isAlone() ? listener : anotherListener;
        get(another.subscribe(CHANNEL));
        subscribe(CHANNEL);

        PublishResult here = publish("from here");
        PublishResult fromThere = get(another.publish(CHANNEL, publication("from there"), KEPT));
        eventually(() -> assertThat(listener.deliveries(CHANNEL)).hasSize(2));
        eventually(() -> assertThat(there.deliveries(CHANNEL)).hasSize(2));
        get(another.publish(CHANNEL, publication("passing"), AppendOptions.NONE));

        List<String> expected = List.of("from here", "from there", "passing");
        eventually(() -> assertThat(listener.texts(CHANNEL)).isEqualTo(expected));
        eventually(() -> assertThat(there.texts(CHANNEL)).isEqualTo(expected));
        assertThat(there.deliveries(CHANNEL))
                .extracting(Delivery::position)
                .containsExactly(here.position(), fromThere.position(), StreamPosition.NONE);
        assertThat(get(another.history(CHANNEL, ALL, HISTORY))).isEqualTo(read(ALL));
    }

    @Test
    void listenerSeesThePublicationAsItWasPublished() {
        subscribe(CHANNEL);
        List<Publication> publications = List.of(
                publication("{ \"big\" : 12345678901234567890, \"e\":\"\\u00e9\" }"),
                new Publication(binary(), null, 0, Map.of()),
                new Publication(Payload.empty(), null, 0, Map.of("empty", "")).withVersion(-1),
                new Publication(
                        Payload.ofCheckedJson("{\n}".getBytes(StandardCharsets.UTF_8), true),
                        info("", "c", null, null),
                        0,
                        Map.of()),
                new Publication(
                        text("\"Grüße, 日本 😀\""),
                        info("пользователь", "client", text("{\"name\":\"é\"}"), binary()),
                        0,
                        Map.of("", "v", "ключ 😀", "a\u0000b\r\n", "{}", ":")));

        for (int i = 0; i < publications.size(); i++) {
            int before = 2 * i;
            get(broker.publish(CHANNEL, publications.get(i), KEPT));
            eventually(() -> assertThat(listener.deliveries(CHANNEL)).hasSize(before + 1));
            get(broker.publish(CHANNEL, publications.get(i), AppendOptions.NONE));
            eventually(() -> assertThat(listener.deliveries(CHANNEL)).hasSize(before + 2));
        }

        for (int i = 0; i < publications.size(); i++) {
            Publication published = publications.get(i);
            Publication kept = listener.deliveries(CHANNEL).get(2 * i).publication();
            Publication passing = listener.deliveries(CHANNEL).get(2 * i + 1).publication();
            assertThat(kept).isEqualTo(published.at(i + 1));
            assertThat(passing).isEqualTo(published);
            assertThat(kept.data().isJson()).isEqualTo(published.data().isJson());
            assertThat(passing.data().hasLineBreaks())
                    .isEqualTo(published.data().hasLineBreaks());
        }
    }

    @Test
    void positionToldIsThatOfThePublishResult() {
        subscribe(CHANNEL);

        PublishResult result = publish("1");

        eventually(() -> assertThat(listener.deliveries(CHANNEL)).hasSize(1));
        Delivery delivery = listener.deliveries(CHANNEL).get(0);
        assertThat(delivery.position()).isEqualTo(result.position());
        assertThat(delivery.publication().offset()).isEqualTo(result.position().offset());
    }

    @Test
    void joinAndLeaveReachSubscribedNodes() {
        ClientInfo info = info("42", "client", text("{\"name\":\"é\"}"), binary());
        ClientInfo anonymous = info("", "other", null, null);
        get(broker.publishJoin(CHANNEL, anonymous));
        underTest.pass(MOMENT);
        subscribe(CHANNEL);

        get(another.publishJoin(CHANNEL, info));
        get(another.publishJoin(CHANNEL, anonymous));
        get(another.publishLeave(CHANNEL, info));

        eventually(() -> assertThat(listener.joins(CHANNEL)).containsExactly(info, anonymous));
        eventually(() -> assertThat(listener.leaves(CHANNEL)).containsExactly(info));
        assertThat(read(ALL).position().offset()).isZero();
    }

    @Test
    void failingListenerHarmsNeitherThePublishNorWhatFollows() {
        subscribe(CHANNEL);
        listener.failFromNowOn();

        StreamPosition first = publish("1").position();
        StreamPosition second = publish("2").position();

        assertThat(first.offset()).isEqualTo(1);
        assertThat(second.offset()).isEqualTo(2);
        eventually(() -> assertThat(listener.texts(CHANNEL)).containsExactly("1", "2"));
    }

    // Names

    @Test
    void channelsOfAnyNameAreKeptApart() {
        List<String> names = AnyChannelNames.ALL;
        names.forEach(this::subscribe);

        for (int i = 0; i < names.size(); i++) {
            AppendOptions once = KEPT.withIdempotencyKey("key");
            assertThat(get(broker.publish(names.get(i), publication("" + i), once))
                            .position()
                            .offset())
                    .as(names.get(i))
                    .isEqualTo(1);
        }

        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            String own = "" + i;
            eventually(() -> assertThat(listener.texts(name)).as(name).containsExactly(own));
            assertThat(texts(get(broker.history(name, ALL, HISTORY)))).as(name).containsExactly(own);
        }
        get(broker.removeHistory(names.get(0)));
        for (String name : names.subList(1, names.size())) {
            assertThat(get(broker.history(name, ALL, HISTORY)).publications())
                    .as(name)
                    .hasSize(1);
        }
    }

    // Plumbing

    private static HistoryOptions history(int size, int ttlSeconds, int metaTtlSeconds) {
        return new HistoryOptions(size, Duration.ofSeconds(ttlSeconds), Duration.ofSeconds(metaTtlSeconds));
    }

    private static Publication publication(String text) {
        return Publication.of(text(text));
    }

    private static Payload text(String text) {
        return Payload.ofText(text);
    }

    private static Payload binary() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return Payload.of(bytes);
    }

    private static ClientInfo info(
            String userId, String clientId, @Nullable Payload connectionInfo, @Nullable Payload channelInfo) {
        return new ClientInfo(userId, clientId, connectionInfo, channelInfo);
    }

    /** A position of which only the offset counts. */
    private static StreamPosition at(long offset) {
        return new StreamPosition(offset, "");
    }

    private void subscribe(String channel) {
        get(broker.subscribe(channel));
    }

    private PublishResult publish(String text) {
        return publish(text, HISTORY);
    }

    private PublishResult publish(String text, HistoryOptions history) {
        return get(broker.publish(CHANNEL, publication(text), AppendOptions.keeping(history)));
    }

    private PublishResult publishVersion(long version, String versionEpoch) {
        return get(broker.publish(CHANNEL, publication("v" + version), KEPT.withVersion(version, versionEpoch)));
    }

    /** Publishes 1, 2, ... and returns the position of the last. */
    private StreamPosition publishNumbers(int count) {
        StreamPosition last = StreamPosition.NONE;
        for (int i = 1; i <= count; i++) {
            last = publish("" + i).position();
        }
        return last;
    }

    private HistoryResult read(HistoryQuery query) {
        return get(broker.history(CHANNEL, query, HISTORY));
    }

    private static List<String> texts(HistoryResult result) {
        return result.publications().stream()
                .map(publication -> publication.data().text())
                .toList();
    }

    private static <T> T get(Mono<T> mono) {
        return mono.block(PATIENCE);
    }

    private static void eventually(ThrowingRunnable assertion) {
        with().pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .await()
                .atMost(PATIENCE)
                .untilAsserted(assertion);
    }

    /** Runs a task on several threads at the same time; returns the result of each. */
    private static <T> List<T> together(int threads, IntFunction<T> work) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier start = new CyclicBarrier(threads);
            List<Callable<T>> tasks = IntStream.range(0, threads)
                    .<Callable<T>>mapToObj(thread -> () -> {
                        start.await();
                        return work.apply(thread);
                    })
                    .toList();
            List<T> results = new ArrayList<>();
            for (Future<T> future : executor.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }
}
