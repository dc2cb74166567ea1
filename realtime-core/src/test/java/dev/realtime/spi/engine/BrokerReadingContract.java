package dev.realtime.spi.engine;

import static dev.realtime.spi.engine.BrokerScenario.at;
import static dev.realtime.spi.engine.BrokerScenario.history;
import static dev.realtime.spi.engine.BrokerScenario.texts;
import static dev.realtime.spi.engine.BrokerScenario.together;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.HistoryResult;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Results of a {@link HistoryQuery} to a {@link Broker}. */
interface BrokerReadingContract extends BrokerScenario {

    @Test
    default void limitOfZeroReadsThePositionAlone() {
        StreamPosition top = publishNumbers(3);

        assertThat(read(HistoryQuery.POSITION)).isEqualTo(new HistoryResult(List.of(), top));
        assertThat(read(new HistoryQuery(0, at(1), false)).publications()).isEmpty();
        assertThat(read(new HistoryQuery(0, null, true)).publications()).isEmpty();
    }

    @Test
    default void limitCutsWhatIsRead() {
        StreamPosition top = publishNumbers(5);

        assertThat(texts(read(new HistoryQuery(2, null, false)))).containsExactly("1", "2");
        assertThat(texts(read(HistoryQuery.latest(2)))).containsExactly("5", "4");
        assertThat(texts(read(HistoryQuery.after(at(1), 2)))).containsExactly("2", "3");
        assertThat(texts(read(new HistoryQuery(2, at(4), true)))).containsExactly("3", "2");
        assertThat(texts(read(new HistoryQuery(Integer.MAX_VALUE, null, false))))
                .hasSize(5);
        assertThat(read(HistoryQuery.latest(2)).position()).isEqualTo(top);
    }

    @Test
    default void negativeLimitReadsAll() {
        publishNumbers(4);

        assertThat(texts(read(ALL))).containsExactly("1", "2", "3", "4");
        assertThat(texts(read(new HistoryQuery(-1, null, true)))).containsExactly("4", "3", "2", "1");
        assertThat(texts(read(new HistoryQuery(-7, at(2), false)))).containsExactly("3", "4");
    }

    @Test
    default void sinceReadsWhatLiesStrictlyAfterIt() {
        publishNumbers(4);

        assertThat(texts(read(HistoryQuery.after(at(0), -1)))).containsExactly("1", "2", "3", "4");
        assertThat(texts(read(HistoryQuery.after(at(3), -1)))).containsExactly("4");
        assertThat(texts(read(HistoryQuery.after(at(4), -1)))).isEmpty();
    }

    @Test
    default void reverseSinceReadsWhatLiesStrictlyBeforeIt() {
        publishNumbers(4);

        assertThat(texts(read(new HistoryQuery(-1, at(4), true)))).containsExactly("3", "2", "1");
        assertThat(texts(read(new HistoryQuery(-1, at(1), true)))).isEmpty();
        assertThat(texts(read(new HistoryQuery(-1, at(0), true)))).isEmpty();
    }

    @Test
    default void sinceBeyondTheTopFindsNothingAfterAndEverythingBefore() {
        StreamPosition top = publishNumbers(2);

        for (long beyond : new long[] {3, 1_000, Long.MAX_VALUE, -1}) {
            assertThat(read(HistoryQuery.after(at(beyond), -1))).isEqualTo(new HistoryResult(List.of(), top));
            assertThat(texts(read(new HistoryQuery(-1, at(beyond), true)))).containsExactly("2", "1");
        }
    }

    @Test
    default void sinceATrimmedOffsetReadsWhatIsLeft() {
        for (int i = 1; i <= 6; i++) {
            publish("" + i, history(2, 60, 3600));
        }

        assertThat(texts(read(HistoryQuery.after(at(1), -1)))).containsExactly("5", "6");
        assertThat(texts(read(HistoryQuery.after(at(0), -1)))).containsExactly("5", "6");
        assertThat(texts(read(new HistoryQuery(-1, at(3), true)))).isEmpty();
        assertThat(texts(read(new HistoryQuery(-1, at(6), true)))).containsExactly("5");
    }

    @Test
    default void epochOfSinceIsNotCompared() {
        publishNumbers(2);

        assertThat(texts(read(HistoryQuery.after(new StreamPosition(1, "another"), -1))))
                .containsExactly("2");
    }

    @Test
    default void readResultIsOfOneMoment() throws Exception {
        HistoryOptions few = history(5, 60, 3600);
        int readers = 4;

        List<Boolean> whole = together(readers, reader -> {
            boolean consistent = true;
            for (int i = 0; i < 50; i++) {
                publish("x", few);
                HistoryResult result = read(ALL);
                List<Publication> publications = result.publications();
                long top = result.position().offset();
                for (int j = 0; j < publications.size(); j++) {
                    consistent &= publications.get(j).offset() == top - publications.size() + 1 + j;
                }
            }
            return consistent;
        });

        assertThat(whole).containsOnly(true);
    }
}
