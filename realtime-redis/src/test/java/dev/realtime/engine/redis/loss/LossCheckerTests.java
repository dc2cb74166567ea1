package dev.realtime.engine.redis.loss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.loss.Journal.Entry;
import dev.realtime.engine.redis.loss.Sighting.Begun;
import dev.realtime.engine.redis.loss.Sighting.Delivered;
import dev.realtime.engine.redis.loss.Sighting.Ended;
import dev.realtime.engine.redis.loss.Sighting.Recovered;
import dev.realtime.engine.redis.loss.Verdict.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The checker finds each kind of harm, and takes nothing for harm that is none. */
class LossCheckerTests {

    private static final String CHANNEL = "channel";

    private final Journal journal = new Journal();

    private final SubscriberLog log = new SubscriberLog("subscriber", CHANNEL);

    private long now;

    @Test
    void allInOrderIsClean() {
        begun("one", 0);
        published("a", "one", 1);
        published("b", "one", 2);
        delivered(1, "a");
        delivered(2, "b");

        Verdict verdict = verdict();

        assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
        assertThat(verdict.delivered()).isEqualTo(2);
    }

    @Test
    void whatWasPublishedBeforeTheSubscriptionIsNotOwed() {
        published("a", "one", 1);
        begun("one", 1);
        published("b", "one", 2);
        delivered(2, "b");

        assertThat(verdict().isClean()).isTrue();
    }

    @Test
    void gapInTheMiddleIsFound() {
        begun("one", 0);
        published("a", "one", 1);
        published("b", "one", 2);
        published("c", "one", 3);
        delivered(1, "a");
        delivered(3, "c");

        assertFound(Violation.GAP, Violation.LOST);
    }

    @Test
    void gapOfSomethingNotAcknowledgedIsFound() {
        begun("one", 0);
        published("a", "one", 1);
        failed("b");
        published("c", "one", 3);
        delivered(1, "a");
        delivered(3, "c");

        assertFound(Violation.GAP);
    }

    @Test
    void missingEndIsFound() {
        begun("one", 0);
        published("a", "one", 1);
        published("b", "one", 2);
        delivered(1, "a");

        assertFound(Violation.LOST);
        assertThat(LossChecker.isComplete(journal, log)).isFalse();
    }

    @Test
    void duplicateIsFound() {
        begun("one", 0);
        published("a", "one", 1);
        delivered(1, "a");
        delivered(1, "a");

        assertFound(Violation.DUPLICATED);
    }

    @Test
    void repeatUnderANewOffsetIsFound() {
        begun("one", 0);
        published("a", "one", 1);
        delivered(1, "a");
        delivered(2, "a");

        assertFound(Violation.DUPLICATED, Violation.ALTERED);
    }

    @Test
    void wrongOrderIsFound() {
        begun("one", 0);
        published("a", "one", 1);
        published("b", "one", 2);
        delivered(2, "b");
        delivered(1, "a");

        assertFound(Violation.GAP, Violation.REORDERED);
    }

    @Test
    void dataThatNobodyPublishedIsFound() {
        begun("one", 0);
        delivered(1, "x");

        assertFound(Violation.ALTERED);
    }

    @Test
    void dataOfAnotherOffsetIsFound() {
        begun("one", 0);
        published("a", "one", 1);
        published("b", "one", 2);
        delivered(1, "b");
        delivered(2, "a");

        assertFound(Violation.ALTERED);
    }

    @Test
    void unknownOutcomeMayHaveHappenedOrNot() {
        begun("one", 0);
        failed("a");
        failed("b");
        published("c", "one", 2);
        delivered(1, "b");
        delivered(2, "c");

        assertThat(verdict().isClean()).isTrue();
    }

    @Test
    void notifiedSubscriberMayMissWhatWasBefore() {
        begun("one", 0);
        published("a", "one", 1);
        delivered(1, "a");
        published("b", "one", 2);
        published("c", "one", 3);
        log.add(new Ended(2500, ++now));
        begun("one", 3);
        published("d", "one", 4);
        delivered(4, "d");

        Verdict verdict = verdict();

        assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
        assertThat(verdict.notified()).isEqualTo(1);
        assertThat(verdict.ended()).isEqualTo(1);
    }

    @Test
    void notifiedSubscriberMustGetWhatIsAfter() {
        begun("one", 0);
        begun("one", 3);
        published("d", "one", 4);

        assertFound(Violation.LOST);
    }

    @Test
    void endAloneExcusesNothing() {
        begun("one", 0);
        published("a", "one", 1);
        log.add(new Ended(2500, ++now));
        log.add(new Recovered(new StreamPosition(0, "one"), ++now));

        assertFound(Violation.LOST);
    }

    @Test
    void recoveryMustGoOnWhereItWas() {
        begun("one", 0);
        published("a", "one", 1);
        delivered(1, "a");
        log.add(new Recovered(new StreamPosition(2, "one"), ++now));

        assertFound(Violation.GAP);
    }

    @Test
    void recoveryMayCrossEpochsWhenNothingIsMissing() {
        begun("one", 0);
        published("a", "one", 1);
        delivered(1, "a");
        log.add(new Ended(2500, ++now));
        log.add(new Recovered(new StreamPosition(1, "two"), ++now));
        published("b", "two", 2);
        delivered(2, "b");

        assertThat(verdict().isClean()).isTrue();
    }

    @Test
    void newStreamMustBeReported() {
        begun("one", 0);
        published("a", "one", 1);
        published("b", "one", 2);
        delivered(1, "a");
        delivered(2, "b");
        published("c", "two", 1);
        delivered(1, "c");

        assertFound(Violation.REORDERED);
    }

    @Test
    void rollbackThatReusesOffsetsIsFoundThoughNumbersLookRight() {
        // given: the subscriber is at offset 2, and Redis goes back to 1
        begun("one", 0);
        published("a", "one", 1);
        published("b", "one", 2);
        delivered(1, "a");
        delivered(2, "b");

        // when: another publication gets offset 2 and is taken for the old one
        published("c", "one", 2);
        published("d", "one", 3);
        delivered(3, "d");

        // then
        assertFound(Violation.LOST);
    }

    @Test
    void withoutHistoryAnythingMayBeLost() {
        published("a", "", 0);
        published("b", "", 0);
        delivered(0, "b");

        assertThat(atMostOnce().isClean()).isTrue();
    }

    @Test
    void withoutHistoryWhatFailedMayBeOvertaken() {
        failed("a");
        published("b", "", 0);
        delivered(0, "b");
        delivered(0, "a");

        assertThat(atMostOnce().isClean()).isTrue();
    }

    @Test
    void withoutHistoryNothingComesTwiceOrderedWronglyOrAltered() {
        published("a", "", 0);
        published("b", "", 0);
        delivered(0, "b");
        delivered(0, "a");
        delivered(0, "b");
        delivered(0, "x");

        Verdict verdict = atMostOnce();

        assertThat(verdict.count(Violation.REORDERED)).isOne();
        assertThat(verdict.count(Violation.DUPLICATED)).isOne();
        assertThat(verdict.count(Violation.ALTERED)).isOne();
    }

    @Test
    void withoutHistoryAnAttemptThatStayedBehindHasANameOfItsOwn() {
        Entry entry = journal.begin(CHANNEL, "a", ++now);
        journal.retry(entry);
        journal.acknowledge(entry, StreamPosition.NONE);
        published("b", "", 0);
        delivered(0, "a");
        delivered(0, "a");

        Verdict doubled = atMostOnce();

        assertThat(doubled.isClean()).isFalse();
        assertThat(doubled.isCleanBut(Violation.BELATED)).isTrue();
        assertThat(doubled.isCleanBut(Violation.LOST)).isFalse();
    }

    @Test
    void withoutHistoryAnAttemptThatStayedBehindMayBeOvertaken() {
        Entry entry = journal.begin(CHANNEL, "a", ++now);
        journal.retry(entry);
        journal.acknowledge(entry, StreamPosition.NONE);
        published("b", "", 0);
        delivered(0, "b");
        delivered(0, "a");

        assertThat(atMostOnce().count(Violation.BELATED)).isOne();
        assertThat(atMostOnce().count(Violation.REORDERED)).isZero();
    }

    private Verdict atMostOnce() {
        Verdict verdict = new Verdict();
        AtMostOnceChecker.check(journal, List.of(log), verdict);
        return verdict;
    }

    private void begun(String epoch, long offset) {
        log.add(new Begun(new StreamPosition(offset, epoch), ++now));
    }

    private void published(String data, String epoch, long offset) {
        Entry entry = journal.begin(CHANNEL, data, ++now);
        journal.acknowledge(entry, new StreamPosition(offset, epoch));
    }

    private void failed(String data) {
        journal.begin(CHANNEL, data, ++now);
    }

    private void delivered(long offset, String data) {
        log.add(new Delivered(offset, data, ++now));
    }

    private Verdict verdict() {
        return LossChecker.check(journal, List.of(log));
    }

    private void assertFound(Violation... violations) {
        Verdict verdict = verdict();
        assertThat(verdict.isClean()).isFalse();
        for (Violation violation : Violation.values()) {
            assertThat(verdict.count(violation) > 0)
                    .as("%s in %s", violation, verdict)
                    .isEqualTo(List.of(violations).contains(violation));
        }
    }
}
