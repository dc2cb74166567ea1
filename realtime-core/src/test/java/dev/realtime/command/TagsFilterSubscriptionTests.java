package dev.realtime.command;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static dev.realtime.node.SubscribedReply.notRecovered;
import static dev.realtime.node.SubscribedReply.recovered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.PublishOptions;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.channel.RecoveryMode;
import dev.realtime.api.client.ProtocolType;
import dev.realtime.api.data.Payload;
import dev.realtime.node.Pushes;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.protocol.ClientCodec;
import dev.realtime.protocol.Command;
import dev.realtime.protocol.FilterNode;
import dev.realtime.protocol.Push;
import dev.realtime.protocol.Request;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.spi.transport.WireForm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Subscriptions with a filter of the client: what they get, and that their position is that of the stream. */
@ExtendWith(BufferLeaks.class)
class TagsFilterSubscriptionTests {

    private static final HistoryOptions HISTORY = keeping(100, Duration.ofHours(1));

    private static final String ODD = "{'key':'kind','cmp':'eq','val':'odd'}";

    private static final String EVEN = "{'key':'kind','cmp':'eq','val':'even'}";

    private final ClientCodec protobuf = ClientCodec.of(ProtocolType.PROTOBUF);

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .client(options -> options.recoveryMaxPublicationLimit(10).pongTimeout(Duration.ofHours(1)))
            .namespace(
                    "news",
                    options -> options.subscribeAccess(ANYONE)
                            .history(HISTORY)
                            .forceRecovery(true)
                            .allowTagsFilter(true))
            .namespace(
                    "state",
                    options -> options.subscribeAccess(ANYONE)
                            .history(HISTORY)
                            .forceRecovery(true)
                            .recoveryMode(RecoveryMode.CACHE)
                            .allowTagsFilter(true))
            .namespace("plain", options -> options.subscribeAccess(ANYONE).allowTagsFilter(true))
            .namespace("closed", options -> options.subscribeAccess(ANYONE))
            .start();

    /** Publishes numbers, each with a tag that says whether it is odd, before any of them is delivered. */
    private void publish(String channel, int from, int to) {
        for (int i = from; i <= to; i++) {
            Map<String, String> tags = new LinkedHashMap<>();
            tags.put("kind", i % 2 == 0 ? "even" : "odd");
            tags.put("n", String.valueOf(i));
            server.node()
                    .publisher()
                    .publish(channel, Payload.ofText(String.valueOf(i)), PublishOptions.DEFAULTS.withTags(tags))
                    .subscribe();
        }
    }

    private static String publication(int number) {
        String kind = number % 2 == 0 ? "even" : "odd";
        return "{'data':" + number + ",'offset':" + number + ",'tags':{'kind':'" + kind + "','n':'" + number + "'}}";
    }

    private static String push(String channel, int number) {
        return Pushes.push(channel, "pub", publication(number));
    }

    private ScriptedClient subscribed(String channel, String filter) {
        ScriptedClient client = server.client().connected();
        client.subscribe(channel).with("tf", filter).reply();
        return client;
    }

    private ScriptedClient protobufSubscribed(String channel, String key, String value) {
        ScriptedClient client = server.client(WireForm.PROTOBUF_WEBSOCKET, null);
        FilterNode filter = new FilterNode("", key, "eq", value, List.of(), List.of());
        client.send(protobuf.encode(
                new Command(1, new Request.Connect("", null, Map.of(), "", "", Map.of())),
                new Command(
                        2, Request.Subscribe.builder(channel).tagsFilter(filter).build())));
        client.takeBytes();
        return client;
    }

    private List<Long> offsets(ScriptedClient client) {
        return client.takeBytes().stream()
                .flatMap(message -> protobuf.decode(message).stream())
                .map(push -> ((Push.Pub) push).publication().offset())
                .toList();
    }

    private static List<Integer> numbers(List<String> pushes) {
        return pushes.stream()
                .map(push -> Integer.valueOf(push.replaceAll(".*'data':'?(\\d+).*", "$1")))
                .toList();
    }

    @Test
    void subscriberGetsWhatMatches() {
        ScriptedClient client = subscribed("news:a", ODD);

        publish("news:a", 1, 1);
        server.run();
        publish("news:a", 2, 2);
        server.run();
        publish("news:a", 3, 7);
        server.run();

        assertThat(client.heard())
                .containsExactly(push("news:a", 1), push("news:a", 3), push("news:a", 5), push("news:a", 7));
        assertThat(server.node().statistics().namespace("news").delivered()).isEqualTo(4);
        assertThat(server.node().statistics().namespace("news").filtered()).isEqualTo(3);
    }

    @Test
    void filterWorksWithoutHistory() {
        ScriptedClient client = subscribed("plain:a", EVEN);

        publish("plain:a", 1, 4);
        server.run();

        assertThat(numbers(client.heard())).containsExactly(2, 4);
    }

    @Test
    void dataThatAFilterDropsDoesNotEndAConnectionThatCannotCarryIt() {
        ScriptedClient client = subscribed("plain:a", ODD);

        server.await(server.node()
                .publisher()
                .publish(
                        "plain:a",
                        Payload.of(new byte[] {1}),
                        PublishOptions.DEFAULTS.withTags(Map.of("kind", "even"))));
        publish("plain:a", 1, 1);
        server.run();

        assertThat(client.closedWith()).isNull();
        assertThat(numbers(client.heard())).containsExactly(1);
    }

    /** Subscribers with different filters, encodings and none in one channel, while publications come in runs. */
    @Test
    void mixedSubscribersGetTheirPublicationsInOrder() {
        List<String> filters = List.of(ODD, EVEN, "{'key':'n','cmp':'gt','val':'50'}");
        List<ScriptedClient> clients = new ArrayList<>();
        for (String filter : filters) {
            clients.add(subscribed("news:a", filter));
            clients.add(subscribed("news:a", filter));
        }
        ScriptedClient all = server.client().connected().subscribed("news:a");
        ScriptedClient binary = protobufSubscribed("news:a", "kind", "odd");
        Random random = new Random(7);
        for (int i = 1; i <= 100; i++) {
            publish("news:a", i, i);
            if (random.nextInt(4) == 0) {
                server.run();
            }
        }
        server.run();

        List<Integer> everything = IntStream.rangeClosed(1, 100).boxed().toList();
        List<Integer> odd = everything.stream().filter(n -> n % 2 == 1).toList();
        List<Integer> even = everything.stream().filter(n -> n % 2 == 0).toList();
        assertThat(numbers(clients.get(0).heard())).isEqualTo(odd);
        assertThat(numbers(clients.get(1).heard())).isEqualTo(odd);
        assertThat(numbers(clients.get(2).heard())).isEqualTo(even);
        assertThat(numbers(clients.get(3).heard())).isEqualTo(even);
        assertThat(numbers(clients.get(4).heard())).isEqualTo(everything.subList(50, 100));
        assertThat(numbers(clients.get(5).heard())).isEqualTo(everything.subList(50, 100));
        assertThat(numbers(all.heard())).isEqualTo(everything);
        assertThat(offsets(binary))
                .isEqualTo(odd.stream().map(Integer::longValue).toList());
    }

    @Test
    void filteredPublicationsAreNoGap() {
        ScriptedClient client = subscribed("news:a", ODD);

        publish("news:a", 1, 2);
        server.run();
        publish("news:a", 3, 4);
        server.run();
        server.passSeconds(120);

        assertThat(client.heard().stream().filter(message -> !message.equals("{}")))
                .containsExactly(push("news:a", 1), push("news:a", 3));
        assertThat(server.node().statistics().namespace("news").insufficientState())
                .isZero();
    }

    @Test
    void lossIsFoundBehindFilteredPublications() {
        ScriptedClient client = subscribed("news:a", ODD);
        publish("news:a", 1, 2);
        server.run();
        server.engine().losePublications(true);
        publish("news:a", 3, 3);
        server.engine().losePublications(false);

        publish("news:a", 4, 4);
        server.run();

        assertThat(client.heard())
                .containsExactly(push("news:a", 1), Pushes.unsubscribe("news:a", 2500, "insufficient state"));
    }

    @Test
    void whatArrivesWhileTheSubscriptionOpensIsFilteredToo() {
        ScriptedClient client = server.client().connected();
        server.engine().holdResults(Call.HISTORY);
        client.subscribe("news:a").with("tf", ODD).since(0, "e1").send();

        publish("news:a", 1, 4);
        server.run();
        server.engine().release(Call.HISTORY);
        publish("news:a", 5, 6);
        server.run();

        assertThat(client.reply().publications()).isEmpty();
        assertThat(client.heard()).containsExactly(push("news:a", 1), push("news:a", 3), push("news:a", 5));
    }

    @Test
    void recoveredPublicationsAreFiltered() {
        publish("news:a", 1, 5);
        ScriptedClient client = server.client().connected();

        assertThat(client.subscribe("news:a").with("tf", EVEN).since(0, "e1").reply())
                .isEqualTo(recovered(0, "e1", publication(2), publication(4)));

        publish("news:a", 6, 6);
        server.run();
        assertThat(client.heard()).containsExactly(push("news:a", 6));
    }

    @Test
    void clientThatMissedNothingOfItsOwnIsAtTheTop() {
        publish("news:a", 1, 5);

        assertThat(server.client()
                        .connected()
                        .subscribe("news:a")
                        .with("tf", "{'key':'n','cmp':'gt','val':'100'}")
                        .since(2, "e1")
                        .reply())
                .isEqualTo(recovered(5, "e1"));
    }

    @Test
    void filterDoesNotHideThatTooMuchWasMissed() {
        publish("news:a", 1, 15);

        assertThat(server.client()
                        .connected()
                        .subscribe("news:a")
                        .with("tf", ODD)
                        .since(1, "e1")
                        .reply())
                .isEqualTo(notRecovered(15, "e1"));
    }

    @Test
    void cacheGivesTheNewestThatMatches() {
        publish("state:a", 1, 6);
        ScriptedClient client = server.client().connected();

        assertThat(client.subscribe("state:a").with("tf", ODD).since(0, "").reply())
                .isEqualTo(recovered(0, "e1", publication(5)));
        client.unsubscribed("state:a");
        assertThat(client.subscribe("state:a").with("tf", ODD).since(5, "e1").reply())
                .isEqualTo(recovered(6, "e1"));
        client.unsubscribed("state:a");
        assertThat(client.subscribe("state:a")
                        .with("tf", "{'key':'kind','cmp':'nex'}")
                        .since(0, "e1")
                        .reply())
                .isEqualTo(notRecovered(6, "e1"));
    }

    @Test
    void malformedOrTooExpensiveFilterIsABadRequest() {
        String leaf = "{'key':'a','cmp':'eq','val':'b'}";
        for (String filter : List.of(
                "{}",
                "{'op':'and'}",
                "{'op':'xor','nodes':[" + leaf + "]}",
                "{'op':'not','nodes':[" + leaf + "," + leaf + "]}",
                "{'key':'a','cmp':'like','val':'b'}",
                "{'key':'a','cmp':'in','val':'b'}",
                "{'key':'a','cmp':'eq','vals':['b']}",
                "{'cmp':'eq','val':'b'}",
                "{'op':'not','nodes':[".repeat(16) + leaf + "]}".repeat(16),
                "{'op':'or','nodes':[" + (leaf + ",").repeat(127) + leaf + "]}",
                "{'key':'a','cmp':'in','vals':[" + "'b',".repeat(1_000) + "'b']}")) {
            ScriptedClient client = server.client().connected();

            assertThat(client.subscribe("news:a").with("tf", filter).error().code())
                    .as(filter)
                    .isEqualTo(107);
        }
        assertThat(server.node().describe().subscriptions()).isZero();
    }

    @Test
    void filterAtTheBoundsIsAdmitted() {
        String leaf = "{'key':'a','cmp':'eq','val':'b'}";
        for (String filter : List.of(
                "{'op':'not','nodes':[".repeat(15) + leaf + "]}".repeat(15),
                "{'op':'or','nodes':[" + (leaf + ",").repeat(126) + leaf + "]}",
                "{'key':'a','cmp':'in','vals':[" + "'b',".repeat(999) + "'b']}")) {
            subscribed("news:a", filter);
        }
    }

    @Test
    void filterIsABadRequestWhereTheNamespaceDoesNotAllowIt() {
        assertThat(server.client()
                        .connected()
                        .subscribe("closed:a")
                        .with("tf", ODD)
                        .error()
                        .code())
                .isEqualTo(107);
    }
}
