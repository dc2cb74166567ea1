package dev.realtime.engine.redis;

import static dev.realtime.engine.redis.StartedEngine.eventually;
import static dev.realtime.engine.redis.StartedEngine.get;
import static dev.realtime.engine.redis.StartedEngine.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.PresenceStats;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.PublishResult;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.monitor.RedisStatistics.Event;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.spi.engine.AppendOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;

/**
 * What others, or eviction, may do to the data in Redis: the channel suffers once, the node lives, nothing fails for
 * ever.
 */
class RedisGarbageIntegrationTests {

    private static final String CHANNEL = "chat:room";

    @RegisterExtension
    static final RedisExtension<RedisServer> redis = RedisExtension.standalone();

    private RedisEngineUnderTest underTest;

    private StartedEngine engine;

    private RedisKeys.ChannelKeys keys;

    @BeforeEach
    void start() {
        underTest = RedisEngineUnderTest.on(redis.get());
        engine = new StartedEngine(underTest.engine(), "node");
        keys = underTest.keys().of(CHANNEL);
    }

    @AfterEach
    void stop() {
        engine.stop();
        underTest.close();
    }

    private static String text(byte[] key) {
        return new String(key, StandardCharsets.UTF_8);
    }

    private long found() {
        return engine.engine.statistics().events(Event.BAD_MESSAGE);
    }

    @Test
    void evictedPositionBeginsANewEpochWithoutTheOldPublications() {
        StreamPosition before = engine.publishNumbers(CHANNEL, 1, 3);
        redis.get().execute("DEL", text(keys.meta()));

        StreamPosition after = engine.publish(CHANNEL, "4");

        assertThat(after.offset()).isOne();
        assertThat(after.epoch()).isNotEqualTo(before.epoch());
        assertThat(texts(engine.read(CHANNEL))).containsExactly("4");
    }

    @Test
    void evictedStreamKeepsItsPosition() {
        StreamPosition before = engine.publishNumbers(CHANNEL, 1, 3);
        redis.get().execute("DEL", text(keys.stream()));

        assertThat(engine.read(CHANNEL).publications()).isEmpty();
        assertThat(engine.publish(CHANNEL, "4")).isEqualTo(new StreamPosition(4, before.epoch()));
    }

    /** Such a key is created while a slot moves, so that the others of a call are found. */
    @Test
    void emptyIdempotencyKeyIsNotThatOfAPublicationBefore() {
        AppendOptions once = AppendOptions.NONE.withIdempotencyKey("key");
        redis.get().execute("SET", text(keys.once("key")), "");

        PublishResult first = get(engine.engine.broker().publish(CHANNEL, Publication.of(Payload.ofText("1")), once));
        PublishResult second = get(engine.engine.broker().publish(CHANNEL, Publication.of(Payload.ofText("1")), once));

        assertThat(first.suppression()).isEqualTo(PublishResult.Suppression.NONE);
        assertThat(second.suppression()).isEqualTo(PublishResult.Suppression.IDEMPOTENCY_KEY);
    }

    @Test
    void keysOfAnotherTypeAreMended() {
        for (byte[] key : List.of(keys.meta(), keys.stream(), keys.once("key"))) {
            redis.get().execute("DEL", text(key));
            redis.get().execute("ZADD", text(key), "1", "foreign");

            PublishResult result = engine.publish(
                    CHANNEL, "1", AppendOptions.keeping(StartedEngine.HISTORY).withIdempotencyKey("key"));

            assertThat(result.suppression()).isEqualTo(PublishResult.Suppression.NONE);
            redis.get().execute("DEL", text(keys.once("key")));
        }
        assertThat(found()).isPositive();
    }

    @Test
    void readingAKeyOfAnotherTypeMendsItToo() {
        redis.get().execute("SET", text(keys.stream()), "foreign");
        redis.get().execute("SET", text(keys.meta()), "foreign");

        assertThat(engine.read(CHANNEL).position().epoch()).isNotEmpty();
    }

    @Test
    void streamThatIsAheadOfItsPositionBeginsAgain() {
        StreamPosition before = engine.publishNumbers(CHANNEL, 1, 3);
        redis.get().execute("XADD", text(keys.stream()), "90-0", "p", "foreign");

        StreamPosition after = engine.publish(CHANNEL, "4");

        assertThat(after.offset()).isEqualTo(4);
        assertThat(after.epoch()).isNotEqualTo(before.epoch());
        assertThat(texts(engine.read(CHANNEL))).containsExactly("4");
    }

    @Test
    void unreadableEntryIsCountedAndNothingBeforeItIsTakenForWhole() {
        StreamPosition first = engine.publish(CHANNEL, "1");
        redis.get().execute("XADD", text(keys.stream()), "2-0", "p", "foreign");
        redis.get().execute("HSET", text(keys.meta()), "s", "2");
        engine.publish(CHANNEL, "3");

        assertThat(texts(engine.readAfter(CHANNEL, first))).containsExactly("3");
        assertThat(texts(get(engine.engine.broker().history(CHANNEL, HistoryQuery.latest(10), StartedEngine.HISTORY))))
                .containsExactly("3");
        assertThat(found()).isEqualTo(2);
    }

    @Test
    void holeInTheStreamIsNotTakenForWhole() {
        StreamPosition first = engine.publish(CHANNEL, "1");
        engine.publishNumbers(CHANNEL, 2, 4);
        redis.get().execute("XDEL", text(keys.stream()), "3-0");

        assertThat(texts(engine.readAfter(CHANNEL, first))).containsExactly("4");
    }

    @Test
    void foreignMessageIsCountedAndTheNextArrives() {
        engine.subscribe(CHANNEL);

        redis.get().execute("PUBLISH", text(keys.name()), "foreign");
        redis.get().execute("PUBLISH", text(keys.name()), "p7:");
        engine.publish(CHANNEL, "1");

        eventually(() -> assertThat(engine.listener.texts(CHANNEL)).containsExactly("1"));
        assertThat(found()).isEqualTo(2);
    }

    @Test
    void foreignControlMessagesAreCountedAndTheBusGoesOn() {
        String name = text(underTest.keys().controlName());
        redis.get().execute("PUBLISH", name, "foreign");
        redis.get().execute("PUBLISH", name, "c1");
        redis.get().execute("PUBLISH", name, "c99999999999999-1:foreign");
        redis.get().execute("PUBLISH", name, "q");
        redis.get().execute("HSET", text(underTest.keys().nodes()), "other", "foreign");

        eventually(() -> assertThat(found()).isEqualTo(4));
        assertThat(get(engine.engine.controlBus().nodes())).containsExactly(engine.node.describe());
    }

    @Test
    void brokenPresenceHealsWithTheNextRefresh() {
        ClientInfo info = new ClientInfo("42", "client", null, null);
        for (List<String> damage : List.of(
                List.of("DEL", text(keys.presenceUsers())),
                List.of("DEL", text(keys.presence())),
                List.of("SET", text(keys.presence()), "foreign"),
                List.of("HSET", text(keys.presence()), "other", "foreign"))) {
            get(engine.engine.presenceManager().add(CHANNEL, info));
            redis.get().execute(damage.toArray(String[]::new));

            get(engine.engine.presenceManager().stats(CHANNEL));
            get(engine.engine.presenceManager().add(CHANNEL, info));

            assertThat(get(engine.engine.presenceManager().presence(CHANNEL))).containsOnlyKeys("client");
        }
        redis.get().execute("HDEL", text(keys.presence()), "other");
        assertThat(get(engine.engine.presenceManager().stats(CHANNEL))).isEqualTo(new PresenceStats(1, 1));
    }

    @Test
    void forgottenScriptsAreSentAgainAndOrderIsKept() {
        engine.subscribe(CHANNEL);
        List<String> sent = IntStream.range(0, 300).mapToObj(String::valueOf).toList();

        redis.get().execute("SCRIPT", "FLUSH");
        List<PublishResult> results = get(Flux.fromIterable(sent)
                .flatMapSequential(
                        text -> engine.engine
                                .broker()
                                .publish(
                                        CHANNEL,
                                        Publication.of(Payload.ofText(text)),
                                        AppendOptions.keeping(StartedEngine.HISTORY)),
                        sent.size())
                .collectList());

        assertThat(results)
                .extracting(result -> result.position().offset())
                .isEqualTo(LongStream.rangeClosed(1, 300).boxed().toList());
        eventually(() -> assertThat(engine.listener.texts(CHANNEL)).isEqualTo(sent));
    }

    @Test
    void lossOfEverythingIsReportedWithTheNextPublication() {
        engine.subscribe(CHANNEL);
        engine.publishNumbers(CHANNEL, 1, 3);
        eventually(() -> assertThat(engine.listener.texts(CHANNEL)).hasSize(3));

        redis.get().execute("FLUSHALL");
        engine.publish(CHANNEL, "4");

        eventually(() -> assertThat(engine.listener.texts(CHANNEL)).containsExactly("1", "2", "3", "4"));
        eventually(() -> assertThat(engine.listener.disturbed()).containsExactly(CHANNEL));
    }

    @Test
    void everyKeyButTheLayoutEnds() {
        engine.publish(
                CHANNEL, "1", AppendOptions.keeping(StartedEngine.HISTORY).withIdempotencyKey("key"));
        engine.publish("other", "1", AppendOptions.NONE.withIdempotencyKey("key"));
        engine.read("third");
        get(engine.engine.presenceManager().add(CHANNEL, new ClientInfo("42", "client", null, null)));
        get(engine.engine
                .controlBus()
                .broadcast(new dev.realtime.spi.engine.ControlCommand.RefreshClients(
                        dev.realtime.spi.engine.ClientSelector.user("42"), true, 0, null)));

        List<?> all = (List<?>) redis.get().execute("KEYS", underTest.options().prefix() + ":*");

        assertThat(all).hasSizeGreaterThan(8);
        assertThat(all.stream()
                        .map(Object::toString)
                        .filter(key -> redis.get().text("PTTL", key).equals("-1")))
                .containsExactly(text(underTest.keys().layout()));
    }

    /** Most publishes are spared the write, so the time to live is longer by a tenth, not shorter. */
    @Test
    void keysLiveAtLeastAsLongAsConfiguredAfterTheirLastUse() {
        String meta = text(underTest.keys().of(CHANNEL).meta());
        String stream = text(underTest.keys().of(CHANNEL).stream());
        long metaTtl = StartedEngine.HISTORY.metaTtl().toMillis();
        long ttl = StartedEngine.HISTORY.ttl().toMillis();
        engine.publish(CHANNEL, "1");
        redis.get().execute("PEXPIRE", meta, Long.toString(metaTtl * 19 / 20));
        redis.get().execute("PEXPIRE", stream, Long.toString(ttl * 19 / 20));

        engine.publish(CHANNEL, "2");

        assertThat(Long.parseLong(redis.get().text("PTTL", meta))).isBetween(metaTtl, metaTtl * 11 / 10);
        assertThat(Long.parseLong(redis.get().text("PTTL", stream))).isBetween(ttl, ttl * 11 / 10);
    }
}
