package dev.realtime.spi.engine;

import static dev.realtime.spi.engine.BrokerScenario.publication;
import static dev.realtime.spi.engine.BrokerScenario.texts;
import static dev.realtime.spi.engine.EngineCalls.eventually;
import static dev.realtime.spi.engine.EngineCalls.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.PublishResult;
import dev.realtime.api.data.PublishResult.Suppression;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.spi.engine.RecordingBrokerListener.Delivery;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Offsets and epochs that a {@link Broker} gives to publications. */
interface BrokerPositionsContract extends BrokerScenario {

    @Test
    default void offsetsCountUpByOneFromOne() {
        List<PublishResult> results = List.of(publish("1"), publish("2"), publish("3"));

        assertThat(results).extracting(result -> result.position().offset()).containsExactly(1L, 2L, 3L);
        assertThat(results).extracting(PublishResult::suppression).containsOnly(Suppression.NONE);
    }

    @Test
    default void epochStaysWhileTheStreamIsUsed() {
        String epoch = publish("1").position().epoch();

        assertThat(epoch).isNotEmpty();
        assertThat(publish("2").position().epoch()).isEqualTo(epoch);
        assertThat(read(ALL).position().epoch()).isEqualTo(epoch);
    }

    @Test
    default void channelsCountOnTheirOwn() {
        publish("1");
        publish("2");

        PublishResult other = get(broker().publish("chat:other", publication("1"), KEPT));

        assertThat(other.position().offset()).isEqualTo(1);
    }

    @Test
    default void positionOfAnUnusedChannelStaysComparable() {
        StreamPosition unused = read(HistoryQuery.POSITION).position();

        StreamPosition first = publish("1").position();

        assertThat(unused.offset()).isZero();
        assertThat(unused.epoch()).isNotEmpty().isEqualTo(first.epoch());
        assertThat(first.offset()).isEqualTo(1);
    }

    @Test
    default void publicationWithoutHistoryHasNoPositionAndMovesNone() {
        subscribe(CHANNEL);
        StreamPosition top = publish("kept").position();
        // Only offsets have an order: publications without one may arrive by another path.
        eventually(() -> assertThat(listener().texts(CHANNEL)).containsExactly("kept"));

        PublishResult result = get(broker().publish(CHANNEL, publication("passing"), AppendOptions.NONE));

        assertThat(result).isEqualTo(PublishResult.WITHOUT_HISTORY);
        assertThat(texts(read(ALL))).containsExactly("kept");
        assertThat(read(ALL).position()).isEqualTo(top);
        eventually(() -> assertThat(listener().texts(CHANNEL)).containsExactly("kept", "passing"));
        Delivery passing = listener().deliveries(CHANNEL).get(1);
        assertThat(passing.position()).isEqualTo(StreamPosition.NONE);
        assertThat(passing.publication().offset()).isZero();
    }

    @Test
    default void offsetOfThePublicationHandedInIsIgnored() {
        PublishResult result = get(broker().publish(CHANNEL, publication("1").at(77), KEPT));

        assertThat(result.position().offset()).isEqualTo(1);
        assertThat(read(ALL).publications().get(0).offset()).isEqualTo(1);
    }
}
