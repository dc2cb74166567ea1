package dev.realtime.engine.redis.generation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.generation.Generation.Seen;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a node remembers of generations, what replication offsets cover of it, and what gives way. */
class GenerationsTests {

    private static final String FIRST = "aaaaaaaa";

    private static final String EPOCH = FIRST + "000000000001";

    private final List<Runnable> tasks = new ArrayList<>();

    private int hurried;

    private final Generations generations = new Generations(1024, tasks::add);

    private Generation first() {
        return generations.meet(FIRST);
    }

    private void shrink() {
        tasks.forEach(Runnable::run);
        tasks.clear();
    }

    @Test
    void whatWasSeenIsFoundByTheGenerationOfItsEpoch() {
        generations.saw("a", EPOCH, 4);
        generations.saw("a", EPOCH, 3);
        generations.saw("a", "bbbbbbbb000000000001", 7);

        assertThat(generations.seen("a", EPOCH)).isEqualTo(4);
        assertThat(generations.seen("a", "bbbbbbbb000000000001")).isEqualTo(7);
        assertThat(generations.seen("b", EPOCH)).isZero();
        assertThat(first().tail(0)).containsExactly(new Seen("a", EPOCH, 4));
    }

    @Test
    void epochsThatNameNoGenerationAreAcknowledgedAndNotKept() {
        assertThat(generations.acknowledged("a", "00000000000000000001", 1)).isTrue();
        assertThat(generations.acknowledged("a", "short", 1)).isTrue();

        assertThat(generations.all()).isEmpty();
    }

    @Test
    void checkpointCoversWhatWasNotedBeforeItsTick() {
        generations.saw("a", EPOCH, 1);
        int second = generations.nextTick();
        first().checkpoint(second, 100);
        generations.saw("b", EPOCH, 1);
        int third = generations.nextTick();
        first().checkpoint(third, 200);

        assertThat(first().covered(100)).isZero();
        assertThat(first().covered(101)).isEqualTo(second);
        assertThat(first().covered(200)).isEqualTo(second);
        assertThat(first().covered(201)).isEqualTo(third);
        assertThat(first().tail(second)).containsExactly(new Seen("b", EPOCH, 1));
        assertThat(first().tail(third)).isEmpty();
    }

    @Test
    void onlyMoreThanBeforeIsNewToACheckpoint() {
        generations.saw("a", EPOCH, 5);
        int second = generations.nextTick();

        generations.saw("a", EPOCH, 5);
        assertThat(first().tail(second)).isEmpty();

        generations.saw("a", EPOCH, 6);
        assertThat(first().tail(second)).containsExactly(new Seen("a", EPOCH, 6));
    }

    @Test
    void nothingOfAnEndedGenerationIsAcknowledged() {
        assertThat(generations.acknowledged("a", EPOCH, 1)).isTrue();
        generations.end(first());

        assertThat(generations.acknowledged("a", EPOCH, 2)).isFalse();
        assertThat(generations.hasEnded(EPOCH)).isTrue();
        assertThat(generations.hasEnded("bbbbbbbb000000000001")).isFalse();
    }

    @Test
    void oldestNotesGiveWayAndItIsKnownWhenTheyWereMade() {
        generations.onHurry(() -> hurried++);
        generations.saw("old", EPOCH, 1);
        int second = generations.nextTick();
        for (int i = 0; i < 2000; i++) {
            generations.saw("channel-" + i, EPOCH, 1);
            shrink();
        }

        assertThat(first().size()).isBetween(1024, 1300);
        assertThat(hurried).isGreaterThan(1);
        assertThat(first().hasForgotten(second)).isTrue();
        assertThat(first().hasForgotten(second + 1)).isFalse();
        assertThat(generations.seen("old", EPOCH)).isZero();
    }

    @Test
    void whatFindsNoRoomCountsAsForgotten() {
        for (int i = 0; i < 3000; i++) {
            generations.saw("channel-" + i, EPOCH, 1);
        }

        assertThat(first().size()).isEqualTo(2048);
        assertThat(first().hasForgotten(generations.tick())).isTrue();
    }

    @Test
    void noteThatWasRaisedSinceDoesNotGiveWay() {
        generations.saw("busy", EPOCH, 1);
        generations.nextTick();
        for (int i = 0; i < 1000; i++) {
            generations.saw("channel-" + i, EPOCH, 1);
        }
        generations.nextTick();
        generations.saw("busy", EPOCH, 2);
        for (int i = 1000; i < 1900; i++) {
            generations.saw("channel-" + i, EPOCH, 1);
        }
        shrink();

        assertThat(generations.seen("busy", EPOCH)).isEqualTo(2);
    }

    @Test
    void otherGenerationsDoNotPushOutATail() {
        generations.saw("a", EPOCH, 1);
        for (int i = 0; i < 5000; i++) {
            generations.saw("channel-" + i, "bbbbbbbb000000000001", 1);
            shrink();
        }

        assertThat(generations.seen("a", EPOCH)).isOne();
        assertThat(first().hasForgotten(0)).isFalse();
    }

    @Test
    void notesAtTheEndOfAGenerationAllFindRoom() {
        generations.end(first());
        for (int i = 0; i < 5000; i++) {
            generations.saw("channel-" + i, EPOCH, 1);
        }

        assertThat(first().size()).isEqualTo(5000);
        assertThat(tasks).isEmpty();
    }

    @Test
    void replicationStateIsReadFromInfo() {
        String replication = String.join(
                "\r\n",
                "# Replication",
                "role:master",
                "connected_slaves:2",
                "slave0:ip=10.0.0.1,port=6379,state=online,offset=1200,lag=0",
                "slave1:ip=10.0.0.2,port=6379,state=online,offset=1100,lag=1",
                "master_replid:aaaaaaaa11111111111111111111111111111111",
                "master_replid2:bbbbbbbb11111111111111111111111111111111",
                "master_repl_offset:1234",
                "second_repl_offset:1000",
                "repl_backlog_active:1");

        assertThat(ReplicationState.of(replication, "run_id:abc"))
                .isEqualTo(new ReplicationState(FIRST, "bbbbbbbb", 1000, 1234, 2, 1100, "abc"));
        assertThat(ReplicationState.of(replication.replace("role:master", "role:slave"), "run_id:abc"))
                .isNull();
        assertThat(ReplicationState.of(replication.replace("active:1", "active:0"), "run_id:abc")
                        .offset())
                .isEqualTo(-1);
        assertThat(ReplicationState.of(
                                replication
                                        .replace("bbbbbbbb11111111111111111111111111111111", "0".repeat(40))
                                        .replace("second_repl_offset:1000", "second_repl_offset:-1"),
                                "run_id:abc")
                        .former())
                .isEmpty();
        assertThat(ReplicationState.of("", "")).isNull();
    }
}
