package dev.realtime.node;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.PublishOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is published reaches subscribers, from clients and from the application. */
class PublicationTests {

    private final ScriptedServer server = ScriptedServer.setup()
            .namespace("chat", options -> options.subscribeAccess(ANYONE).publishAccess(ANYONE))
            .namespace(
                    "news",
                    options ->
                            options.subscribeAccess(ANYONE).history(keeping(10)).forceRecovery(true))
            .start();

    @Test
    void publicationOfAClientReachesEverySubscriberWithItsInfo() {
        ScriptedClient alice = server.client().connected().subscribed("chat:room");
        ScriptedClient bob = server.client().connected().subscribed("chat:room");

        alice.send("{\"id\":3,\"publish\":{\"channel\":\"chat:room\",\"data\":{\"n\": 1.50}}}");

        assertThat(bob.take())
                .singleElement()
                .asString()
                .startsWith("{\"push\":{\"channel\":\"chat:room\",\"pub\":{\"data\":{\"n\":"
                        + " 1.50},\"info\":{\"user\":\"\",");
        assertThat(alice.take()).hasSize(2).contains("{\"id\":3,\"publish\":{}}");
    }

    @Test
    void publicationOfTheApplicationCarriesItsOffset() {
        ScriptedClient client = server.client().connected().subscribed("news:today");

        server.node().publisher().publish("news:today", "hello").block();

        assertThat(client.take())
                .containsExactly("{\"push\":{\"channel\":\"news:today\",\"pub\":{\"data\":\"hello\",\"offset\":1}}}");
    }

    @Test
    void versionOfThePublisherReachesSubscribersLiveAndInHistory() {
        ScriptedClient client = server.client().connected().subscribed("news:today");

        server.node()
                .publisher()
                .publish("news:today", 1, PublishOptions.DEFAULTS.withVersion(7, "orders"))
                .block();

        String publication = "{'data':'1','offset':1,'version':7}";
        assertThat(client.heard()).containsExactly("{'push':{'channel':'news:today','pub':" + publication + "}}");
        assertThat(server.client()
                        .connected()
                        .ask("{'id':2,'subscribe':{'channel':'news:today','recover':true,'epoch':'e1'}}"))
                .singleElement()
                .asString()
                .contains("'publications':[" + publication + "]");
    }

    @Test
    void everythingOfOneTurnLeavesInOneFlush() {
        ScriptedClient client = server.client().connected().subscribed("news:today");
        int before = client.transport().flushes();

        for (int i = 0; i < 100; i++) {
            server.node().publisher().publish("news:today", i).block();
        }

        assertThat(client.take()).hasSize(100);
        assertThat(client.transport().flushes() - before).isEqualTo(1);
    }

    @Test
    void burstIsDeliveredToEachSubscriberFromWhereItStands() {
        ScriptedClient early = server.client().connected().subscribed("news:today");
        ScriptedClient late = server.client().connected();
        server.node().publisher().publish("news:today", 1).block();
        server.node().publisher().publish("news:today", 2).block();

        late.send("{\"id\":2,\"subscribe\":{\"channel\":\"news:today\"}}");
        server.node().publisher().publish("news:today", 3).block();

        assertThat(early.take()).hasSize(3).map(PublicationTests::offset).containsExactly(1, 2, 3);
        assertThat(late.take())
                .hasSize(2)
                .last()
                .extracting(PublicationTests::offset)
                .isEqualTo(3);
    }

    @Test
    void burstOfLargeAndSmallPublicationsKeepsItsOrder() {
        ScriptedClient client = server.client().connected().subscribed("news:today");

        for (int i = 1; i <= 40; i++) {
            String data = "x".repeat(i % 4 == 0 ? 6_000 : i % 4 == 1 ? 3_000 : 10);
            server.node().publisher().publish("news:today", data).block();
        }

        List<String> received = client.take();
        assertThat(received).hasSize(40);
        for (int i = 1; i <= 40; i++) {
            assertThat(offset(received.get(i - 1))).isEqualTo(i);
        }
    }

    private static int offset(String push) {
        return Integer.parseInt(push.replaceAll(".*\"offset\":(\\d+).*", "$1"));
    }
}
