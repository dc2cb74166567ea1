package dev.realtime.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a node remembers of streams, and that its answers are final. */
class SeenOffsetsTests {

    private static final String EPOCH = "0123456789abcdef";

    private final SeenOffsets seen = new SeenOffsets(1024);

    @Test
    void highestOffsetOfEachEpochIsRemembered() {
        seen.saw(1, EPOCH, 5);
        seen.saw(1, EPOCH, 7);
        seen.saw(1, EPOCH, 6);
        seen.saw(1, "other", 3);
        seen.saw(2, EPOCH, 9);

        assertThat(seen.seal(1, EPOCH)).isEqualTo(7);
        assertThat(seen.seal(1, "other")).isEqualTo(3);
        assertThat(seen.seal(2, EPOCH)).isEqualTo(9);
        assertThat(seen.seal(3, EPOCH)).isZero();
    }

    @Test
    void nothingCountsBeyondAnAnswer() {
        seen.saw(1, EPOCH, 5);
        seen.seal(1, EPOCH);

        assertThat(seen.saw(1, EPOCH, 5)).isTrue();
        assertThat(seen.saw(1, EPOCH, 6)).isFalse();
        assertThat(seen.seal(1, EPOCH)).isEqualTo(5);
        assertThat(seen.saw(1, "next", 6)).isTrue();
    }

    @Test
    void whatWasPassedOnCountsEvenAfterAnAnswer() {
        seen.saw(1, EPOCH, 5);
        seen.seal(1, EPOCH);

        seen.passedOn(1, EPOCH, 8);

        assertThat(seen.seal(1, EPOCH)).isEqualTo(8);
        assertThat(seen.saw(1, EPOCH, 9)).isFalse();
    }

    @Test
    void sealingOnlyWhatWasSeenRemembersNothingElse() {
        seen.saw(1, EPOCH, 5);

        assertThat(seen.sealIfSeen(1, EPOCH)).isEqualTo(5);
        assertThat(seen.sealIfSeen(2, EPOCH)).isZero();
        assertThat(seen.saw(1, EPOCH, 6)).isFalse();
        assertThat(seen.saw(2, EPOCH, 6)).isTrue();
    }

    @Test
    void answerThatNothingWasSeenIsFinalToo() {
        seen.seal(1, EPOCH);

        assertThat(seen.saw(1, EPOCH, 1)).isFalse();
    }

    @Test
    void whatGaveWayIsUnknownAndNotUnseen() {
        int channels = 100_000;
        for (int channel = 0; channel < channels; channel++) {
            seen.saw(channel, EPOCH, 5);
        }

        for (int channel = 0; channel < channels; channel++) {
            assertThat(seen.seal(channel, EPOCH)).isIn(5L, SeenOffsets.UNKNOWN);
        }
    }

    @Test
    void recentlyUsedStays() {
        for (int channel = 0; channel < 100_000; channel++) {
            seen.saw(channel, EPOCH, 5);
            seen.saw(-1, EPOCH, channel);
        }

        assertThat(seen.seal(-1, EPOCH)).isEqualTo(99_999);
    }
}
