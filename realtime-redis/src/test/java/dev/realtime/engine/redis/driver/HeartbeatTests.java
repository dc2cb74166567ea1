package dev.realtime.engine.redis.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeartbeatTests {

    private static final long MILLI = Duration.ofMillis(1).toNanos();

    private final Heartbeat heartbeat = new Heartbeat(Duration.ofSeconds(1), Duration.ofSeconds(2), 0);

    /** Looks every 100 ms; returns when it is overdue, in milliseconds, or -1 if it never is. */
    private long overdueBetween(long fromMillis, long toMillis, long received) {
        for (long now = fromMillis; now <= toMillis; now += 100) {
            if (heartbeat.overdue(now * MILLI, received)) {
                return now;
            }
        }
        return -1;
    }

    @Test
    void firstPingIsDueAtOnceAndTheNextAfterTheInterval() {
        assertThat(heartbeat.due(0)).isTrue();
        heartbeat.answered();

        assertThat(heartbeat.due(999 * MILLI)).isFalse();
        assertThat(heartbeat.due(1000 * MILLI)).isTrue();
    }

    @Test
    void pingThatWasLostWithItsConnectionIsNotWaitedForAndASilentOneIs() {
        Heartbeat heartbeat = new Heartbeat(Duration.ofSeconds(1), Duration.ofMillis(100), 0);
        assertThat(heartbeat.due(0)).isTrue();
        heartbeat.ended(new RedisCommandTimeoutException("no answer"));
        assertThat(heartbeat.overdue(Duration.ofMillis(200).toNanos(), 0)).isTrue();

        heartbeat.ended(new RedisException("Connection closed"));

        assertThat(heartbeat.overdue(Duration.ofMillis(400).toNanos(), 0)).isFalse();
    }

    @Test
    void thereIsOnePingAtATime() {
        assertThat(heartbeat.due(0)).isTrue();

        assertThat(heartbeat.due(1500 * MILLI)).isFalse();
    }

    @Test
    void silenceIsOverdueAfterTheTimeout() {
        heartbeat.due(0);

        assertThat(overdueBetween(0, 5000, 0)).isEqualTo(2000);
    }

    @Test
    void answerInTimeIsNeverOverdue() {
        heartbeat.due(0);
        assertThat(overdueBetween(0, 1900, 0)).isEqualTo(-1);

        heartbeat.answered();

        assertThat(overdueBetween(2000, 9000, 0)).isEqualTo(-1);
    }

    @Test
    void whateverArrivesCountsAsASignOfLife() {
        heartbeat.due(0);
        assertThat(overdueBetween(0, 1900, 0)).isEqualTo(-1);

        assertThat(overdueBetween(2000, 9000, 1)).isEqualTo(4000);
    }

    @Test
    void pingThatTookTooLongIsFollowedByAnotherAsSoonAsSomethingArrives() {
        heartbeat.due(0);
        heartbeat.ended(new RedisCommandTimeoutException("no answer"));
        assertThat(overdueBetween(0, 1100, 0)).isEqualTo(-1);
        assertThat(heartbeat.due(1100 * MILLI)).isFalse();

        assertThat(heartbeat.overdue(1200 * MILLI, 1)).isFalse();

        assertThat(overdueBetween(1300, 9000, 1)).isEqualTo(-1);
        assertThat(heartbeat.due(9000 * MILLI)).isTrue();
    }

    @Test
    void timeInWhichNobodyLookedDoesNotCount() {
        heartbeat.due(0);

        assertThat(heartbeat.overdue(60_000 * MILLI, 0)).isFalse();
    }
}
