package dev.realtime.webflux;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.api.PublishOptions;
import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.channel.DeliveryOptions;
import dev.realtime.api.channel.SlowClientPolicy;
import dev.realtime.api.data.Payload;
import dev.realtime.channel.ChannelNameRules;
import dev.realtime.channel.Namespaces;
import dev.realtime.connection.ClientOptions;
import dev.realtime.engine.memory.MemoryEngine;
import dev.realtime.node.NodeOptions;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.transport.RawWebSocketClient;
import dev.realtime.web.WebSocketOptions;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A client on a real socket that stops reading, in a channel that keeps the newest of each key for it. */
class SlowSocketTests {

    private static final Pattern DATA = Pattern.compile("\"data\":\"(\\d+) ");

    private static final int SMALL_BUFFER = 8_192;

    private static final int PUBLICATIONS = 4_000;

    private static final String PADDING = "x".repeat(1_000);

    /** The client reads nothing while everything is published, however long that takes. */
    private static final WebSocketOptions PATIENT = WebSocketOptions.DEFAULTS.withWriteTimeout(Duration.ZERO);

    @Test
    void newestOfEachKeyArrivesWhenTheClientReadsAgain() throws Exception {
        Scheduler scheduler = Schedulers.newSingle("engine", true);
        RealtimeNode node = RealtimeNode.builder(
                        new NodeOptions("slow-socket", "test", Duration.ofSeconds(1), Duration.ofSeconds(2)),
                        new Namespaces(ChannelNameRules.DEFAULTS, options(), Map.of(), null),
                        new MemoryEngine(Duration.ofMinutes(1), scheduler),
                        value -> Payload.ofText("\"" + value + "\""))
                .clientOptions(ClientOptions.builder()
                        .allowAnonymousConnectWithoutToken(true)
                        .pingInterval(Duration.ZERO)
                        .build())
                .build();
        node.start().block();
        RealtimeWebSocketHandler handler = new RealtimeWebSocketHandler(node::accept, PATIENT);
        WebServer server = WebServer.reactorNetty(
                Endpoint.of(handler, PATIENT, node::admits),
                http -> http.childOption(ChannelOption.SO_SNDBUF, SMALL_BUFFER));
        try (RawWebSocketClient client = RawWebSocketClient.connect(
                RawWebSocketClient.socket(server.port(), SMALL_BUFFER), RealtimeWebSocketMapping.DEFAULT_PATH)) {
            client.sendText("{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"prices\"}}");
            assertThat(client.read().text()).contains("\"connect\"");
            assertThat(client.read().text()).contains("\"subscribe\"");

            // Four times as much as its queue may hold.
            for (int i = 1; i <= PUBLICATIONS; i++) {
                node.publisher()
                        .publish(
                                "prices",
                                i + " " + PADDING,
                                PublishOptions.DEFAULTS.withTags(Map.of("key", String.valueOf(i % 5))))
                        .block();
            }
            await().untilAsserted(() ->
                    assertThat(node.statistics().namespace("").conflated()).isPositive());

            List<Integer> received = new ArrayList<>();
            while (received.isEmpty() || received.get(received.size() - 1) < PUBLICATIONS) {
                Matcher data = DATA.matcher(client.readMessage().text());
                if (data.find()) {
                    received.add(Integer.valueOf(data.group(1)));
                }
            }
            assertThat(received).isSorted().doesNotHaveDuplicates().hasSizeLessThan(PUBLICATIONS);
            assertThat(received.subList(received.size() - 5, received.size()))
                    .containsExactly(
                            PUBLICATIONS - 4, PUBLICATIONS - 3, PUBLICATIONS - 2, PUBLICATIONS - 1, PUBLICATIONS);
        } finally {
            server.close();
            handler.close();
            node.stop().block();
            scheduler.dispose();
        }
    }

    private static ChannelOptions options() {
        return ChannelOptions.builder()
                .subscribeAccess(ANYONE)
                .delivery(DeliveryOptions.DEFAULTS
                        .withOnSlow(SlowClientPolicy.CONFLATE)
                        .withConflateKey("key"))
                .build();
    }
}
