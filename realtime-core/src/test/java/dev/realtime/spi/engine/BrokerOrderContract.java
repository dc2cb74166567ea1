package dev.realtime.spi.engine;

import static dev.realtime.spi.engine.BrokerScenario.history;
import static dev.realtime.spi.engine.BrokerScenario.publication;
import static dev.realtime.spi.engine.BrokerScenario.texts;
import static dev.realtime.spi.engine.BrokerScenario.together;
import static dev.realtime.spi.engine.EngineCalls.eventually;
import static dev.realtime.spi.engine.EngineCalls.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.data.PublishResult;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Order in which a {@link Broker} publishes and delivers, and when it begins. */
interface BrokerOrderContract extends BrokerScenario {

    @Test
    default void concurrentPublishersAreDeliveredInOffsetOrder() throws Exception {
        int publishers = 8;
        int each = 50;
        HistoryOptions roomy = history(publishers * each, 60, 3600);
        subscribe(CHANNEL);

        List<List<PublishResult>> results = together(publishers, publisher -> {
            List<PublishResult> own = new ArrayList<>();
            for (int i = 0; i < each; i++) {
                own.add(get(broker().publish(CHANNEL, publication(publisher + "-" + i), AppendOptions.keeping(roomy))));
            }
            return own;
        });

        List<Long> expected =
                LongStream.rangeClosed(1, publishers * each).boxed().toList();
        eventually(() -> assertThat(listener().deliveries(CHANNEL)).hasSize(publishers * each));
        assertThat(listener().deliveries(CHANNEL))
                .extracting(delivery -> delivery.position().offset())
                .isEqualTo(expected);
        assertThat(listener().overlapped()).isEmpty();
        assertThat(results.stream()
                        .flatMap(List::stream)
                        .map(result -> result.position().offset()))
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(texts(read(ALL))).isEqualTo(listener().texts(CHANNEL));
    }

    @Test
    default void publishesOfOneThreadKeepTheirOrder() {
        subscribe(CHANNEL);
        List<String> sent = IntStream.range(0, 100).mapToObj(String::valueOf).toList();

        List<PublishResult> results = get(Flux.fromIterable(sent)
                .flatMapSequential(text -> broker().publish(CHANNEL, publication(text), KEPT), sent.size())
                .collectList());

        assertThat(results)
                .extracting(result -> result.position().offset())
                .isEqualTo(LongStream.rangeClosed(1, 100).boxed().toList());
        eventually(() -> assertThat(listener().texts(CHANNEL)).isEqualTo(sent));
    }

    @Test
    default void withoutHistoryPublishesOfOneThreadKeepTheirOrderToo() {
        subscribe(CHANNEL);
        List<String> sent = IntStream.range(0, 100).mapToObj(String::valueOf).toList();

        get(Flux.fromIterable(sent)
                .flatMap(text -> broker().publish(CHANNEL, publication(text), AppendOptions.NONE), sent.size())
                .then());

        eventually(() -> assertThat(listener().texts(CHANNEL)).isEqualTo(sent));
    }

    @Test
    default void nothingHappensBeforeAMonoIsSubscribedTo() {
        broker().publish(CHANNEL, publication("never"), KEPT);
        broker().removeHistory(CHANNEL);

        assertThat(publish("1").position().offset()).isEqualTo(1);
        assertThat(texts(read(ALL))).containsExactly("1");
    }

    @Test
    default void monoSubscribedToTwicePublishesTwice() {
        Mono<PublishResult> publish = broker().publish(CHANNEL, publication("again"), KEPT);

        assertThat(get(publish).position().offset()).isEqualTo(1);
        assertThat(get(publish).position().offset()).isEqualTo(2);
    }
}
