package dev.realtime.spi.engine;

import static dev.realtime.spi.engine.BrokerScenario.binary;
import static dev.realtime.spi.engine.BrokerScenario.info;
import static dev.realtime.spi.engine.BrokerScenario.publication;
import static dev.realtime.spi.engine.BrokerScenario.text;
import static dev.realtime.spi.engine.BrokerScenario.texts;
import static dev.realtime.spi.engine.EngineCalls.eventually;
import static dev.realtime.spi.engine.EngineCalls.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Exclusion;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.PublishResult;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.spi.engine.RecordingBrokerListener.Delivery;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Deliveries of a {@link Broker}: the nodes that receive them, and their content. */
interface BrokerDeliveryContract extends BrokerScenario {

    @Test
    default void onlySubscribedChannelsReachTheListener() {
        publish("before");
        pass(MOMENT);
        subscribe(CHANNEL);

        publish("during");
        eventually(() -> assertThat(listener().texts(CHANNEL)).containsExactly("during"));
        get(broker().unsubscribe(CHANNEL));
        publish("after");
        get(broker().publish(CHANNEL, publication("after"), AppendOptions.NONE));
        pass(MOMENT);
        subscribe(CHANNEL);
        publish("again");

        eventually(() -> assertThat(listener().texts(CHANNEL)).endsWith("again"));
        assertThat(listener().texts(CHANNEL)).containsExactly("during", "again");
    }

    @Test
    default void subscribingTwiceIsTheSameAsOnce() {
        subscribe(CHANNEL);
        subscribe(CHANNEL);

        publish("once");
        eventually(() -> assertThat(listener().texts(CHANNEL)).contains("once"));
        get(broker().unsubscribe(CHANNEL));
        publish("unheard");
        pass(MOMENT);
        subscribe(CHANNEL);
        publish("last");

        eventually(() -> assertThat(listener().texts(CHANNEL)).endsWith("last"));
        assertThat(listener().texts(CHANNEL)).containsExactly("once", "last");
    }

    @Test
    default void unsubscribingWithoutASubscriptionDoesNothing() {
        get(broker().unsubscribe(CHANNEL));

        subscribe(CHANNEL);
        publish("1");

        eventually(() -> assertThat(listener().texts(CHANNEL)).containsExactly("1"));
    }

    @Test
    default void everySubscribedNodeIsTold() {
        RecordingBrokerListener there = isAlone() ? listener() : anotherListener();
        get(another().subscribe(CHANNEL));
        subscribe(CHANNEL);

        PublishResult here = publish("from here");
        PublishResult fromThere = get(another().publish(CHANNEL, publication("from there"), KEPT));
        eventually(() -> assertThat(listener().deliveries(CHANNEL)).hasSize(2));
        eventually(() -> assertThat(there.deliveries(CHANNEL)).hasSize(2));
        get(another().publish(CHANNEL, publication("passing"), AppendOptions.NONE));

        List<String> expected = List.of("from here", "from there", "passing");
        eventually(() -> assertThat(listener().texts(CHANNEL)).isEqualTo(expected));
        eventually(() -> assertThat(there.texts(CHANNEL)).isEqualTo(expected));
        assertThat(there.deliveries(CHANNEL))
                .extracting(Delivery::position)
                .containsExactly(here.position(), fromThere.position(), StreamPosition.NONE);
        assertThat(get(another().history(CHANNEL, ALL, HISTORY))).isEqualTo(read(ALL));
    }

    @Test
    default void listenerSeesThePublicationAsItWasPublished() {
        subscribe(CHANNEL);
        List<Publication> publications = List.of(
                publication("{ \"big\" : 12345678901234567890, \"e\":\"\\u00e9\" }"),
                new Publication(binary(), null, 0, Map.of()),
                publication("\"may be sent as a difference\"").withDelta(Publication.Delta.ALLOWED),
                new Publication(binary(), info("u", "c", null, null), 0, Map.of("k", "v"))
                        .withDelta(Publication.Delta.ALLOWED),
                new Publication(Payload.empty(), null, 0, Map.of("empty", "")).withVersion(-1),
                publication("1").withExclusion(Exclusion.NONE.andClient("c").andUser("пользователь")),
                new Publication(
                        Payload.ofCheckedJson("{\n}".getBytes(StandardCharsets.UTF_8), true),
                        info("", "c", null, null),
                        0,
                        Map.of()),
                new Publication(
                        text("\"Grüße, 日本 😀\""),
                        info("пользователь", "client", text("{\"name\":\"é\"}"), binary()),
                        0,
                        Map.of("", "v", "ключ 😀", "a\u0000b\r\n", "{}", ":")));

        for (int i = 0; i < publications.size(); i++) {
            int before = 2 * i;
            get(broker().publish(CHANNEL, publications.get(i), KEPT));
            eventually(() -> assertThat(listener().deliveries(CHANNEL)).hasSize(before + 1));
            get(broker().publish(CHANNEL, publications.get(i), AppendOptions.NONE));
            eventually(() -> assertThat(listener().deliveries(CHANNEL)).hasSize(before + 2));
        }

        for (int i = 0; i < publications.size(); i++) {
            Publication published = publications.get(i);
            Publication kept = listener().deliveries(CHANNEL).get(2 * i).publication();
            Publication passing = listener().deliveries(CHANNEL).get(2 * i + 1).publication();
            assertThat(kept).isEqualTo(published.at(i + 1));
            assertThat(passing).isEqualTo(published);
            assertThat(kept.data().isJson()).isEqualTo(published.data().isJson());
            assertThat(passing.data().hasLineBreaks())
                    .isEqualTo(published.data().hasLineBreaks());
        }
    }

    @Test
    default void positionToldIsThatOfThePublishResult() {
        subscribe(CHANNEL);

        PublishResult result = publish("1");

        eventually(() -> assertThat(listener().deliveries(CHANNEL)).hasSize(1));
        Delivery delivery = listener().deliveries(CHANNEL).get(0);
        assertThat(delivery.position()).isEqualTo(result.position());
        assertThat(delivery.publication().offset()).isEqualTo(result.position().offset());
    }

    @Test
    default void joinAndLeaveReachSubscribedNodes() {
        ClientInfo info = info("42", "client", text("{\"name\":\"é\"}"), binary());
        ClientInfo anonymous = info("", "other", null, null);
        get(broker().publishJoin(CHANNEL, anonymous));
        pass(MOMENT);
        subscribe(CHANNEL);

        get(another().publishJoin(CHANNEL, info));
        get(another().publishJoin(CHANNEL, anonymous));
        get(another().publishLeave(CHANNEL, info));

        eventually(() -> assertThat(listener().joins(CHANNEL)).containsExactly(info, anonymous));
        eventually(() -> assertThat(listener().leaves(CHANNEL)).containsExactly(info));
        assertThat(read(ALL).position().offset()).isZero();
    }

    @Test
    default void failingListenerHarmsNeitherThePublishNorWhatFollows() {
        subscribe(CHANNEL);
        listener().failFromNowOn();

        StreamPosition first = publish("1").position();
        StreamPosition second = publish("2").position();

        assertThat(first.offset()).isEqualTo(1);
        assertThat(second.offset()).isEqualTo(2);
        eventually(() -> assertThat(listener().texts(CHANNEL)).containsExactly("1", "2"));
    }

    // ---- Names

    @Test
    default void channelsOfAnyNameAreKeptApart() {
        List<String> names = AnyChannelNames.ALL;
        names.forEach(this::subscribe);

        for (int i = 0; i < names.size(); i++) {
            AppendOptions once = KEPT.withIdempotencyKey("key");
            assertThat(get(broker().publish(names.get(i), publication("" + i), once))
                            .position()
                            .offset())
                    .as(names.get(i))
                    .isEqualTo(1);
        }

        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            String own = "" + i;
            eventually(() -> assertThat(listener().texts(name)).as(name).containsExactly(own));
            assertThat(texts(get(broker().history(name, ALL, HISTORY))))
                    .as(name)
                    .containsExactly(own);
        }
        get(broker().removeHistory(names.get(0)));
        for (String name : names.subList(1, names.size())) {
            assertThat(get(broker().history(name, ALL, HISTORY)).publications())
                    .as(name)
                    .hasSize(1);
        }
    }
}
