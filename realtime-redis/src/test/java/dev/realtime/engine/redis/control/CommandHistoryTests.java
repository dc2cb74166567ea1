package dev.realtime.engine.redis.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CommandHistoryTests {

    private long now;

    private final CommandHistory history = new CommandHistory(Duration.ofMinutes(10), () -> now);

    private static CommandEntry entry(long id, long identity) {
        return new CommandEntry(new CommandId(id, 0), CommandId.NONE, identity, new byte[0]);
    }

    @Test
    void commandIsNewUntilItWasReceivedUnderAnyId() {
        assertThat(history.isNew(entry(1, 7))).isTrue();
        history.received(entry(1, 7));

        assertThat(history.isNew(entry(1, 7))).isFalse();
        assertThat(history.isNew(entry(2, 7))).isFalse();
        assertThat(history.isNew(entry(1, 8))).isTrue();
    }

    @Test
    void whatIsForgottenCountsAsReceived() {
        for (int i = 1; i <= 20_000; i++) {
            history.received(entry(i, i));
        }

        assertThat(history.isNew(entry(1, 1))).isFalse();
        assertThat(history.isNew(entry(20_000, 20_000))).isFalse();
        assertThat(history.isNew(entry(20_001, 20_001))).isTrue();
    }

    @Test
    void whatComesBehindTheEndOfALogThatWasSetBackIsNew() {
        history.startAt(new CommandId(100, 0));
        assertThat(history.isNew(entry(50, 1))).isFalse();

        history.setBackTo(new CommandId(40, 0));

        assertThat(history.isNew(entry(50, 1))).isTrue();
        assertThat(history.isNew(entry(40, 2))).isFalse();
    }

    @Test
    void onlyYoungCommandsThatTheLogLacksAreLost() {
        history.sent(1, new CommandId(1, 0), new byte[] {1});
        now += Duration.ofMinutes(9).toNanos();
        history.sent(2, new CommandId(2, 0), new byte[] {2});
        history.sent(3, new CommandId(3, 0), new byte[] {3});
        now += Duration.ofMinutes(2).toNanos();

        assertThat(history.lost(Set.of(3L)))
                .extracting(CommandHistory.Sent::identity)
                .containsExactly(2L);
    }

    @Test
    void sentCommandsAreBoundedInBytes() {
        for (int i = 0; i < 10; i++) {
            history.sent(i, new CommandId(i + 1, 0), new byte[1024 * 1024]);
        }

        assertThat(history.lost(Set.of()))
                .extracting(CommandHistory.Sent::identity)
                .containsExactly(6L, 7L, 8L, 9L);
    }

    @Test
    void commandThatIsSentAgainIsNotCountedTwiceAndDoesNotBecomeYounger() {
        for (int times = 0; times < 10; times++) {
            history.sent(1, new CommandId(1, 0), new byte[1024 * 1024]);
        }
        history.sent(2, new CommandId(2, 0), new byte[] {2});
        assertThat(history.lost(Set.of()))
                .extracting(CommandHistory.Sent::identity)
                .containsExactly(1L, 2L);

        now += Duration.ofMinutes(9).toNanos();
        history.sent(1, new CommandId(9, 0), new byte[1024 * 1024]);
        now += Duration.ofMinutes(2).toNanos();

        assertThat(history.lost(Set.of())).isEmpty();
    }

    @Test
    void commandBeforeThePartOfTheLogThatWasReadIsNotTakenForLost() {
        history.sent(1, new CommandId(5, 0), new byte[] {1});
        history.sent(2, new CommandId(15, 0), new byte[] {2});
        history.startAt(new CommandId(10, 0));

        assertThat(history.lost(Set.of()))
                .extracting(CommandHistory.Sent::identity)
                .containsExactly(2L);
    }
}
