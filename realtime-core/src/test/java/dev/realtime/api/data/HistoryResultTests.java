package dev.realtime.api.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Positions of clients from which a stream continues. */
class HistoryResultTests {

    private static final HistoryResult STREAM = new HistoryResult(
            List.of(),
            new StreamPosition(20, "present"),
            List.of(new StreamPosition(15, "last"), new StreamPosition(10, "first")));

    private static boolean goesOnFrom(long offset, String epoch) {
        return STREAM.continues(new StreamPosition(offset, epoch));
    }

    @Test
    void everyPlaceOfTheSameEpochIsContinued() {
        assertThat(goesOnFrom(0, "present")).isTrue();
        assertThat(goesOnFrom(20, "present")).isTrue();
        assertThat(goesOnFrom(99, "present")).isTrue();
    }

    @Test
    void emptyEpochIsNotCompared() {
        assertThat(goesOnFrom(3, "")).isTrue();
    }

    @Test
    void formerEpochIsContinuedUpToItsEnd() {
        assertThat(goesOnFrom(0, "first")).isTrue();
        assertThat(goesOnFrom(10, "first")).isTrue();
        assertThat(goesOnFrom(11, "first")).isFalse();
        assertThat(goesOnFrom(-1, "first")).isFalse();
        assertThat(goesOnFrom(15, "last")).isTrue();
        assertThat(goesOnFrom(16, "last")).isFalse();
    }

    @Test
    void unknownEpochIsNotContinued() {
        assertThat(goesOnFrom(1, "other")).isFalse();
        assertThat(new HistoryResult(List.of(), new StreamPosition(1, "present"))
                        .continues(new StreamPosition(1, "first")))
                .isFalse();
    }
}
