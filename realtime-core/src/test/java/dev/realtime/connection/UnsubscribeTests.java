package dev.realtime.connection;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.node.SubscribedReply.SUBSCRIBED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.Disconnect;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.transport.BufferLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The end of a subscription, by the client and by the server, also while it is being opened. */
@ExtendWith(BufferLeaks.class)
class UnsubscribeTests {

    private static final String UNSUBSCRIBED = "{'id':3,'unsubscribe':{}}";

    private static final String PUSH =
            "{'push':{'channel':'chat:a','unsubscribe':{'code':2000,'reason':'server unsubscribe'}}}";

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .namespace("chat", options -> options.subscribeAccess(ANYONE).presence(true))
            .tokensAreUsers()
            .start();

    private final ScriptedClient client = server.client().connected("alice");

    private static String unsubscribe(String channel) {
        return "{'id':3,'unsubscribe':{'channel':'" + channel + "'}}";
    }

    @Test
    void clientThatUnsubscribesGetsItsReplyAndNothingMore() {
        client.subscribed("chat:a");

        assertThat(client.ask(unsubscribe("chat:a"))).containsExactly(UNSUBSCRIBED);
        server.publish("chat:a", 1);
        assertThat(client.heard()).isEmpty();
        assertThat(server.engine().subscribed()).isEmpty();
        assertThat(server.engine().present()).isEmpty();
    }

    @Test
    void unsubscribeSucceedsAlsoWithoutASubscription() {
        for (String channel : new String[] {"chat:a", "unknown:a", "ü", "$x"}) {
            assertThat(client.ask(unsubscribe(channel))).containsExactly(UNSUBSCRIBED);
        }
    }

    @Test
    void unsubscribeEndsASubscriptionOfTheServer() {
        server.await(server.node().channels().subscribe("alice", "chat:a"));

        assertThat(client.ask(unsubscribe("chat:a"))).endsWith(UNSUBSCRIBED);
        assertThat(server.node().describe().subscriptions()).isZero();
    }

    @Test
    void unsubscribeWithoutAChannelIsABadRequest() {
        assertThat(client.ask("{'id':3,'unsubscribe':{}}")).isEmpty();
        assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);
    }

    @Test
    void clientMaySubscribeAgainAtOnce() {
        client.subscribed("chat:a");

        assertThat(client.ask(unsubscribe("chat:a") + "\n" + client.subscribe("chat:a") + "\n" + unsubscribe("chat:a")
                        + "\n" + client.subscribe("chat:a")))
                .containsExactly(UNSUBSCRIBED, "{'id':2,'subscribe':{}}", UNSUBSCRIBED, "{'id':2,'subscribe':{}}");
        server.publish("chat:a", 1);
        assertThat(client.heard()).hasSize(1);
        assertThat(server.engine().present()).hasSize(1);
    }

    @Test
    void publicationUnderWayToASubscriberThatLeavesIsNotDelivered() {
        client.subscribed("chat:a");

        server.node().publisher().publish("chat:a", 1).block();
        client.tell(unsubscribe("chat:a"));

        assertThat(client.heard()).startsWith(UNSUBSCRIBED).hasSize(1);
    }

    @Test
    void serverUnsubscribesWithAPush() {
        client.subscribed("chat:a");

        server.await(server.node().channels().unsubscribe("alice", "chat:a"));

        assertThat(client.heard()).containsExactly(PUSH);
        assertThat(server.node().describe().subscriptions()).isZero();
        assertThat(server.engine().present()).isEmpty();
    }

    @Test
    void serverTellsAlsoAConnectionThatWasNotSubscribed() {
        server.await(server.node().channels().unsubscribe("alice", "chat:a"));

        assertThat(client.heard()).containsExactly(PUSH);
    }

    @Test
    void serverThatUnsubscribesWhileASubscriptionIsOpenedWaitsForIt() {
        for (Call call : new Call[] {Call.SUBSCRIBE, Call.ADD_PRESENCE}) {
            server.engine().hold(call);
            client.subscribe("chat:a").send();

            server.await(server.node().channels().unsubscribe("alice", "chat:a"));
            assertThat(client.heard()).isEmpty();
            server.engine().release(call);

            assertThat(client.reply()).as(call.name()).isEqualTo(SUBSCRIBED);
            assertThat(client.heard()).containsExactly(PUSH);
            assertThat(server.engine().subscribed()).isEmpty();
            assertThat(server.engine().present()).isEmpty();
        }
    }

    @Test
    void clientThatPipelinesUnsubscribeBehindSubscribeIsAnsweredInOrder() {
        server.engine().hold(Call.SUBSCRIBE);
        client.tell(client.subscribe("chat:a") + "\n" + unsubscribe("chat:a"));
        assertThat(client.heard()).isEmpty();

        server.engine().release(Call.SUBSCRIBE);

        assertThat(client.reply()).isEqualTo(SUBSCRIBED);
        assertThat(client.heard()).containsExactly(UNSUBSCRIBED);
    }

    @Test
    void engineThatFailsToUnsubscribeIsAskedAgainByTheNextSubscriber() {
        client.subscribed("chat:a");
        server.engine().fail(Call.UNSUBSCRIBE);
        client.ask(unsubscribe("chat:a"));
        server.engine().heal(Call.UNSUBSCRIBE);

        assertThat(client.subscribe("chat:a").reply()).isEqualTo(SUBSCRIBED);
        server.publish("chat:a", 1);
        assertThat(client.heard()).hasSize(1);
        assertThat(server.engine().calls(Call.SUBSCRIBE)).isEqualTo(2);
    }
}
