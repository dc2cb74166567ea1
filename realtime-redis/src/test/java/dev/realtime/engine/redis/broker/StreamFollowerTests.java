package dev.realtime.engine.redis.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.epoch.EpochNotes;
import dev.realtime.engine.redis.format.ChannelMessage;
import dev.realtime.engine.redis.format.PublicationFormat;
import dev.realtime.engine.redis.key.Partitions;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.monitor.GarbageLog;
import dev.realtime.engine.redis.monitor.RedisStatistics;
import dev.realtime.engine.redis.monitor.RedisStatistics.Event;
import dev.realtime.engine.redis.stream.StreamRead;
import dev.realtime.spi.engine.BrokerListener;
import dev.realtime.spi.engine.RecordingBrokerListener;
import dev.realtime.spi.engine.RecordingBrokerListener.Continued;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Deliveries, held back publications, reads and notifications of a follower, one case each. */
class StreamFollowerTests {

    private static final String CHANNEL = "chat:room";

    private final ScriptedReads stream = new ScriptedReads();

    private final RecordingBrokerListener listener = new RecordingBrokerListener();

    private final RedisStatistics statistics = new RedisStatistics();

    private final StreamFollower follower = new StreamFollower(
            CHANNEL,
            new RedisKeys("realtime", new Partitions(1)).of(CHANNEL),
            listener,
            stream,
            stream,
            stream.budget,
            statistics,
            new GarbageLog(statistics));

    private void arrives(byte[] message) {
        follower.onMessage(message);
    }

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            arrives(stream.append());
        }
    }

    private void lose(int count) {
        for (int i = 0; i < count; i++) {
            stream.append();
        }
    }

    private void learn() {
        follower.learn(place(stream.position()), follower.interruptions());
    }

    private static StreamRead place(StreamPosition position) {
        return new StreamRead(List.of(), position, List.of());
    }

    private void assertContinued(String... epochs) {
        assertThat(listener.continued(CHANNEL).stream().map(Continued::epoch)).containsExactly(epochs);
    }

    private void assertNotified(String... texts) {
        assertThat(listener.texts(CHANNEL).stream().map(text -> text.replace("\"", "")))
                .containsExactly(texts);
    }

    @Test
    void publicationsInOrderArePassedOnAtOnce() {
        publish(3);

        assertNotified("e1-1", "e1-2", "e1-3");
        assertThat(listener.deliveries(CHANNEL).get(2).position()).isEqualTo(new StreamPosition(3, "e1"));
        assertThat(stream.isAsked()).isFalse();
    }

    @Test
    void firstPublicationMayHaveAnyOffset() {
        lose(4);

        publish(1);

        assertNotified("e1-5");
        assertThat(stream.isAsked()).isFalse();
    }

    @Test
    void gapIsReadAndFilledInOrder() {
        publish(2);
        lose(2);
        publish(2);
        assertNotified("e1-1", "e1-2");

        stream.answerAll();

        assertNotified("e1-1", "e1-2", "e1-3", "e1-4", "e1-5", "e1-6");
        assertThat(stream.reads()).isOne();
        assertThat(listener.disturbed()).isEmpty();
        assertThat(statistics.events(Event.RESYNC_COMPLETE)).isOne();
    }

    @Test
    void whatArrivesDuringTheReadIsPassedOnAfterIt() {
        publish(1);
        lose(1);
        publish(1);
        publish(2);

        stream.answerAll();
        publish(1);

        assertNotified("e1-1", "e1-2", "e1-3", "e1-4", "e1-5", "e1-6");
        assertThat(stream.reads()).isOne();
    }

    @Test
    void gapDuringTheReadIsReadToo() {
        publish(1);
        lose(1);
        publish(1);
        lose(1);
        publish(1);

        stream.answerAll();

        assertNotified("e1-1", "e1-2", "e1-3", "e1-4", "e1-5");
        assertThat(stream.reads()).isEqualTo(2);
    }

    @Test
    void repetitionIsDropped() {
        publish(2);

        arrives(ScriptedReads.message("e1", 2));
        arrives(ScriptedReads.message("e1", 1));

        assertNotified("e1-1", "e1-2");
        assertThat(stream.isAsked()).isFalse();
    }

    @Test
    void anotherPublicationAtAPlaceThatWasPassedOnIsARollback() {
        publish(3);

        arrives(ScriptedReads.message("e1", 2, "another"));

        assertThat(stream.rolledBack).containsExactly("e1");
        stream.answerAll();
        assertNotified("e1-1", "e1-2", "e1-3");
    }

    @Test
    void streamThatIsShorterThanItWasIsARollback() {
        publish(3);
        stream.loseTail(2);

        follower.onInterruption();
        stream.answerAll();

        assertThat(stream.rolledBack).containsExactly("e1");
        assertThat(listener.disturbed()).containsExactly(CHANNEL);
    }

    @Test
    void streamThatGrewAgainToAnotherTopIsARollback() {
        publish(3);
        stream.loseTail(2);
        stream.append("another");
        stream.append("another");
        stream.append("another");

        publish(1);
        stream.answerAll();

        assertThat(stream.rolledBack).containsExactly("e1");
        assertThat(listener.disturbed()).containsExactly(CHANNEL);
    }

    @Test
    void anEpochThatBeganBecauseOfALossIsReadAndReported() {
        publish(2);
        stream.rollBack(0, "e1b");
        stream.noteLoss("e2");

        arrives("t2:e2".getBytes(StandardCharsets.US_ASCII));
        stream.answerAll();

        assertThat(listener.disturbed()).containsExactly(CHANNEL);
        assertThat(stream.ended).containsExactly(new StreamPosition(2, "e1"));
    }

    @Test
    void whatWasSeenIsNotedWhenTheLastSubscriberLeaves() {
        publish(2);

        follower.close();

        assertThat(stream.seen).containsExactly(new StreamPosition(2, "e1"));
    }

    @Test
    void publicationThatWasUnderWayWhenThePlaceWasReadIsPassedOn() {
        byte[] first = stream.append();
        byte[] second = stream.append();
        learn();

        arrives(second);
        publish(1);

        assertNotified("e1-2", "e1-3");
        assertThat(first).isNotEmpty();
        assertThat(stream.isAsked()).isFalse();
    }

    @Test
    void gapAfterThePlaceThatWasReadIsFound() {
        lose(2);
        learn();
        lose(1);
        publish(1);

        stream.answerAll();

        assertNotified("e1-3", "e1-4");
    }

    @Test
    void interruptionIsComparedWithTheStreamAndFilled() {
        publish(1);
        lose(2);

        follower.onInterruption();
        stream.answerAll();

        assertNotified("e1-1", "e1-2", "e1-3");
        assertThat(stream.checks()).isOne();
        assertThat(stream.reads()).isOne();
        assertThat(listener.disturbed()).isEmpty();
    }

    @Test
    void interruptionThatLostNothingReadsNoPublications() {
        publish(2);

        follower.onInterruption();
        stream.answerAll();

        assertNotified("e1-1", "e1-2");
        assertThat(stream.reads()).isZero();
        assertThat(statistics.events(Event.RESYNC_COMPLETE)).isOne();
    }

    @Test
    void publicationsGoOnWhileTheStreamIsCompared() {
        publish(1);
        follower.onInterruption();

        publish(2);
        assertNotified("e1-1", "e1-2", "e1-3");
        stream.answerAll();

        assertThat(stream.reads()).isZero();
        assertThat(listener.disturbed()).isEmpty();
    }

    @Test
    void interruptionBeforeAnythingIsKnownReadsNothing() {
        follower.onInterruption();

        assertThat(stream.isAsked()).isFalse();
    }

    @Test
    void interruptionBetweenReadingAPlaceAndLearningItIsCompared() {
        StreamPosition read = stream.position();
        int before = follower.interruptions();
        lose(1);
        follower.onInterruption();

        follower.learn(place(read), before);
        stream.answerAll();

        assertNotified("e1-1");
    }

    @Test
    void interruptionDuringAReadIsFollowedByAnother() {
        publish(1);
        lose(1);
        publish(1);
        lose(1);
        follower.onInterruption();

        stream.answerAll();

        assertNotified("e1-1", "e1-2", "e1-3", "e1-4");
    }

    @Test
    void trimmedStreamIsReported() {
        publish(1);
        lose(3);
        stream.trim(1);
        publish(1);

        stream.answerAll();
        publish(1);

        assertThat(listener.disturbed()).containsExactly(CHANNEL);
        assertNotified("e1-1", "e1-5", "e1-6");
        assertThat(statistics.events(Event.RESYNC_INCOMPLETE)).isOne();
    }

    @Test
    void moreMissingThanIsWorthwhileIsReported() {
        publish(1);
        lose(StreamFollower.MAX_MISSING + 1);

        follower.onInterruption();
        stream.answerAll();
        publish(1);

        assertThat(listener.disturbed()).containsExactly(CHANNEL);
        assertNotified("e1-1", "e1-" + (StreamFollower.MAX_MISSING + 3));
    }

    @Test
    void anotherEpochIsReportedAndFollowed() {
        publish(2);
        stream.begin("e2");
        publish(1);

        stream.answerAll();
        publish(1);

        assertThat(listener.disturbed()).containsExactly(CHANNEL);
        assertNotified("e1-1", "e1-2", "e2-1", "e2-2");
    }

    @Test
    void streamThatContinuesInAnotherEpochTakesSubscribersAlong() {
        publish(2);
        stream.rollBack(0, "e2");
        lose(1);
        publish(1);

        stream.answerAll();

        assertNotified("e1-1", "e1-2", "e2-3", "e2-4");
        assertThat(listener.disturbed()).isEmpty();
        assertThat(listener.continued(CHANNEL)).containsExactly(new Continued(new StreamPosition(2, "e1"), "e2", 2));
        assertThat(stream.ended).containsExactly(new StreamPosition(2, "e1"));
        assertThat(stream.continuedFrom).containsExactly("e1 in e2");
    }

    @Test
    void whatIsMissingOfAnEpochThatEndedComesInTheNext() {
        publish(2);
        lose(2);
        stream.rollBack(0, "e2");
        stream.rollBack(0, "e3");

        follower.onInterruption();
        stream.answerAll();
        publish(1);

        assertNotified("e1-1", "e1-2", "e1-3", "e1-4", "e3-5");
        assertContinued("e2", "e3");
        assertThat(listener.deliveries(CHANNEL).get(2).position()).isEqualTo(new StreamPosition(3, "e3"));
        assertThat(listener.disturbed()).isEmpty();
    }

    @Test
    void quietStreamContinuesWithoutARead() {
        publish(2);
        stream.rollBack(0, "e2");

        follower.onInterruption();
        stream.answerAll();

        assertContinued("e2");
        assertThat(stream.reads()).isZero();
        assertThat(listener.disturbed()).isEmpty();
    }

    @Test
    void readOfSomebodyElseTakesSubscribersAlongFirst() {
        publish(2);
        stream.rollBack(0, "e2");

        follower.learn(stream.end(), follower.interruptions());

        assertContinued("e2");
        assertThat(stream.isAsked()).isFalse();
    }

    @Test
    void lossThatIsNotedAfterTheStreamContinuedIsReported() {
        publish(2);
        stream.rollBack(0, "e2");
        follower.learn(stream.end(), follower.interruptions());
        publish(1);

        stream.noteLoss("e3");
        arrives("t3:e3".getBytes(StandardCharsets.US_ASCII));
        stream.answerAll();

        assertContinued("e2");
        assertThat(listener.disturbed()).containsExactly(CHANNEL);
    }

    @Test
    void generationThatIsInUseAfterAllIsPassedOnAgain() {
        publish(2);
        stream.over.add("e1");
        follower.seal("e1", () -> {});
        publish(1);

        stream.over.clear();
        publish(1);
        stream.answerAll();

        assertNotified("e1-1", "e1-2", "e1-3", "e1-4");
        assertThat(listener.disturbed()).isEmpty();
    }

    @Test
    void endOfAGenerationLeavesTheCheckToTheInterruptionThatIsStillToBeReported() {
        publish(2);
        stream.over.add("e1");
        stream.interrupted = true;
        follower.seal("e1", () -> {});
        assertThat(stream.checks()).isZero();

        stream.rollBack(0, "e2");
        stream.interrupted = false;
        follower.onInterruption();
        stream.answerAll();

        assertThat(stream.checks()).isEqualTo(1);
        assertContinued("e2");
    }

    @Test
    void nothingOfAGenerationThatEndedIsPassedOn() {
        publish(2);

        stream.over.add("e1");
        follower.seal("e1", () -> {});
        byte[] late = ScriptedReads.message("e1", 3);
        arrives(late);
        assertThat(stream.seen).containsExactly(new StreamPosition(2, "e1"));
        stream.answer();
        stream.rollBack(0, "e2");
        stream.passMoment();
        stream.answerAll();
        publish(1);

        assertNotified("e1-1", "e1-2", "e2-3");
        assertContinued("e2");
        assertThat(listener.disturbed()).isEmpty();
    }

    @Test
    void rollbackIsReportedAndHowFarTheEpochWasSeenIsReported() {
        publish(5);
        stream.rollBack(3, "e2");
        publish(1);

        stream.answerAll();

        assertNotified("e1-1", "e1-2", "e1-3", "e1-4", "e1-5", "e2-3");
        assertThat(listener.disturbed()).containsExactly(CHANNEL);
        assertThat(stream.ended).containsExactly(new StreamPosition(5, "e1"));
    }

    @Test
    void lateMessageOfAFormerEpochIsDropped() {
        publish(2);
        stream.rollBack(0, "e2");
        publish(1);
        stream.answerAll();

        arrives(ScriptedReads.message("e1", 3));
        stream.answerAll();
        publish(1);

        assertNotified("e1-1", "e1-2", "e2-3", "e2-4");
        assertThat(stream.isAsked()).isFalse();
    }

    @Test
    void streamThatIsGoneIsReported() {
        publish(2);
        stream.begin("");

        follower.onInterruption();
        stream.answerAll();
        stream.begin("e3");
        publish(1);

        assertThat(listener.disturbed()).containsExactly(CHANNEL);
        assertNotified("e1-1", "e1-2", "e3-1");
    }

    @Test
    void overflowOfWhatIsHeldBackIsReadAgain() {
        publish(1);
        lose(1);
        stream.room(1000);
        publish(50);
        assertThat(stream.reserved()).isLessThanOrEqualTo(1000);

        stream.answerAll();
        publish(1);

        assertThat(listener.deliveries(CHANNEL))
                .extracting(delivery -> delivery.position().offset())
                .isEqualTo(
                        java.util.stream.LongStream.rangeClosed(1, 53).boxed().toList());
        assertThat(listener.disturbed()).isEmpty();
        assertThat(stream.reserved()).isZero();
        assertThat(statistics.events(Event.DROPPED_MESSAGE)).isPositive();
    }

    @Test
    void overflowAgainAndAgainIsReported() {
        stream.room(0);
        publish(1);
        lose(1);
        publish(1);
        for (int round = 0; round < 3; round++) {
            publish(1);
            stream.answer();
        }

        stream.answerAll();

        assertThat(listener.disturbed()).containsExactly(CHANNEL);
    }

    @Test
    void publicationsWithoutHistoryAndPresencePass() {
        ClientInfo info = new ClientInfo("42", "client", null, null);
        Publication passing = Publication.of(Payload.ofText("\"passing\""));

        arrives(ChannelMessage.withoutHistory(PublicationFormat.write(passing)));
        arrives(ChannelMessage.joined(info));
        follower.onInterruption();
        arrives(ChannelMessage.left(info));

        assertNotified("passing");
        assertThat(listener.joins(CHANNEL)).containsExactly(info);
        assertThat(listener.leaves(CHANNEL)).containsExactly(info);
        assertThat(stream.isAsked()).isFalse();
    }

    @Test
    void garbageIsSkippedAndCounted() {
        publish(1);

        for (String garbage :
                new String[] {"", "x", "p", "p1", "p:", "p1:", "p0:e1:", "pa:e1:", "p2:e1", "p2:e1:", "n", "j", "j\1"
                }) {
            arrives(garbage.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        }
        publish(1);

        assertNotified("e1-1", "e1-2");
        assertThat(statistics.events(Event.BAD_MESSAGE)).isEqualTo(13);
    }

    @Test
    void closedFeedPassesNothingOn() {
        publish(1);
        lose(1);
        publish(1);

        follower.close();
        stream.answerAll();
        publish(1);

        assertNotified("e1-1");
        assertThat(stream.reserved()).isZero();
    }

    @Test
    void failingListenerHarmsNothing() {
        listener.failFromNowOn();

        publish(2);

        assertNotified("e1-1", "e1-2");
    }

    private StreamFollower follower(BrokerListener to, EpochNotes epochs) {
        return new StreamFollower(
                CHANNEL,
                new RedisKeys("realtime", new Partitions(1)).of(CHANNEL),
                to,
                stream,
                epochs,
                stream.budget,
                statistics,
                new GarbageLog(statistics));
    }

    /** Returns a thing that fails once, as for a class that is missing, when a method is called. */
    private static <T> T failingOnce(Class<T> type, T thing, String failing) {
        AtomicBoolean failed = new AtomicBoolean();
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
                    if (method.getName().equals(failing) && failed.compareAndSet(false, true)) {
                        throw new NoClassDefFoundError(failing);
                    }
                    return method.invoke(thing, given);
                }));
    }

    @Test
    void errorOfTheListenerDoesNotEndTheFeed() {
        StreamFollower failing = follower(failingOnce(BrokerListener.class, listener, "onPublication"), stream);

        failing.onMessage(stream.append());
        failing.onMessage(stream.append());

        assertNotified("e1-2");
    }

    @Test
    void errorInAFeedDoesNotKeepTheSettlementOfItsGeneration() {
        StreamFollower failing = follower(listener, failingOnce(EpochNotes.class, stream, "saw"));
        failing.onMessage(stream.append());
        AtomicBoolean sealed = new AtomicBoolean();

        failing.seal("e1", () -> sealed.set(true));
        failing.onMessage(stream.append());

        assertThat(sealed).isTrue();
        assertThat(listener.disturbed()).containsExactly(CHANNEL);
        assertNotified("e1-1", "e1-2");
    }
}
