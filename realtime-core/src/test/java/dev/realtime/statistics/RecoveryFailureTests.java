package dev.realtime.statistics;

import static dev.realtime.channel.ChannelFixtures.keeping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The reason of a failed recovery is derived from the stream that was read. */
class RecoveryFailureTests {

    private static final HistoryOptions FIVE = keeping(5);

    private static HistoryResult read(long top, long... offsets) {
        return new HistoryResult(
                Arrays.stream(offsets)
                        .mapToObj(offset -> new Publication(Payload.ofText("1"), null, offset, Map.of()))
                        .toList(),
                new StreamPosition(top, "e1"));
    }

    private static RecoveryFailure since(long offset, String epoch, HistoryResult read) {
        return RecoveryFailure.of(new StreamPosition(offset, epoch), read, FIVE);
    }

    @Test
    void anotherEpochIsAnotherStream() {
        assertThat(since(3, "e0", read(5, 4, 5))).isEqualTo(RecoveryFailure.EPOCH);
    }

    @Test
    void fullHistoryPushedTheMissedOut() {
        assertThat(since(1, "e1", read(10, 6, 7, 8, 9, 10))).isEqualTo(RecoveryFailure.SIZE);
    }

    @Test
    void historyThatIsNotFullLostTheMissedByAge() {
        assertThat(since(1, "e1", read(10, 9, 10))).isEqualTo(RecoveryFailure.TTL);
        assertThat(since(1, "", read(10))).isEqualTo(RecoveryFailure.TTL);
    }

    @Test
    void readThatStopsBelowTheTopMetTheLimit() {
        assertThat(since(1, "e1", read(10, 2, 3, 4))).isEqualTo(RecoveryFailure.LIMIT);
    }

    @Test
    void clientAheadOfTheStreamShowsThatTheEngineLostPublications() {
        assertThat(since(9, "e1", read(5))).isEqualTo(RecoveryFailure.ENGINE_LOSS);
    }
}
