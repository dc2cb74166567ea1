package dev.realtime.command;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.PublishOptions;
import dev.realtime.api.data.Payload;
import dev.realtime.node.Pushes;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.spi.transport.WireForm;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Channels whose pushes have a number instead of the name: which number, and for which clients. */
@ExtendWith(BufferLeaks.class)
class ChannelCompactionTests {

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .namespace(
                    "compact",
                    options -> options.subscribeAccess(ANYONE)
                            .allowChannelCompaction(true)
                            .allowTagsFilter(true)
                            .joinLeave(true)
                            .forcePushJoinLeave(true))
            .namespace(
                    "kept",
                    options -> options.subscribeAccess(ANYONE)
                            .allowChannelCompaction(true)
                            .history(keeping(10))
                            .forceRecovery(true))
            .namespace("named", options -> options.subscribeAccess(ANYONE))
            .start();

    /** Subscribes as the official SDKs do, and returns what the client gets. */
    private static String subscribe(ScriptedClient client, String channel, String more) {
        return client.ask("{'id':2,'subscribe':{'channel':'" + channel + "','flag':1" + more + "}}")
                .get(0);
    }

    private static String subscribe(ScriptedClient client, String channel) {
        return subscribe(client, channel, "");
    }

    private ScriptedClient compact(String channel, long id) {
        ScriptedClient client = server.client().connected();
        assertThat(subscribe(client, channel)).isEqualTo("{'id':2,'subscribe':{'id':" + id + "}}");
        server.run();
        client.heard();
        return client;
    }

    private static String pub(int number) {
        return "'pub':{'data':" + number + "}}}";
    }

    private void publish(String channel, int number) {
        server.node()
                .publisher()
                .publish(channel, Payload.ofText(String.valueOf(number)))
                .block();
        server.run();
    }

    @Test
    void subscribersOfAChannelShareItsNumber() {
        ScriptedClient first = compact("compact:a", 1);
        ScriptedClient second = compact("compact:a", 1);
        ScriptedClient other = compact("compact:b", 2);
        first.heard();

        publish("compact:a", 7);
        publish("compact:b", 8);

        assertThat(first.heard()).containsExactly("{'push':{'id':1," + pub(7));
        assertThat(second.heard()).containsExactly("{'push':{'id':1," + pub(7));
        assertThat(other.heard()).containsExactly("{'push':{'id':2," + pub(8));
    }

    @Test
    void clientsThatDoNotAskGetTheName() {
        ScriptedClient compact = compact("compact:a", 1);
        ScriptedClient named = server.client().connected().subscribed("compact:a");
        server.run();
        named.heard();
        compact.heard();

        publish("compact:a", 7);

        assertThat(named.heard()).containsExactly("{'push':{'channel':'compact:a'," + pub(7));
        assertThat(compact.heard()).containsExactly("{'push':{'id':1," + pub(7));
    }

    @Test
    void namespacesThatDoNotAllowItGiveNoNumber() {
        ScriptedClient client = server.client().connected();

        assertThat(subscribe(client, "named:a")).isEqualTo("{'id':2,'subscribe':{}}");
        publish("named:a", 7);

        assertThat(client.heard()).containsExactly("{'push':{'channel':'named:a'," + pub(7));
    }

    @Test
    void joinsAndLeavesHaveTheNumberAndUnsubscribeTheName() {
        ScriptedClient client = compact("compact:a", 1);

        ScriptedClient other = server.client().connected().subscribed("compact:a");
        server.run();
        other.unsubscribed("compact:a");
        server.run();
        server.await(server.node().channels().unsubscribe("", "compact:a"));
        server.run();

        List<String> heard = client.heard();
        assertThat(heard.get(0)).startsWith("{'push':{'id':1,'join':{'info':");
        assertThat(heard.get(1)).startsWith("{'push':{'id':1,'leave':{'info':");
        assertThat(heard.get(2)).isEqualTo(Pushes.unsubscribe("compact:a", 2000, "server unsubscribe"));
    }

    /** A client that was subscribed may still get pushes with the old number. */
    @Test
    void numberIsNeverGivenToAnotherChannelOrLife() {
        ScriptedClient client = compact("compact:a", 1);

        client.ask("{'id':3,'unsubscribe':{'channel':'compact:a'}}");
        server.run();

        assertThat(subscribe(client, "compact:b")).isEqualTo("{'id':2,'subscribe':{'id':2}}");
        assertThat(subscribe(client, "compact:a")).isEqualTo("{'id':2,'subscribe':{'id':3}}");
    }

    @Test
    void numberStaysWhileAnyoneHasIt() {
        ScriptedClient first = compact("compact:a", 1);
        compact("compact:a", 1);

        first.ask("{'id':3,'unsubscribe':{'channel':'compact:a'}}");

        assertThat(subscribe(first, "compact:a")).isEqualTo("{'id':2,'subscribe':{'id':1}}");
    }

    @Test
    void filtersApplyToCompactPushesToo() {
        ScriptedClient client = server.client().connected();
        subscribe(client, "compact:a", ",'tf':{'key':'kind','cmp':'eq','val':'odd'}");
        server.run();
        client.heard();

        for (int i = 1; i <= 3; i++) {
            server.node()
                    .publisher()
                    .publish(
                            "compact:a",
                            Payload.ofText(String.valueOf(i)),
                            PublishOptions.DEFAULTS.withTags(Map.of("kind", i % 2 == 0 ? "even" : "odd")))
                    .block();
        }
        server.run();

        assertThat(client.heard())
                .containsExactly(
                        "{'push':{'id':1,'pub':{'data':1,'tags':{'kind':'odd'}}}}",
                        "{'push':{'id':1,'pub':{'data':3,'tags':{'kind':'odd'}}}}");
    }

    @Test
    void whatArrivesWhileTheSubscriptionOpensHasTheNumber() {
        ScriptedClient client = server.client().connected();
        server.engine().holdResults(Call.HISTORY);
        client.send("{'id':2,'subscribe':{'channel':'kept:a','flag':1}}".replace('\'', '"'));
        server.run();
        publish("kept:a", 1);
        publish("kept:a", 2);
        server.engine().release(Call.HISTORY);
        server.run();

        assertThat(client.heard())
                .containsExactly(
                        "{'id':2,'subscribe':{'recoverable':true,'epoch':'e1','positioned':true,'id':1}}",
                        "{'push':{'id':1,'pub':{'data':1,'offset':1}}}",
                        "{'push':{'id':1,'pub':{'data':2,'offset':2}}}");
    }

    @Test
    void unknownBitsOfTheFlagAndNumbersOfTheClientMeanNothing() {
        ScriptedClient client = server.client().connected();

        assertThat(client.ask("{'id':2,'subscribe':{'channel':'named:a','flag':4294967292,'id':9}}"))
                .containsExactly("{'id':2,'subscribe':{}}");
        assertThat(client.ask("{'id':3,'unsubscribe':{'channel':'','id':1}}")).isEmpty();
        assertThat(client.closedWith()).isNotNull();
    }

    @Test
    void everyWireFormOfTheClientCarriesTheNumber() {
        ScriptedClient lines = server.client(WireForm.JSON_LINES, null).connected();
        subscribe(lines, "compact:a");
        server.run();
        lines.heard();

        publish("compact:a", 7);

        assertThat(lines.heard()).containsExactly("{'push':{'id':1," + pub(7));
    }
}
