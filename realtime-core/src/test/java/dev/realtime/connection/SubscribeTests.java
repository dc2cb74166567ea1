package dev.realtime.connection;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static dev.realtime.node.ErrorReply.INTERNAL;
import static dev.realtime.node.Pushes.join;
import static dev.realtime.node.Pushes.push;
import static dev.realtime.node.SubscribedReply.SUBSCRIBED;
import static dev.realtime.node.SubscribedReply.positioned;
import static dev.realtime.node.SubscribedReply.recoverable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.transport.BufferLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The subscribe command: shapes of its reply, and what may follow it when. */
@ExtendWith(BufferLeaks.class)
class SubscribeTests {

    private static final HistoryOptions TEN = keeping(10);

    private static ScriptedServer.Setup setup() {
        return ScriptedServer.setup()
                .namespace("chat", options -> options.subscribeAccess(ANYONE))
                .namespace(
                        "present",
                        options -> options.subscribeAccess(ANYONE)
                                .presence(true)
                                .joinLeave(true)
                                .forcePushJoinLeave(true))
                .namespace("kept", options -> options.subscribeAccess(ANYONE).history(TEN))
                .namespace(
                        "readable",
                        options -> options.subscribeAccess(ANYONE).history(TEN).historyAccess(ANYONE))
                .namespace(
                        "asking",
                        options -> options.subscribeAccess(ANYONE)
                                .history(TEN)
                                .allowPositioning(true)
                                .allowRecovery(true))
                .namespace(
                        "positioned",
                        options -> options.subscribeAccess(ANYONE).history(TEN).forcePositioning(true))
                .namespace(
                        "recoverable",
                        options -> options.subscribeAccess(ANYONE).history(TEN).forceRecovery(true))
                .tokensAreUsers();
    }

    @RegisterExtension
    final ScriptedServer server = setup().start();

    // ---- Shapes

    @Test
    void resultOfAPlainChannelIsEmpty() {
        assertThat(server.client().connected().subscribe("chat:room").reply()).isEqualTo(SUBSCRIBED);
    }

    @Test
    void resultOfAPositionedChannelTellsThePosition() {
        ScriptedClient client = server.client().connected();

        assertThat(client.subscribe("positioned:a").reply()).isEqualTo(positioned(0, "e1"));
        server.publish("positioned:b", 1, 2);
        assertThat(client.subscribe("positioned:b").reply()).isEqualTo(positioned(2, "e2"));
    }

    @Test
    void resultOfARecoverableChannelIsPositionedToo() {
        server.publish("recoverable:a", 1);

        assertThat(server.client().connected().subscribe("recoverable:a").reply())
                .isEqualTo(recoverable(1, "e1"));
    }

    @Test
    void historyAloneMakesNoPosition() {
        server.publish("kept:a", 1);

        assertThat(server.client().connected().subscribe("kept:a").reply()).isEqualTo(SUBSCRIBED);
    }

    @Test
    void clientMayAskForAPositionWhereAllowedOrWhereItMayReadHistory() {
        ScriptedClient client = server.client().connected();

        assertThat(client.subscribe("asking:a").positioned().reply()).isEqualTo(positioned(0, "e1"));
        assertThat(client.subscribe("readable:a").positioned().reply()).isEqualTo(positioned(0, "e2"));
        assertThat(client.subscribe("kept:a").positioned().reply()).isEqualTo(SUBSCRIBED);
        assertThat(client.subscribe("chat:a").positioned().reply()).isEqualTo(SUBSCRIBED);
    }

    @Test
    void clientMayAskForRecoveryWhereAllowedOrWhereItMayReadHistory() {
        ScriptedClient client = server.client().connected();

        assertThat(client.subscribe("asking:a").recoverable().reply()).isEqualTo(recoverable(0, "e1"));
        assertThat(client.subscribe("readable:a").recoverable().reply()).isEqualTo(recoverable(0, "e2"));
        assertThat(client.subscribe("kept:a").recoverable().reply()).isEqualTo(SUBSCRIBED);
    }

    @Test
    void deltaThatIsNotAllowedIsLeftOutOfTheResult() {
        assertThat(server.client()
                        .connected()
                        .subscribe("recoverable:a")
                        .with("delta", "'fossil'")
                        .reply())
                .isEqualTo(recoverable(0, "e1"));
    }

    // ---- What follows the reply

    @Test
    void replyComesBeforeTheOwnJoin() {
        ScriptedClient client = server.client().connected("alice");

        client.subscribe("present:room").send();

        assertThat(client.reply()).isEqualTo(SUBSCRIBED);
        assertThat(client.heard()).containsExactly(join("present:room", "alice", "#1"));
    }

    @Test
    void publicationOfAPlainChannelThatArrivesWhileItIsOpenedIsDeliveredAfterTheReply() {
        ScriptedClient client = server.client().connected("alice");
        server.engine().hold(Call.ADD_PRESENCE);
        client.subscribe("present:room").send();

        server.publish("present:room", "early");
        server.engine().release(Call.ADD_PRESENCE);

        assertThat(client.reply()).isEqualTo(SUBSCRIBED);
        assertThat(client.heard())
                .containsExactly(push("present:room", "pub", "{'data':'early'}"), join("present:room", "alice", "#1"));
    }

    @Test
    void presenceIsVisibleAsSoonAsTheReplyIs() {
        ScriptedClient client = server.client().connected("alice");
        server.engine().hold(Call.ADD_PRESENCE);
        client.subscribe("present:room").send();
        assertThat(client.heard()).isEmpty();
        assertThat(server.engine().present()).isEmpty();

        server.engine().release(Call.ADD_PRESENCE);

        assertThat(client.reply()).isEqualTo(SUBSCRIBED);
        assertThat(server.await(server.node().presence().presence("present:room")))
                .containsOnlyKeys(client.id());
    }

    // ---- When the engine fails

    @Test
    void engineFailureIsATemporaryErrorAndLeavesNothing() {
        try (ScriptedServer server = setup().namespace(
                        "all",
                        options -> options.subscribeAccess(ANYONE)
                                .history(TEN)
                                .forceRecovery(true)
                                .presence(true)
                                .joinLeave(true)
                                .forcePushJoinLeave(true))
                .start()) {
            ScriptedClient client = server.client().connected();
            for (Call call : new Call[] {Call.SUBSCRIBE, Call.HISTORY, Call.ADD_PRESENCE}) {
                server.engine().fail(call);

                assertThat(client.subscribe("all:room").error()).as(call.name()).isEqualTo(INTERNAL);

                assertThat(server.node().describe().subscriptions()).isZero();
                assertThat(server.engine().subscribed()).isEmpty();
                assertThat(server.engine().present()).isEmpty();
                server.engine().heal(call);
                assertThat(client.subscribe("all:room").messages()).hasSize(2);
                client.unsubscribed("all:room");
            }
            assertThat(server.engine().calls(Call.LEAVE)).isEqualTo(3);
        }
    }

    @Test
    void engineThatFailsToTellJoinDoesNotHarmTheSubscription() {
        server.engine().fail(Call.JOIN);
        ScriptedClient client = server.client().connected("alice");

        assertThat(client.subscribe("present:room").reply()).isEqualTo(SUBSCRIBED);
        server.publish("present:room", 1);
        assertThat(client.heard()).hasSize(1);
    }

    // ---- While it is being opened

    @Test
    void clientThatEndsWhileItsSubscriptionIsOpenedLeavesNothing() {
        for (Call call : new Call[] {Call.SUBSCRIBE, Call.ADD_PRESENCE}) {
            ScriptedClient client = server.client().connected("alice");
            server.engine().hold(call);
            client.subscribe("present:room").send();

            client.drop();
            server.engine().release(call);
            server.run();

            assertThat(client.heard()).isEmpty();
            assertThat(server.engine().subscribed()).as(call.name()).isEmpty();
            assertThat(server.engine().present()).as(call.name()).isEmpty();
            assertThat(server.engine().calls(Call.JOIN)).isZero();
            assertThat(server.engine().calls(Call.LEAVE)).isZero();
        }
    }

    @Test
    void presenceAddedThoughItFailedIsRemoved() {
        ScriptedClient client = server.client().connected("alice");
        server.engine().hold(Call.ADD_PRESENCE);
        client.subscribe("present:room").send();

        client.drop();
        server.engine().fail(Call.ADD_PRESENCE);
        server.engine().release(Call.ADD_PRESENCE);

        assertThat(server.engine().calls(Call.REMOVE_PRESENCE)).isEqualTo(1);
    }
}
