package dev.realtime.spi.engine;

import static dev.realtime.spi.engine.BrokerScenario.binary;
import static dev.realtime.spi.engine.BrokerScenario.history;
import static dev.realtime.spi.engine.BrokerScenario.info;
import static dev.realtime.spi.engine.BrokerScenario.publication;
import static dev.realtime.spi.engine.BrokerScenario.text;
import static dev.realtime.spi.engine.BrokerScenario.texts;
import static dev.realtime.spi.engine.EngineCalls.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.data.Exclusion;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Histories of channels in a {@link Broker}, and their lifetimes. */
interface BrokerHistoryContract extends BrokerScenario {

    @Test
    default void latestPublicationsAreKeptUpToTheSize() {
        AppendOptions three = AppendOptions.keeping(history(3, 60, 3600));

        for (int i = 1; i <= 5; i++) {
            get(broker().publish(CHANNEL, publication("" + i), three));
        }

        HistoryResult result = read(ALL);
        assertThat(texts(result)).containsExactly("3", "4", "5");
        assertThat(result.publications()).extracting(Publication::offset).containsExactly(3L, 4L, 5L);
        assertThat(result.position().offset()).isEqualTo(5);
    }

    @Test
    default void sizeMayChangeFromOnePublicationToTheNext() {
        publishNumbers(10);

        get(broker().publish(CHANNEL, publication("11"), AppendOptions.keeping(history(2, 60, 3600))));
        List<String> shrunk = texts(read(ALL));
        get(broker().publish(CHANNEL, publication("12"), AppendOptions.keeping(history(4, 60, 3600))));
        get(broker().publish(CHANNEL, publication("13"), AppendOptions.keeping(history(4, 60, 3600))));
        List<String> grown = texts(read(ALL));

        assertThat(shrunk).containsExactly("10", "11");
        assertThat(grown).containsExactly("10", "11", "12", "13");
    }

    @Test
    default void largeHistoryHasExactlyItsSize() {
        HistoryOptions forty = history(40, 60, 3600);
        String epoch = "";
        for (int i = 1; i <= 67; i++) {
            epoch = publish("" + i, forty).position().epoch();
        }

        List<String> latest = numbers(28, 67);
        assertThat(texts(read(ALL))).isEqualTo(latest);
        assertThat(texts(read(HistoryQuery.after(new StreamPosition(20, epoch), 300))))
                .isEqualTo(latest);
        assertThat(texts(read(HistoryQuery.after(new StreamPosition(27, epoch), 2))))
                .containsExactly("28", "29");
        assertThat(texts(read(HistoryQuery.after(new StreamPosition(64, epoch), 300))))
                .containsExactly("65", "66", "67");
        List<String> backwards = texts(read(HistoryQuery.latest(-1)));
        assertThat(backwards).hasSize(40).startsWith("67", "66").endsWith("29", "28");
        assertThat(texts(read(new HistoryQuery(-1, new StreamPosition(30, epoch), true))))
                .containsExactly("29", "28");
    }

    @Test
    default void whatASmallerSizeDidNotKeepDoesNotComeBack() {
        publishNumbers(40);

        publish("41", history(8, 60, 3600));
        publish("42");

        assertThat(texts(read(ALL))).isEqualTo(numbers(34, 42));
    }

    private static List<String> numbers(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(String::valueOf).toList();
    }

    @Test
    default void historyTtlEmptiesTheStreamAndKeepsItsPosition() {
        StreamPosition before = publish("old", history(10, 1, 3600)).position();

        pass(OVER_A_SECOND);

        assertThat(read(ALL).publications()).isEmpty();
        assertThat(read(ALL).position()).isEqualTo(before);
        assertThat(publish("new").position()).isEqualTo(new StreamPosition(2, before.epoch()));
        assertThat(texts(read(ALL))).containsExactly("new");
    }

    @Test
    default void historyTtlCountsFromTheLastPublication() {
        HistoryOptions twoSeconds = history(10, 2, 3600);
        publish("1", twoSeconds);
        pass(OVER_A_SECOND);
        publish("2", twoSeconds);

        pass(OVER_A_SECOND);
        List<String> kept = texts(read(ALL));
        pass(OVER_A_SECOND);
        List<String> gone = texts(read(ALL));

        assertThat(kept).containsExactly("1", "2");
        assertThat(gone).isEmpty();
    }

    @Test
    default void metaTtlEndsTheEpoch() {
        HistoryOptions brief = history(10, 1, 1);
        StreamPosition before = publish("old", brief).position();

        pass(OVER_A_SECOND);
        HistoryResult after = read(ALL);

        assertThat(after.publications()).isEmpty();
        assertThat(after.position().offset()).isZero();
        assertThat(after.position().epoch()).isNotEmpty().isNotEqualTo(before.epoch());
        assertThat(publish("new").position())
                .isEqualTo(new StreamPosition(1, after.position().epoch()));
    }

    @Test
    default void metaTtlCountsFromTheLastUse() {
        HistoryOptions brief = history(10, 1, 2);
        String epoch = publish("1", brief).position().epoch();

        pass(OVER_A_SECOND);
        String read = get(broker().history(CHANNEL, HistoryQuery.POSITION, brief))
                .position()
                .epoch();
        pass(OVER_A_SECOND);
        String published = publish("2", brief).position().epoch();
        pass(OVER_A_SECOND.multipliedBy(2));
        String late = get(broker().history(CHANNEL, HistoryQuery.POSITION, brief))
                .position()
                .epoch();

        assertThat(read).isEqualTo(epoch);
        assertThat(published).isEqualTo(epoch);
        assertThat(late).isNotEqualTo(epoch);
    }

    @Test
    default void positionsOfManyChannelsAreWhatReadingEachWouldSay() {
        Map<String, HistoryOptions> channels = new HashMap<>();
        for (int i = 0; i < 500; i++) {
            channels.put("chat:" + i, HISTORY);
        }
        get(broker().publish("chat:1", publication("1"), KEPT));
        get(broker().publish("chat:2", publication("1"), KEPT));
        get(broker().publish("chat:2", publication("2"), KEPT));

        Map<String, StreamPosition> first = get(broker().positions(channels));
        Map<String, StreamPosition> second = get(broker().positions(channels));

        Map<String, StreamPosition> single = new HashMap<>();
        channels.forEach((channel, options) -> single.put(
                channel,
                get(broker().history(channel, HistoryQuery.POSITION, options)).position()));
        assertThat(first).isEqualTo(single);
        assertThat(second).isEqualTo(single);
        assertThat(first.get("chat:2").offset()).isEqualTo(2);
        assertThat(first.values()).noneMatch(position -> position.epoch().isEmpty());
    }

    @Test
    default void positionsReadTogetherLiveOn() {
        HistoryOptions brief = history(10, 1, 2);
        String epoch = publish("1", brief).position().epoch();

        pass(OVER_A_SECOND);
        get(broker().positions(Map.of(CHANNEL, brief)));
        pass(OVER_A_SECOND);

        assertThat(publish("2", brief).position().epoch()).isEqualTo(epoch);
    }

    @Test
    default void removedHistoryIsGoneAndThePositionGoesOn() {
        publish("1");
        StreamPosition before = publish("2").position();

        get(broker().removeHistory(CHANNEL));

        assertThat(read(ALL)).isEqualTo(new HistoryResult(List.of(), before));
        assertThat(publish("3").position()).isEqualTo(new StreamPosition(3, before.epoch()));
        assertThat(texts(read(ALL))).containsExactly("3");
    }

    @Test
    default void removingTheHistoryOfAnUnusedChannelDoesNothing() {
        get(broker().removeHistory(CHANNEL));

        assertThat(publish("1").position().offset()).isEqualTo(1);
    }

    @Test
    default void publicationIsKeptAsItWasPublished() {
        Publication publication = new Publication(
                        binary(), info("42", "client", null, text("{\"a\":1}")), 0, Map.of("k", "v", "ключ", "€"))
                .withVersion(7)
                .withExclusion(Exclusion.NONE.andClient("c").andUser("42"))
                .withDelta(Publication.Delta.ALLOWED);

        get(broker().publish(CHANNEL, publication, KEPT));

        assertThat(read(ALL).publications()).containsExactly(publication.at(1));
    }
}
