package dev.realtime.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.protocol.StreamPosition;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From which former epochs a stream goes on, and when nodes have to be asked first. */
class PastEpochTests {

    private static List<PastEpoch> past(String noted) {
        return PastEpoch.parse(noted);
    }

    private static StreamPosition at(long offset, String epoch) {
        return new StreamPosition(offset, epoch);
    }

    @Test
    void notedEpochsAreReadOldestFirst() {
        assertThat(past("a,5,?;b,7,7;"))
                .containsExactly(new PastEpoch("a", 5, PastEpoch.UNSETTLED), new PastEpoch("b", 7, 7));
        assertThat(past("")).isEmpty();
    }

    @Test
    void nothingBeforeGarbageCounts() {
        assertThat(past("a,5,5;b,x,7;c,9,9;")).containsExactly(new PastEpoch("c", 9, 9));
        assertThat(past("a,5,5;foreign")).isEmpty();
    }

    @Test
    void streamGoesOnFromEpochsThatEndedWholeUpToTheFirstThatDidNot() {
        assertThat(PastEpoch.whole(past("a,3,3;b,5,6;c,7,7;d,9,4;"))).containsExactly(at(9, "d"), at(7, "c"));
        assertThat(PastEpoch.whole(past("a,3,3;b,5,?;"))).isEmpty();
    }

    @Test
    void nodesAreAskedOnlyIfTheAnswerCanMatter() {
        List<PastEpoch> open = past("a,3,3;b,5,?;c,7,7;");

        assertThat(PastEpoch.mustSettle(open, at(2, "a"))).isTrue();
        assertThat(PastEpoch.mustSettle(open, at(5, "b"))).isTrue();
        assertThat(PastEpoch.mustSettle(open, at(7, "c"))).isFalse();
        assertThat(PastEpoch.mustSettle(open, at(6, "b"))).isFalse();
        assertThat(PastEpoch.mustSettle(open, at(-1, "b"))).isFalse();
        assertThat(PastEpoch.mustSettle(open, at(1, "unknown"))).isFalse();
        assertThat(PastEpoch.mustSettle(open, null)).isFalse();
        assertThat(PastEpoch.mustSettle(past("a,3,?;b,5,6;"), at(1, "a"))).isFalse();
    }
}
