package dev.realtime.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.channel.Access;
import dev.realtime.channel.HistoryOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is published reaches subscribers, from clients and from the application. */
class PublicationTests {

    private static final Access ANYONE = new Access(true, false, true);

    private final ScriptedServer server = ScriptedServer.setup()
            .namespace("chat", options -> options.subscribeAccess(ANYONE).publishAccess(ANYONE))
            .namespace(
                    "news",
                    options -> options.subscribeAccess(ANYONE)
                            .history(new HistoryOptions(10, Duration.ofMinutes(1), HistoryOptions.DEFAULT_META_TTL))
                            .forceRecovery(true))
            .start();

    @Test
    void publicationOfAClientReachesEverySubscriberWithItsInfo() {
        ScriptedClient alice = server.client().connect().subscribe("chat:room");
        ScriptedClient bob = server.client().connect().subscribe("chat:room");

        alice.send("{\"id\":3,\"publish\":{\"channel\":\"chat:room\",\"data\":{\"n\": 1.50}}}");

        assertThat(bob.take())
                .singleElement()
                .asString()
                .startsWith(
                        "{\"push\":{\"channel\":\"chat:room\",\"pub\":{\"data\":{\"n\": 1.50},\"info\":{\"user\":\"\",");
        assertThat(alice.take()).hasSize(2).contains("{\"id\":3,\"publish\":{}}");
    }

    @Test
    void publicationOfTheApplicationCarriesItsOffset() {
        ScriptedClient client = server.client().connect().subscribe("news:today");

        server.node().publisher().publish("news:today", "hello").block();

        assertThat(client.take())
                .containsExactly("{\"push\":{\"channel\":\"news:today\",\"pub\":{\"data\":\"hello\",\"offset\":1}}}");
    }

    @Test
    void everythingOfOneTurnLeavesInOneFlush() {
        ScriptedClient client = server.client().connect().subscribe("news:today");
        int before = client.transport().flushes();

        for (int i = 0; i < 100; i++) {
            server.node().publisher().publish("news:today", i).block();
        }

        assertThat(client.take()).hasSize(100);
        assertThat(client.transport().flushes() - before).isEqualTo(1);
    }
}
