package dev.realtime.engine.redis;

import static dev.realtime.engine.redis.StartedEngine.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Occupied channels of several nodes that share a Redis: added up, and given up with the node. */
abstract class SharedOccupancyContract {

    /** A pause of a busy machine must not end the lease of a node that lives. */
    private static final Duration LEASE = Duration.ofSeconds(5);

    private RedisEngineUnderTest underTest;

    private OccupancyNode first;

    private OccupancyNode second;

    abstract RedisEngineUnderTest underTest(Duration lease);

    @BeforeEach
    void start() {
        underTest = underTest(LEASE);
        first = new OccupancyNode(underTest.engine(), "first");
        second = new OccupancyNode(underTest.another(), "second");
    }

    @AfterEach
    void stop() {
        first.stop();
        second.stop();
        underTest.close();
    }

    private static List<String> manyChannels() {
        // More than one script ends, in at least one partition.
        return IntStream.range(0, 500).mapToObj(i -> "chat:" + i).toList();
    }

    @Test
    void channelIsOccupiedByTheFirstNodeAndVacatedByTheLast() {
        first.occupy("a");
        second.occupy("a");
        first.vacate("a");
        assertThat(first.listener.told()).containsExactly("occupied a");
        assertThat(second.listener.told()).isEmpty();

        second.vacate("a");

        assertThat(first.listener.told()).containsExactly("occupied a");
        assertThat(second.listener.told()).containsExactly("vacated a");
    }

    @Test
    void nodeThatStopsGivesUpItsChannels() {
        first.occupy("both");
        second.occupy("both");
        first.occupy("alone");

        first.stop();

        assertThat(first.listener.toldOf("alone")).containsExactly("occupied", "vacated");
        second.vacate("both");
        assertThat(second.listener.told()).containsExactly("vacated both");
    }

    @Test
    void channelsOfANodeThatDiedAreVacatedWhenItsLeaseEnds() {
        MortalEngine mortal = underTest.newMortalEngine();
        OccupancyNode third = new OccupancyNode(mortal.engine(), "third");
        manyChannels().forEach(third::occupy);
        third.occupy("both");
        second.occupy("both");

        mortal.kill();

        assertThat(third.listener.told()).noneMatch(event -> event.startsWith("vacated"));
        eventually(() -> assertThat(manyChannels()).allSatisfy(channel -> {
            List<String> vacated = new ArrayList<>(first.listener.toldOf(channel));
            vacated.addAll(second.listener.toldOf(channel));
            assertThat(vacated).containsExactly("vacated");
        }));
        assertThat(first.listener.toldOf("both")).isEmpty();
        assertThat(second.listener.toldOf("both")).isEmpty();
        second.vacate("both");
        assertThat(second.listener.toldOf("both")).containsExactly("vacated");
    }

    @Test
    void channelsOfLivingNodesOutliveTheirFirstLease() {
        first.occupy("a");

        underTest.pass(LEASE.plus(LEASE.dividedBy(2)));
        second.occupy("a");
        first.vacate("a");

        assertThat(first.listener.told()).containsExactly("occupied a");
        assertThat(second.listener.told()).isEmpty();
    }
}
