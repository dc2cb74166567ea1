package dev.realtime.engine.redis.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MembersTests {

    private long now = Duration.ofDays(1).toNanos();

    private final Members members = new Members(Duration.ofSeconds(10), () -> now);

    private int beat;

    private void pass(int seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
    }

    private void readBeatOf(String... ids) {
        Map<String, String> beats = new java.util.HashMap<>();
        beat++;
        for (String id : ids) {
            beats.put(id, Integer.toString(beat));
        }
        members.read(beats);
    }

    @Test
    void nodesThatARolledBackRegistryLacksArePresent() {
        readBeatOf("a", "b");
        pass(3);
        members.interrupted();
        readBeatOf("a");

        assertThat(members.present()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void silenceCountsFromTheEndOfAnInterruption() {
        readBeatOf("a", "b");
        pass(60);
        readBeatOf("a");
        pass(9);
        readBeatOf("a");
        assertThat(members.present()).containsExactlyInAnyOrder("a", "b");

        pass(2);
        readBeatOf("a");

        assertThat(members.present()).containsExactly("a");
    }

    @Test
    void nodeThatWasGoneBeforeAnInterruptionStaysGone() {
        readBeatOf("a", "b");
        for (int i = 0; i < 4; i++) {
            pass(3);
            readBeatOf("a");
        }
        assertThat(members.present()).containsExactly("a");

        members.interrupted();
        readBeatOf("a");

        assertThat(members.present()).containsExactly("a");
    }

    @Test
    void nodeThatIsListedWithoutASignOfLifeIsGone() {
        members.read(Map.of("a", "1", "b", "1"));
        for (int i = 2; i < 8; i++) {
            pass(3);
            members.read(Map.of("a", Integer.toString(i), "b", "1"));
        }

        assertThat(members.present()).containsExactly("a");
    }

    @Test
    void nodeThatLeftIsGoneAlsoWhenAnOlderDatasetListsIt() {
        readBeatOf("a", "b");
        members.left("b");
        assertThat(members.present()).containsExactly("a");
        assertThat(members.isPresent("b")).isFalse();

        readBeatOf("a", "b");
        members.heard("b");

        assertThat(members.present()).containsExactly("a");
    }

    @Test
    void nodeThatWasHeardBeforeItWasListedIsPresent() {
        readBeatOf("a");
        members.heard("c");

        assertThat(members.present()).containsExactlyInAnyOrder("a", "c");
        assertThat(members.isPresent("c")).isTrue();
    }

    @Test
    void everyNodeMustBeKnownAfterTheTimeoutWithoutInterruption() {
        readBeatOf("a");
        for (int i = 0; i < 3; i++) {
            pass(3);
            readBeatOf("a");
            assertThat(members.isComplete()).isFalse();
        }
        pass(3);
        readBeatOf("a");
        assertThat(members.isComplete()).isTrue();

        members.interrupted();
        assertThat(members.isComplete()).isFalse();
        readBeatOf("a");
        assertThat(members.isComplete()).isFalse();
    }

    @Test
    void nodesOfThePastAreForgotten() {
        readBeatOf("a", "b");
        members.left("b");
        for (int i = 0; i < 250; i++) {
            pass(3);
            readBeatOf("a");
        }

        members.heard("b");

        assertThat(members.present()).as("remembered as one that left").contains("b");
    }
}
