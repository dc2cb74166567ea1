package dev.realtime.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.failure.Place;
import dev.realtime.spi.transport.ManualExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * The wheel keeps its promise: never early, at most one tick late, and nothing runs when there is nothing to wait for.
 */
class TimerWheelTests {

    private static final long TICK = TimerWheel.TICK_NANOS;

    private final ManualExecutor executor = new ManualExecutor();

    private int ticksThatFired;

    private final TimerWheel wheel = new TimerWheel(executor, () -> ticksThatFired++);

    /** Records when it fired; returns a configured value. */
    private final class RecordingTimer extends TimerWheel.Timer {

        private final List<Long> firedAt = new ArrayList<>();

        private final List<Throwable> failures = new ArrayList<>();

        private LongUnaryOperator then = now -> TimerWheel.NEVER;

        @Override
        public long fire(long nowNanos) {
            firedAt.add(wheel.nowNanos());
            return then.applyAsLong(nowNanos);
        }

        @Override
        public void failed(Place place, Throwable failure) {
            failures.add(failure);
        }
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void timerFiresOnceAfterItsDeadlineAndWithinOneTick() {
        RecordingTimer timer = new RecordingTimer();
        executor.advance(Duration.ofMillis(50));

        wheel.schedule(timer, millis(330));
        executor.advance(Duration.ofSeconds(120));

        assertThat(timer.firedAt).containsExactly(millis(400));
    }

    @Test
    void manyTimersAreNeverEarlyAndAtMostOneTickLate() {
        Random random = new Random(42);
        List<RecordingTimer> timers = new ArrayList<>();
        List<Long> deadlines = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            RecordingTimer timer = new RecordingTimer();
            long deadline = wheel.nowNanos() + millis(random.nextInt(200_000));
            wheel.schedule(timer, deadline);
            timers.add(timer);
            deadlines.add(deadline);
            executor.advance(Duration.ofMillis(random.nextInt(70)));
        }

        executor.advance(Duration.ofSeconds(201));

        for (int i = 0; i < timers.size(); i++) {
            long deadline = deadlines.get(i);
            assertThat(timers.get(i).firedAt)
                    .singleElement()
                    .satisfies(firedAt -> assertThat(firedAt).isBetween(deadline, deadline + TICK));
        }
    }

    @Test
    void deadlineInThePastOfAnIdleWheelIsMetWithinOneTick() {
        RecordingTimer timer = new RecordingTimer();
        executor.advance(Duration.ofSeconds(7));

        wheel.schedule(timer, millis(3_000));
        executor.advance(Duration.ofMillis(100));

        assertThat(timer.firedAt).containsExactly(millis(7_100));
    }

    @Test
    void deadlineOfThisVeryMomentIsMetWithinOneTick() {
        RecordingTimer timer = new RecordingTimer();
        executor.advance(Duration.ofSeconds(7));

        wheel.schedule(timer, wheel.nowNanos());
        executor.advance(Duration.ofMillis(100));

        assertThat(timer.firedAt).containsExactly(millis(7_100));
    }

    @Test
    void timerThatAnswersAMomentOfThePastFiresInTheNextTick() {
        RecordingTimer timer = new RecordingTimer();
        timer.then = now -> timer.firedAt.size() < 3 ? 0 : TimerWheel.NEVER;
        RecordingTimer other = new RecordingTimer();

        wheel.schedule(timer, millis(100));
        wheel.schedule(other, millis(60_000));
        executor.advance(Duration.ofSeconds(1));

        assertThat(timer.firedAt).containsExactly(millis(100), millis(200), millis(300));
    }

    @Test
    void stallLongerThanTheWheelIsRoundFiresEachDueTimerOnce() {
        RecordingTimer due = new RecordingTimer();
        RecordingTimer repeating = new RecordingTimer();
        repeating.then = now -> now + millis(1_000);
        RecordingTimer notDue = new RecordingTimer();
        wheel.schedule(due, millis(5_000));
        wheel.schedule(repeating, millis(1_000));
        wheel.schedule(notDue, millis(100_000));

        executor.stall(Duration.ofSeconds(70));

        assertThat(due.firedAt).containsExactly(millis(70_000));
        assertThat(repeating.firedAt).containsExactly(millis(70_000));
        assertThat(notDue.firedAt).isEmpty();

        executor.advance(Duration.ofSeconds(30));

        assertThat(repeating.firedAt).hasSize(31);
        assertThat(notDue.firedAt).containsExactly(millis(100_000));
    }

    @Test
    void timerMayCancelOthersThatAreDueWithIt() {
        List<RecordingTimer> timers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            timers.add(new RecordingTimer());
        }
        // The last one that was scheduled fires first.
        timers.get(5).then = now -> {
            wheel.cancel(timers.get(4));
            wheel.cancel(timers.get(2));
            return TimerWheel.NEVER;
        };
        timers.forEach(timer -> wheel.schedule(timer, millis(100)));

        executor.advance(Duration.ofMillis(200));

        assertThat(timers).extracting(timer -> timer.firedAt.size()).containsExactly(1, 1, 0, 1, 0, 1);
        assertThat(executor.hasTimers()).isFalse();
    }

    @Test
    void cancelledTimerDoesNotFire() {
        RecordingTimer first = new RecordingTimer();
        RecordingTimer middle = new RecordingTimer();
        RecordingTimer last = new RecordingTimer();
        wheel.schedule(first, millis(500));
        wheel.schedule(middle, millis(500));
        wheel.schedule(last, millis(500));

        wheel.cancel(middle);
        wheel.cancel(middle);
        executor.advance(Duration.ofSeconds(1));

        assertThat(middle.firedAt).isEmpty();
        assertThat(first.firedAt).hasSize(1);
        assertThat(last.firedAt).hasSize(1);
    }

    @Test
    void schedulingAgainReplacesTheDeadline() {
        RecordingTimer timer = new RecordingTimer();
        wheel.schedule(timer, millis(500));

        wheel.schedule(timer, millis(2_000));
        executor.advance(Duration.ofSeconds(3));

        assertThat(timer.firedAt).containsExactly(millis(2_000));
    }

    @Test
    void timerFiresAgainAtTheMomentItAnswers() {
        RecordingTimer timer = new RecordingTimer();
        timer.then = now -> now + millis(1_000);

        wheel.schedule(timer, millis(1_000));
        executor.advance(Duration.ofSeconds(5));

        assertThat(timer.firedAt)
                .containsExactly(millis(1_000), millis(2_000), millis(3_000), millis(4_000), millis(5_000));
    }

    @Test
    void answerOfAFiringTimerReplacesWhatItScheduledMeanwhile() {
        RecordingTimer timer = new RecordingTimer();
        timer.then = now -> {
            wheel.schedule(timer, now + millis(500));
            return timer.firedAt.size() == 1 ? now + millis(2_000) : TimerWheel.NEVER;
        };

        wheel.schedule(timer, millis(1_000));
        executor.advance(Duration.ofSeconds(10));

        assertThat(timer.firedAt).containsExactly(millis(1_000), millis(3_000));
    }

    @Test
    void timerThatThrowsDoesNotStopTheOthers() {
        RecordingTimer broken = new RecordingTimer();
        broken.then = now -> {
            throw new IllegalStateException("broken on purpose");
        };
        RecordingTimer other = new RecordingTimer();
        other.then = now -> now + millis(100);
        wheel.schedule(other, millis(100));
        wheel.schedule(broken, millis(100));

        executor.advance(Duration.ofSeconds(1));

        assertThat(broken.firedAt).hasSize(1);
        assertThat(other.firedAt).hasSize(10);
    }

    @Test
    void wheelTicksOnlyWhileThereAreTimers() {
        RecordingTimer timer = new RecordingTimer();
        RecordingTimer cancelled = new RecordingTimer();
        assertThat(executor.hasTimers()).isFalse();

        wheel.schedule(timer, millis(300));
        wheel.schedule(cancelled, millis(600));
        assertThat(executor.hasTimers()).isTrue();

        wheel.cancel(cancelled);
        executor.advance(Duration.ofMillis(300));
        assertThat(timer.firedAt).hasSize(1);
        assertThat(executor.hasTimers()).isFalse();
    }

    @Test
    void endOfATickIsToldOnlyWhenSomethingFired() {
        RecordingTimer one = new RecordingTimer();
        RecordingTimer two = new RecordingTimer();
        RecordingTimer later = new RecordingTimer();
        wheel.schedule(one, millis(500));
        wheel.schedule(two, millis(450));
        wheel.schedule(later, millis(2_000));

        executor.advance(Duration.ofSeconds(1));

        assertThat(ticksThatFired).isEqualTo(1);
    }

    @Test
    void timerThatFailsIsEndedAndAllOthersFireOn() {
        RecordingTimer failing = new RecordingTimer();
        failing.then = now -> {
            throw new OutOfMemoryError("Direct buffer memory");
        };
        RecordingTimer healthy = new RecordingTimer();
        healthy.then = now -> now + millis(100);
        wheel.schedule(failing, millis(250));
        wheel.schedule(healthy, millis(100));

        executor.advance(Duration.ofMillis(1_050));
        RecordingTimer late = new RecordingTimer();
        wheel.schedule(late, millis(1_100));
        executor.advance(Duration.ofMillis(200));

        assertThat(failing.failures).hasSize(1);
        assertThat(failing.firedAt).hasSize(1);
        assertThat(healthy.firedAt).hasSizeGreaterThan(4);
        assertThat(late.firedAt).hasSize(1);
    }

    @Test
    void failureOfTheWorkAfterATickStopsNoTimer() {
        TimerWheel failing = new TimerWheel(executor, () -> {
            throw new OutOfMemoryError("Direct buffer memory");
        });
        RecordingTimer timer = new RecordingTimer();
        timer.then = now -> now + millis(100);
        failing.schedule(timer, millis(100));

        executor.advance(Duration.ofMillis(1_050));

        assertThat(timer.firedAt).hasSizeGreaterThan(4);
    }
}
