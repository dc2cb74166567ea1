package dev.realtime.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.statistics.NamespaceStatistics;
import dev.realtime.statistics.NodeStatistics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What waits for a client that is behind: which publications are left out, and the order of the others. */
@ExtendWith(BufferLeaks.class)
class HeldFramesTests {

    private final HeldFrames held = new HeldFrames();

    private final NamespaceStatistics statistics = new NodeStatistics().namespace("prices");

    private final Object subscription = new Object();

    @AfterEach
    void clear() {
        held.clear();
        assertThat(held.isEmpty()).isTrue();
        assertThat(held.bytes()).isZero();
    }

    private static ByteBuf frame(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    private void conflated(String key, String text) {
        held.add(frame(text), new Droppable(subscription, key, false, statistics));
    }

    private void droppable(String text) {
        held.add(frame(text), new Droppable(subscription, null, true, statistics));
    }

    private @Nullable String poll() {
        HeldFrames.Entry entry = held.poll();
        ByteBuf frame = entry == null ? null : entry.takeFrame();
        if (frame == null) {
            return null;
        }
        String text = frame.toString(StandardCharsets.UTF_8);
        frame.release();
        return text;
    }

    private List<String> pollAll() {
        List<String> all = new ArrayList<>();
        for (String next = poll(); next != null; next = poll()) {
            all.add(next);
        }
        return all;
    }

    @Test
    void newestOfEachKeyRemainsInTheOrderOfPublications() {
        conflated("a", "a1");
        conflated("b", "b1");
        held.add(frame("reply"), 1);
        conflated("a", "a2");
        conflated("c", "c1");
        conflated("a", "a3");

        assertThat(pollAll()).containsExactly("b1", "reply", "c1", "a3");
        assertThat(statistics.conflated()).isEqualTo(2);
    }

    @Test
    void equalKeysOfOtherSubscriptionsAreOtherKeys() {
        conflated("a", "a1");
        held.add(frame("other"), new Droppable(new Object(), "a", false, statistics));

        assertThat(pollAll()).containsExactly("a1", "other");
    }

    @Test
    void publicationWithoutAKeyIsNotLeftOut() {
        held.add(frame("1"), new Droppable(subscription, null, false, statistics));
        held.add(frame("2"), new Droppable(subscription, null, false, statistics));

        assertThat(held.dropOldest()).isFalse();
        assertThat(pollAll()).containsExactly("1", "2");
    }

    /** The key that changes most is sent, though a newer value comes before each of its turns. */
    @Test
    void keyThatChangesAllTheTimeIsSentOncePerRound() {
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            conflated("key" + i, "key" + i);
        }
        for (int i = 0; i < 100; i++) {
            conflated("hot", "hot" + i);
            conflated("key" + i % 20, "key" + i % 20);
            sent.add(poll());
        }

        assertThat(sent.stream().filter(text -> text.startsWith("hot"))).hasSizeBetween(3, 8);
        assertThat(pollAll()).contains("hot99");
    }

    @Test
    void oldestIsDroppedAndNothingElse() {
        held.add(frame("reply"), 1);
        droppable("1");
        conflated("a", "a1");
        droppable("2");
        droppable("3");

        assertThat(held.dropOldest()).isTrue();
        assertThat(held.dropOldest()).isTrue();

        assertThat(pollAll()).containsExactly("reply", "a1", "3");
        assertThat(statistics.dropped()).isEqualTo(2);
        assertThat(held.dropOldest()).isFalse();
    }

    @Test
    void whatWasLeftOutTakesNoRoom() {
        for (int i = 0; i < 100_000; i++) {
            conflated("a", "value");
        }

        assertThat(held.bytes()).isLessThan(1_000);
        List<ByteBuf> waiting = new ArrayList<>();
        held.forEach(waiting::add);
        assertThat(waiting).hasSize(1);
    }
}
