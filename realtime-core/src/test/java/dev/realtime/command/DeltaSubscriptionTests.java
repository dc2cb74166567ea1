package dev.realtime.command;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.PublishOptions;
import dev.realtime.api.channel.Channel;
import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.channel.DeltaType;
import dev.realtime.api.channel.RecoveryMode;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ProtocolType;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.api.data.TagsFilter;
import dev.realtime.node.Pushes;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.protocol.ClientCodec;
import dev.realtime.protocol.Command;
import dev.realtime.protocol.Request;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.spi.transport.WireForm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** Subscriptions whose publications are sent as differences: what is whole, what is a patch, and of what. */
@ExtendWith(BufferLeaks.class)
class DeltaSubscriptionTests {

    private final ChannelAuthorizer filtering = new ChannelAuthorizer() {
        @Override
        public Mono<SubscriptionGrant> authorizeSubscribe(
                ClientIdentity client, Channel channel, @Nullable Payload data) {
            boolean guarded = channel.namespace().equals("guarded");
            return guarded ? Mono.just(SubscriptionGrant.PLAIN.withFilter(TagsFilter.eq("kind", "odd"))) : Mono.empty();
        }
    };

    private final ClientCodec protobuf = ClientCodec.of(ProtocolType.PROTOBUF);

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .client(options -> options.recoveryMaxPublicationLimit(10).pongTimeout(Duration.ofHours(1)))
            .namespace("news", options -> stream(options).deltaPublish(true).allowTagsFilter(true))
            .namespace("asked", DeltaSubscriptionTests::stream)
            .namespace("state", options -> stream(options).deltaPublish(true).recoveryMode(RecoveryMode.CACHE))
            .namespace(
                    "plain",
                    options -> options.subscribeAccess(ANYONE)
                            .allowedDeltaTypes(Set.of(DeltaType.FOSSIL))
                            .deltaPublish(true))
            .namespace(
                    "guarded",
                    options -> options.history(keeping(100))
                            .forceRecovery(true)
                            .allowedDeltaTypes(Set.of(DeltaType.FOSSIL))
                            .deltaPublish(true))
            .namespace("closed", options -> options.subscribeAccess(ANYONE).deltaPublish(true))
            .authorizer(filtering)
            .start();

    private static ChannelOptions.Builder stream(ChannelOptions.Builder options) {
        return options.subscribeAccess(ANYONE)
                .history(keeping(100, Duration.ofHours(1)))
                .forceRecovery(true)
                .allowedDeltaTypes(Set.of(DeltaType.FOSSIL));
    }

    /** A document of which little depends on the number. */
    private static String document(int number) {
        return "{\"symbol\":\"ACME\",\"name\":\"Grüße 🌍\",\"price\":" + number
                + ",\"currency\":\"EUR\",\"open\":true}";
    }

    private static List<String> documents(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(DeltaSubscriptionTests::document)
                .toList();
    }

    private void publish(String channel, PublishOptions options, String data) {
        server.node()
                .publisher()
                .publish(channel, Payload.ofText(data), options)
                .subscribe();
    }

    /** Publishes documents before any of them is delivered. */
    private void publish(String channel, int from, int to) {
        documents(from, to).forEach(document -> publish(channel, PublishOptions.DEFAULTS, document));
    }

    private ScriptedClient subscribed(String channel) {
        ScriptedClient client = server.client().connected();
        assertThat(client.subscribe(channel).with("delta", "'fossil'").send().heard())
                .singleElement()
                .asString()
                .contains("'delta':true");
        return client;
    }

    private ScriptedClient protobufSubscribed(String channel) {
        ScriptedClient client = server.client(WireForm.PROTOBUF_WEBSOCKET, null);
        client.send(protobuf.encode(
                new Command(1, new Request.Connect("", null, Map.of(), "", "", Map.of())),
                new Command(
                        2, Request.Subscribe.builder(channel).delta("fossil").build())));
        client.takeBytes();
        return client;
    }

    @Test
    void firstPublicationIsWholeAndTheNextArePatches() {
        ScriptedClient client = subscribed("news:a");
        ScriptedClient binary = protobufSubscribed("news:a");

        for (int i = 1; i <= 3; i++) {
            publish("news:a", i, i);
            server.run();
        }

        DeltaReader json = new DeltaReader().read(client);
        assertThat(json.values()).isEqualTo(documents(1, 3));
        assertThat(json.offsets()).containsExactly(1L, 2L, 3L);
        assertThat(json.patches()).isEqualTo(2);
        DeltaReader bytes = new DeltaReader().read(binary, protobuf);
        assertThat(bytes.values()).isEqualTo(documents(1, 3));
        assertThat(bytes.patches()).isEqualTo(2);
    }

    /** By the description of the format, see FossilDeltaTests: the text of the patch in a string. */
    @Test
    void patchIsTheTextOfAStringInJson() {
        ScriptedClient client = subscribed("news:a");

        publish("news:a", PublishOptions.DEFAULTS, "{\"name\":\"value\",\"count\":1}");
        publish("news:a", PublishOptions.DEFAULTS.withTags(Map.of("k", "v")), "{\"name\":\"value\",\"count\":2}");
        server.run();

        assertThat(client.take())
                .containsExactly(
                        "{\"push\":{\"channel\":\"news:a\",\"pub\":{\"data\":\"{\\\"name\\\":\\\"value\\\","
                                + "\\\"count\\\":1}\",\"offset\":1}}}",
                        "{\"push\":{\"channel\":\"news:a\",\"pub\":{\"data\":\"Q\\nO@0,2:2}13ivNY;\",\"offset\":2,"
                                + "\"tags\":{\"k\":\"v\"},\"delta\":true}}}");
    }

    @Test
    void publicationsOfOneMomentArePatchesOfEachOther() {
        ScriptedClient client = subscribed("news:a");
        ScriptedClient late = server.client().connected();

        publish("news:a", 1, 1);
        server.run();
        late.subscribe("news:a").with("delta", "'fossil'").send();
        publish("news:a", 2, 6);
        server.run();

        assertThat(new DeltaReader().read(client).patches()).isEqualTo(5);
        DeltaReader ofLate = new DeltaReader().read(late);
        assertThat(ofLate.values()).isEqualTo(documents(2, 6));
        assertThat(ofLate.patches()).isEqualTo(4);
    }

    @Test
    void onlyWhatIsPublishedSoIsAPatchUnlessTheNamespaceSaysItOfAll() {
        ScriptedClient client = subscribed("asked:a");
        DeltaReader reader = new DeltaReader();

        publish("asked:a", 1, 2);
        server.run();
        assertThat(reader.read(client).patches()).isZero();

        // Its base is the publication before, which was not published so.
        publish("asked:a", PublishOptions.DEFAULTS.withDelta(), document(3));
        server.run();
        assertThat(reader.read(client).patches()).isEqualTo(1);
        assertThat(reader.values()).isEqualTo(documents(1, 3));
    }

    @Test
    void publicationIsWholeWhereThePatchWouldNotBeShorter() {
        ScriptedClient client = subscribed("news:a");

        publish("news:a", 1, 1);
        publish("news:a", PublishOptions.DEFAULTS, "[1]");
        publish("news:a", PublishOptions.DEFAULTS, "\"something else altogether, of about the same length\"");
        server.run();

        DeltaReader reader = new DeltaReader().read(client);
        assertThat(reader.patches()).isZero();
        assertThat(reader.values()).hasSize(3);
    }

    @Test
    void subscribersWithoutDeltasGetWhatTheyAlwaysGot() {
        ScriptedClient client = server.client().connected().subscribed("news:a");
        subscribed("news:a");

        publish("news:a", PublishOptions.DEFAULTS, "{}");
        publish("news:a", PublishOptions.DEFAULTS, "{}");
        server.run();

        assertThat(client.heard())
                .containsExactly(
                        Pushes.push("news:a", "pub", "{'data':{},'offset':1}"),
                        Pushes.push("news:a", "pub", "{'data':{},'offset':2}"));
    }

    @Test
    void mixedSubscribersGetAllPublicationsInOrder() {
        List<ScriptedClient> withDeltas = new ArrayList<>();
        List<ScriptedClient> binary = new ArrayList<>();
        ScriptedClient plain = server.client().connected().subscribed("news:a");
        Random random = new Random(7);
        int published = 0;
        List<Integer> begins = new ArrayList<>();
        for (int round = 0; round < 30; round++) {
            withDeltas.add(subscribed("news:a"));
            binary.add(protobufSubscribed("news:a"));
            begins.add(published + 1);
            int more = 1 + random.nextInt(4);
            publish("news:a", published + 1, published + more);
            published += more;
            if (random.nextBoolean()) {
                server.run();
            }
        }
        server.run();

        for (int i = 0; i < 30; i++) {
            int first = begins.get(i);
            DeltaReader json = new DeltaReader().read(withDeltas.get(i));
            DeltaReader bytes = new DeltaReader().read(binary.get(i), protobuf);
            for (DeltaReader reader : List.of(json, bytes)) {
                assertThat(reader.values()).isEqualTo(documents(first, published));
                assertThat(reader.offsets()).first().isEqualTo((long) first);
                assertThat(reader.patches()).isEqualTo(published - first);
            }
        }
        assertThat(plain.heard()).hasSize(published);
    }

    @Test
    void recoveredPublicationsArePatchesOfEachOther() {
        publish("news:a", 1, 5);
        ScriptedClient client = server.client().connected();

        client.subscribe("news:a").with("delta", "'fossil'").since(1, "e1").send();
        publish("news:a", 6, 7);
        server.run();

        DeltaReader reader = new DeltaReader().read(client);
        assertThat(reader.values()).isEqualTo(documents(2, 7));
        assertThat(reader.offsets()).containsExactly(2L, 3L, 4L, 5L, 6L, 7L);
        // Whole are the first recovered one, and the first that comes through a node that knew none before.
        assertThat(reader.patches()).isEqualTo(4);
    }

    @Test
    void livePublicationIsAPatchOfTheLastRecoveredOneIfTheNodeKnowsIt() {
        ScriptedClient other = subscribed("news:a");
        publish("news:a", 1, 5);
        server.run();
        ScriptedClient client = server.client().connected();

        client.subscribe("news:a").with("delta", "'fossil'").since(3, "e1").send();
        publish("news:a", 6, 6);
        server.run();

        DeltaReader reader = new DeltaReader().read(client);
        assertThat(reader.values()).isEqualTo(documents(4, 6));
        assertThat(reader.patches()).isEqualTo(2);
        assertThat(new DeltaReader().read(other).patches()).isEqualTo(5);
    }

    /** Whether the client still has what it got before is not known. */
    @Test
    void firstPublicationIsWholeWhereNothingWasMissed() {
        subscribed("news:a");
        publish("news:a", 1, 2);
        server.run();
        ScriptedClient client = server.client().connected();

        client.subscribe("news:a").with("delta", "'fossil'").since(2, "e1").send();
        publish("news:a", 3, 4);
        server.run();

        DeltaReader reader = new DeltaReader().read(client);
        assertThat(reader.values()).isEqualTo(documents(3, 4));
        assertThat(reader.patches()).isEqualTo(1);
    }

    @Test
    void firstPublicationIsWholeWhereRecoveryFailed() {
        subscribed("news:a");
        publish("news:a", 1, 20);
        server.run();
        ScriptedClient client = server.client().connected();

        client.subscribe("news:a").with("delta", "'fossil'").since(2, "e1").send();
        publish("news:a", 21, 22);
        server.run();

        DeltaReader reader = new DeltaReader().read(client);
        assertThat(reader.values()).isEqualTo(documents(21, 22));
        assertThat(reader.patches()).isEqualTo(1);
    }

    @Test
    void cachedPublicationIsWholeAndTheBaseOfTheNext() {
        subscribed("state:a");
        publish("state:a", 1, 4);
        server.run();
        ScriptedClient client = server.client().connected();

        client.subscribe("state:a").with("delta", "'fossil'").since(0, "").send();
        publish("state:a", 5, 5);
        server.run();

        DeltaReader reader = new DeltaReader().read(client);
        assertThat(reader.values()).isEqualTo(documents(4, 5));
        assertThat(reader.patches()).isEqualTo(1);
    }

    @Test
    void whatArrivesWhileTheSubscriptionOpensIsWholeAndTheLastTheBaseOfTheNext() {
        subscribed("news:a");
        ScriptedClient client = server.client().connected();
        server.engine().holdResults(Call.HISTORY);
        client.subscribe("news:a").with("delta", "'fossil'").send();

        publish("news:a", 1, 3);
        server.run();
        server.engine().release(Call.HISTORY);
        publish("news:a", 4, 4);
        server.run();

        DeltaReader reader = new DeltaReader().read(client);
        assertThat(reader.values()).isEqualTo(documents(1, 4));
        assertThat(reader.offsets()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(reader.patches()).isEqualTo(1);
    }

    /** It has no place in the stream, but clients take it for what they have. */
    @Test
    void publicationWithoutHistoryIsTheBaseOfTheNext() {
        ScriptedClient client = subscribed("news:a");

        publish("news:a", 1, 1);
        publish("news:a", PublishOptions.DEFAULTS.withoutHistory(), document(2));
        publish("news:a", 3, 3);
        server.run();

        DeltaReader reader = new DeltaReader().read(client);
        assertThat(reader.values()).isEqualTo(documents(1, 3));
        assertThat(reader.offsets()).containsExactly(1L, 0L, 2L);
        assertThat(reader.patches()).isEqualTo(2);
    }

    @Test
    void channelWithoutHistoryHasDeltasToo() {
        ScriptedClient client = subscribed("plain:a");

        publish("plain:a", 1, 3);
        server.run();
        server.engine().losePublications(true);
        publish("plain:a", 4, 4);
        server.engine().losePublications(false);
        publish("plain:a", 5, 5);
        server.run();

        DeltaReader reader = new DeltaReader().read(client);
        assertThat(reader.values()).containsExactly(document(1), document(2), document(3), document(5));
        assertThat(reader.patches()).isEqualTo(3);
    }

    @Test
    void streamThatContinuesInAnotherEpochStartsWithAWholePublication() {
        ScriptedClient client = subscribed("news:a");
        publish("news:a", 1, 2);
        server.run();
        server.engine().continueEpoch("news:a", new StreamPosition(2, "e1"), "e2");
        server.engine()
                .deliver(
                        "news:a",
                        Publication.of(Payload.ofText(document(3))).at(3).withDelta(Publication.Delta.ALLOWED),
                        new StreamPosition(3, "e2"));
        server.engine()
                .deliver(
                        "news:a",
                        Publication.of(Payload.ofText(document(4))).at(4).withDelta(Publication.Delta.ALLOWED),
                        new StreamPosition(4, "e2"));
        server.run();

        DeltaReader reader = new DeltaReader().read(client);
        assertThat(reader.values()).isEqualTo(documents(1, 4));
        assertThat(reader.patches()).isEqualTo(2);
    }

    @Test
    void lostPublicationEndsTheSubscriptionAndTheNextBeginsWhole() {
        ScriptedClient client = subscribed("news:a");
        publish("news:a", 1, 2);
        server.run();
        server.engine().losePublications(true);
        publish("news:a", 3, 3);
        server.engine().losePublications(false);
        publish("news:a", 4, 4);
        server.run();

        List<String> heard = client.heard();
        assertThat(heard.get(heard.size() - 1)).isEqualTo(Pushes.unsubscribe("news:a", 2500, "insufficient state"));
        client.subscribe("news:a").with("delta", "'fossil'").since(2, "e1").send();
        publish("news:a", 5, 5);
        server.run();
        DeltaReader reader = new DeltaReader().read(client);
        assertThat(reader.values()).isEqualTo(documents(3, 5));
    }

    @Test
    void subscriberThatWasLeftOutGetsTheNextWhole() {
        ScriptedClient client = subscribed("news:a");
        ScriptedClient other = subscribed("news:a");

        publish("news:a", 1, 1);
        publish("news:a", PublishOptions.DEFAULTS.exceptClient(client.id()), document(2));
        publish("news:a", 3, 4);
        server.run();

        DeltaReader reader = new DeltaReader().read(client);
        assertThat(reader.values()).containsExactly(document(1), document(3), document(4));
        assertThat(reader.patches()).isEqualTo(1);
        assertThat(new DeltaReader().read(other).patches()).isEqualTo(3);
    }

    /** Its position is that of the base, but it does not have it. */
    @Test
    void subscriberThatRecoversWithoutTheLatestGetsTheNextWhole() {
        subscribed("news:a");
        publish("news:a", 1, 2);
        ScriptedClient client = server.client().connected();
        publish("news:a", PublishOptions.DEFAULTS.exceptClient(client.id()), document(3));
        server.run();

        client.subscribe("news:a").with("delta", "'fossil'").since(0, "e1").send();
        publish("news:a", 4, 4);
        server.run();

        DeltaReader reader = new DeltaReader().read(client);
        assertThat(reader.values()).containsExactly(document(1), document(2), document(4));
        assertThat(reader.patches()).isEqualTo(1);
    }

    @Test
    void emptyDataIsTextThatClientsCanRead() {
        ScriptedClient client = subscribed("news:a");

        server.engine().deliver("news:a", Publication.of(Payload.empty()).at(1), new StreamPosition(1, "e1"));
        server.run();

        assertThat(client.heard()).containsExactly(Pushes.push("news:a", "pub", "{'data':'null','offset':1}"));
    }

    @Test
    void dataThatIsNotJsonEndsAConnectionThatCannotCarryIt() {
        ScriptedClient client = subscribed("news:a");
        ScriptedClient binary = protobufSubscribed("news:a");
        byte[] data = new byte[100];

        server.await(server.node().publisher().publish("news:a", Payload.of(data), PublishOptions.DEFAULTS));
        server.await(server.node().publisher().publish("news:a", Payload.of(data), PublishOptions.DEFAULTS));

        assertThat(client.closedWith()).isNotNull();
        assertThat(client.closedWith().code()).isEqualTo(3506);
        assertThat(new DeltaReader().read(binary, protobuf).patches()).isEqualTo(1);
    }

    @Test
    void filterOfTheClientIsABadRequestTogetherWithDeltas() {
        ScriptedClient client = server.client().connected();

        assertThat(client.subscribe("news:a")
                        .with("delta", "'fossil'")
                        .with("tf", "{'key':'a','cmp':'ex'}")
                        .error()
                        .code())
                .isEqualTo(107);
    }

    /** What it drops would be missing in the chain of differences. */
    @Test
    void permissionWithAFilterHasNoDeltas() {
        ScriptedClient client = server.client().connected();

        assertThat(client.subscribe("guarded:a")
                        .with("delta", "'fossil'")
                        .send()
                        .heard())
                .singleElement()
                .asString()
                .doesNotContain("delta");
    }

    @Test
    void subscriberWhoseNamespaceAllowsNoDeltasGetsWholePublications() {
        ScriptedClient client = server.client().connected();

        assertThat(client.subscribe("closed:a").with("delta", "'fossil'").send().heard())
                .containsExactly("{'id':2,'subscribe':{}}");
        publish("closed:a", PublishOptions.DEFAULTS.withDelta(), "{}");
        server.run();

        assertThat(client.heard()).containsExactly(Pushes.push("closed:a", "pub", "{'data':{}}"));
    }

    @Test
    void serverSideSubscriptionHasDeltasWhereTheConnectRequestAsksForThem() {
        ScriptedClient client = server.client();
        client.tell("{'id':1,'connect':{'subs':{'news:a':{'delta':'fossil'}}}}");

        assertThat(client.heard())
                .singleElement()
                .asString()
                .contains("'news:a':{")
                .contains("'delta':true");
    }
}
