package dev.realtime.spi.engine;

import static dev.realtime.spi.engine.EngineCalls.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/**
 * What every {@link ChannelOccupancy} must satisfy: nodes are notified of a channel's first and last subscriber, once
 * each.
 */
public abstract class ChannelOccupancyContract {

    private final RecordingOccupancyListener listener = new RecordingOccupancyListener();

    private EngineUnderTest underTest;

    private ChannelOccupancy occupancy;

    /** A new engine to test. */
    protected abstract EngineUnderTest underTest();

    @BeforeEach
    void startEngine() {
        underTest = underTest();
        Engine engine = underTest.engine();
        occupancy = Objects.requireNonNull(engine.occupancy());
        occupancy.start(listener);
        EngineCalls.start(engine, new RecordingBrokerListener());
    }

    @AfterEach
    void stopEngine() {
        get(underTest.engine().stop());
        underTest.close();
    }

    @Test
    void firstSubscriberOccupiesAndLastOneVacates() {
        get(occupancy.occupy("chat:room"));
        assertThat(listener.told()).containsExactly("occupied chat:room");

        get(occupancy.vacate("chat:room"));

        assertThat(listener.told()).containsExactly("occupied chat:room", "vacated chat:room");
    }

    @Test
    void occupyingTwiceIsTheSameAsOnce() {
        get(occupancy.occupy("a"));
        get(occupancy.occupy("a"));
        get(occupancy.vacate("a"));

        get(occupancy.vacate("a"));

        assertThat(listener.told()).containsExactly("occupied a", "vacated a");
    }

    @Test
    void vacatingWhatWasNotOccupiedTellsNothing() {
        get(occupancy.vacate("a"));

        assertThat(listener.told()).isEmpty();
    }

    @Test
    void channelThatIsOccupiedAgainIsToldAgain() {
        get(occupancy.occupy("a"));
        get(occupancy.vacate("a"));

        get(occupancy.occupy("a"));

        assertThat(listener.told()).containsExactly("occupied a", "vacated a", "occupied a");
    }

    @Test
    void nothingIsDoneBeforeItIsSubscribedTo() {
        occupancy.occupy("a");

        assertThat(listener.told()).isEmpty();
    }

    @Test
    void anyNameIsAChannelOfItsOwn() {
        List<String> names = List.of("a", "A", "+a", "-a", "{a}", "a b", "日本", "é", "e\u0301", "a\r\n\u0000");

        Flux.fromIterable(names).concatMap(occupancy::occupy).blockLast(Duration.ofSeconds(20));
        Flux.fromIterable(names).concatMap(occupancy::vacate).blockLast(Duration.ofSeconds(20));

        assertThat(names).allSatisfy(name -> assertThat(listener.toldOf(name)).containsExactly("occupied", "vacated"));
    }

    @Test
    void channelOccupiedForLongIsNotToldAgain() {
        get(occupancy.occupy("a"));

        underTest.pass(EngineUnderTest.PRESENCE_TTL.multipliedBy(2));

        assertThat(listener.told()).containsExactly("occupied a");
    }

    @Test
    void manyChannelsAtOnceAreToldOnceEach() {
        List<String> channels =
                IntStream.range(0, 1000).mapToObj(i -> "chat:" + i).toList();

        Flux.fromIterable(channels)
                .flatMap(channel -> occupancy.occupy(channel).then(occupancy.vacate(channel)), 256)
                .blockLast(Duration.ofSeconds(30));

        assertThat(channels)
                .allSatisfy(channel -> assertThat(listener.toldOf(channel)).containsExactly("occupied", "vacated"));
    }
}
