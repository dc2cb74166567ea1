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

        assertThat(seen.end(1, EPOCH, 9)).isEqualTo(7);
        assertThat(seen.end(1, "other", 9)).isEqualTo(3);
        assertThat(seen.end(2, EPOCH, 9)).isEqualTo(9);
        assertThat(seen.end(3, EPOCH, 9)).isZero();
    }

    @Test
    void nothingIsAcknowledgedBeyondTheEndOfAnEpoch() {
        seen.acknowledged(1, EPOCH, 3);
        seen.end(1, EPOCH, 5);

        assertThat(seen.acknowledged(1, EPOCH, 5)).isTrue();
        assertThat(seen.acknowledged(1, EPOCH, 6)).isFalse();
        assertThat(seen.end(1, EPOCH, 5)).isEqualTo(5);
        assertThat(seen.acknowledged(1, "next", 6)).isTrue();
    }

    @Test
    void whatArrivesBeyondTheEndOfAnEpochCounts() {
        seen.end(1, EPOCH, 0);

        seen.saw(1, EPOCH, 2);

        assertThat(seen.end(1, EPOCH, 0)).isEqualTo(2);
    }

    @Test
    void whatGaveWayIsUnknownAndNotUnseen() {
        int channels = 100_000;
        for (int channel = 0; channel < channels; channel++) {
            seen.saw(channel, EPOCH, 5);
        }

        for (int channel = 0; channel < channels; channel++) {
            assertThat(seen.end(channel, EPOCH, 5)).isIn(5L, SeenOffsets.UNKNOWN);
        }
    }

    @Test
    void recentlyUsedStays() {
        for (int channel = 0; channel < 100_000; channel++) {
            seen.saw(channel, EPOCH, 5);
            seen.saw(-1, EPOCH, channel);
        }

        assertThat(seen.end(-1, EPOCH, 5)).isEqualTo(99_999);
    }
}
