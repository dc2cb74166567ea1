package dev.realtime.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.Access;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.client.Disconnect;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.transport.BufferLeaks;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The subscribe command: refusals in their order, shapes of the reply, and what may follow it when. */
@ExtendWith(BufferLeaks.class)
class SubscribeTests {

    private static final Access ANYONE = new Access(true, false, true);

    private static final HistoryOptions TEN =
            new HistoryOptions(10, Duration.ofMinutes(1), HistoryOptions.DEFAULT_META_TTL);

    private static ScriptedServer.Setup setup() {
        return ScriptedServer.setup()
                .namespace("chat", options -> options.subscribeAccess(ANYONE))
                .namespace("closed", options -> options)
                .namespace("users", options -> options.subscribeAccess(new Access(true, false, false)))
                .namespace("limited", options -> options.subscribeAccess(ANYONE).allowUserLimitedChannels(true))
                .namespace(
                        "digits", options -> options.subscribeAccess(ANYONE).channelRegex(Pattern.compile("^[0-9]+$")))
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

    private static String subscribe(String channel) {
        return "{'id':2,'subscribe':{'channel':'" + channel + "'}}";
    }

    private static String error(int code, String message) {
        return "{'id':2,'error':{'code':" + code + ",'message':'" + message + "'}}";
    }

    private static final String DENIED = error(103, "permission denied");

    private static final String BAD_REQUEST = error(107, "bad request");

    // ---- Shapes

    @Test
    void resultOfAPlainChannelIsEmpty() {
        assertThat(server.client().connect().ask(subscribe("chat:room"))).containsExactly("{'id':2,'subscribe':{}}");
    }

    @Test
    void resultOfAPositionedChannelTellsThePosition() {
        ScriptedClient client = server.client().connect();

        assertThat(client.ask(subscribe("positioned:a")))
                .containsExactly("{'id':2,'subscribe':{'epoch':'e1','positioned':true}}");
        server.publish("positioned:b", 1, 2);
        assertThat(client.ask(subscribe("positioned:b")))
                .containsExactly("{'id':2,'subscribe':{'epoch':'e2','offset':2,'positioned':true}}");
    }

    @Test
    void resultOfARecoverableChannelIsPositionedToo() {
        server.publish("recoverable:a", 1);

        assertThat(server.client().connect().ask(subscribe("recoverable:a")))
                .containsExactly("{'id':2,'subscribe':{'recoverable':true,'epoch':'e1','offset':1,'positioned':true}}");
    }

    @Test
    void historyAloneMakesNoPosition() {
        server.publish("kept:a", 1);

        assertThat(server.client().connect().ask(subscribe("kept:a"))).containsExactly("{'id':2,'subscribe':{}}");
    }

    @Test
    void clientMayAskForAPositionWhereAllowedOrWhereItMayReadHistory() {
        String positioned = "{'id':2,'subscribe':{'epoch':'%s','positioned':true}}";
        ScriptedClient client = server.client().connect();

        assertThat(client.ask("{'id':2,'subscribe':{'channel':'asking:a','positioned':true}}"))
                .containsExactly(positioned.formatted("e1"));
        assertThat(client.ask("{'id':2,'subscribe':{'channel':'readable:a','positioned':true}}"))
                .containsExactly(positioned.formatted("e2"));
        assertThat(client.ask("{'id':2,'subscribe':{'channel':'kept:a','positioned':true}}"))
                .containsExactly("{'id':2,'subscribe':{}}");
        assertThat(client.ask("{'id':2,'subscribe':{'channel':'chat:a','positioned':true}}"))
                .containsExactly("{'id':2,'subscribe':{}}");
    }

    @Test
    void clientMayAskForRecoveryWhereAllowedOrWhereItMayReadHistory() {
        String recoverable = "{'id':2,'subscribe':{'recoverable':true,'epoch':'%s','positioned':true}}";
        ScriptedClient client = server.client().connect();

        assertThat(client.ask("{'id':2,'subscribe':{'channel':'asking:a','recoverable':true}}"))
                .containsExactly(recoverable.formatted("e1"));
        assertThat(client.ask("{'id':2,'subscribe':{'channel':'readable:a','recoverable':true}}"))
                .containsExactly(recoverable.formatted("e2"));
        assertThat(client.ask("{'id':2,'subscribe':{'channel':'kept:a','recoverable':true}}"))
                .containsExactly("{'id':2,'subscribe':{}}");
    }

    @Test
    void deltaThatIsNotAllowedIsLeftOutOfTheResult() {
        assertThat(server.client().connect().ask("{'id':2,'subscribe':{'channel':'recoverable:a','delta':'fossil'}}"))
                .containsExactly("{'id':2,'subscribe':{'recoverable':true,'epoch':'e1','positioned':true}}");
    }

    // ---- Refusals

    @Test
    void emptyChannelIsABadRequest() {
        for (String request : new String[] {"{}", "{'channel':''}", "{'channel':'','delta':'unknown'}"}) {
            ScriptedClient client = server.client().connect();

            assertThat(client.ask("{'id':2,'subscribe':" + request + "}")).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);
        }
    }

    @Test
    void unknownDeltaTypeIsABadRequestBeforeTheNameIsLookedAt() {
        ScriptedClient client = server.client().connect();

        assertThat(client.ask("{'id':2,'subscribe':{'channel':'unknown:" + "x".repeat(300) + "','delta':'zstd'}}"))
                .isEmpty();
        assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);
    }

    @Test
    void nameOf255BytesIsTheLongest() {
        ScriptedClient client = server.client().connect();

        assertThat(client.ask(subscribe("chat:" + "x".repeat(250)))).containsExactly("{'id':2,'subscribe':{}}");
        assertThat(client.ask(subscribe("chat:" + "x".repeat(251)))).containsExactly(BAD_REQUEST);
    }

    @Test
    void lengthIsLookedAtBeforeTheNamespace() {
        assertThat(server.client().connect().ask(subscribe("unknown:" + "x".repeat(300))))
                .containsExactly(BAD_REQUEST);
    }

    @Test
    void secondSubscriptionToAChannelIsRefused() {
        ScriptedClient client = server.client().connect().subscribe("chat:room");

        assertThat(client.ask(subscribe("chat:room"))).containsExactly(error(105, "already subscribed"));
    }

    @Test
    void subscriptionMadeByTheServerCountsAsOne() {
        ScriptedClient client = server.client().connect("alice");
        server.await(server.node().channels().subscribe("alice", "closed:room"));

        assertThat(client.ask(subscribe("closed:room"))).containsExactly(error(105, "already subscribed"));
    }

    @Test
    void channelOverTheLimitIsRefusedAfterDuplicatesAndBeforeAnythingElse() {
        try (ScriptedServer server =
                setup().client(options -> options.channelLimit(2)).start()) {
            ScriptedClient client =
                    server.client().connect().subscribe("chat:1").subscribe("chat:2");

            assertThat(client.ask(subscribe("chat:1"))).containsExactly(error(105, "already subscribed"));
            assertThat(client.ask(subscribe("chat:3"))).containsExactly(error(106, "limit exceeded"));
            assertThat(client.ask(subscribe("unknown:3"))).containsExactly(error(106, "limit exceeded"));

            client.tell("{'id':3,'unsubscribe':{'channel':'chat:1'}}");
            assertThat(client.ask(subscribe("chat:3"))).containsExactly("{'id':2,'subscribe':{}}");
        }
    }

    @Test
    void unknownNamespaceIsRefusedBeforeABadName() {
        ScriptedClient client = server.client().connect();

        assertThat(client.ask(subscribe("unknown:room"))).containsExactly(error(102, "unknown channel"));
        assertThat(client.ask(subscribe("unknown:ü"))).containsExactly(error(102, "unknown channel"));
    }

    @Test
    void badNameIsRefusedBeforePermission() {
        ScriptedClient client = server.client().connect();

        assertThat(client.ask(subscribe("closed:ü"))).containsExactly(BAD_REQUEST);
        assertThat(client.ask(subscribe("$chat:ü"))).containsExactly(BAD_REQUEST);
        assertThat(client.ask(subscribe("digits:x"))).containsExactly(BAD_REQUEST);
        assertThat(client.ask(subscribe("digits:7"))).containsExactly("{'id':2,'subscribe':{}}");
    }

    @Test
    void channelThatNothingOpensIsDenied() {
        assertThat(server.client().connect("alice").ask(subscribe("closed:room")))
                .containsExactly(DENIED);
        assertThat(server.client().connect("alice").ask(subscribe("room"))).containsExactly(DENIED);
    }

    @Test
    void channelForUsersIsDeniedToAnonymousClients() {
        assertThat(server.client().connect().ask(subscribe("users:room"))).containsExactly(DENIED);
        assertThat(server.client().connect("alice").ask(subscribe("users:room")))
                .containsExactly("{'id':2,'subscribe':{}}");
    }

    @Test
    void privateChannelIsDeniedWithoutAToken() {
        assertThat(server.client().connect("alice").ask(subscribe("$chat:room")))
                .containsExactly(DENIED);
    }

    @Test
    void tokenIsDeniedWhereNothingVerifiesTokens() {
        assertThat(server.client().connect("alice").ask("{'id':2,'subscribe':{'channel':'chat:room','token':'t'}}"))
                .containsExactly(DENIED);
    }

    @Test
    void userLimitedChannelAdmitsTheUsersItNamesAndNobodyElse() {
        assertThat(server.client().connect("alice").ask(subscribe("limited:x#bob,alice")))
                .containsExactly("{'id':2,'subscribe':{}}");
        assertThat(server.client().connect("carol").ask(subscribe("limited:x#bob,alice")))
                .containsExactly(DENIED);
        assertThat(server.client().connect().ask(subscribe("limited:x#"))).containsExactly(DENIED);
        assertThat(server.client().connect("carol").ask(subscribe("limited:x")))
                .containsExactly("{'id':2,'subscribe':{}}");
        assertThat(server.client().connect("carol").ask(subscribe("chat:x#bob")))
                .containsExactly("{'id':2,'subscribe':{}}");
    }

    @Test
    void tagsFilterIsRefusedAfterPermission() {
        String filter = "'tf':{'key':'a','cmp':'eq','val':'b'}";
        ScriptedClient client = server.client().connect();

        assertThat(client.ask("{'id':2,'subscribe':{'channel':'closed:room'," + filter + "}}"))
                .containsExactly(DENIED);
        assertThat(client.ask("{'id':2,'subscribe':{'channel':'chat:room'," + filter + "}}"))
                .containsExactly(BAD_REQUEST);
    }

    @Test
    void kindsOfSubscriptionThatAreNotServedAreNotAvailable() {
        assertThat(server.client().connect().ask("{'id':2,'subscribe':{'channel':'chat:room','type':1}}"))
                .containsExactly(error(108, "not available"));
    }

    @Test
    void refusedSubscriptionLeavesNothingAndCanBeTriedAgain() {
        ScriptedClient client = server.client().connect();
        client.ask(subscribe("closed:room"));

        assertThat(server.node().describe().subscriptions()).isZero();
        assertThat(server.engine().subscribed()).isEmpty();
        assertThat(client.ask(subscribe("closed:room"))).containsExactly(DENIED);
    }

    @Test
    void insecureServerOpensEveryChannelButNoUnknownOne() {
        try (ScriptedServer server =
                setup().client(options -> options.insecure(true)).start()) {
            ScriptedClient client = server.client().connect();

            for (String channel : new String[] {"closed:room", "$chat:room", "limited:x#bob", "users:room"}) {
                assertThat(client.ask(subscribe(channel))).as(channel).containsExactly("{'id':2,'subscribe':{}}");
            }
            assertThat(client.ask(subscribe("unknown:room"))).containsExactly(error(102, "unknown channel"));
            assertThat(client.ask(subscribe("chat:ü"))).containsExactly(BAD_REQUEST);
        }
    }

    // ---- What follows the reply

    @Test
    void replyComesBeforeTheOwnJoin() {
        assertThat(server.client().connect("alice").ask(subscribe("present:room")))
                .containsExactly(
                        "{'id':2,'subscribe':{}}",
                        "{'push':{'channel':'present:room','join':{'info':{'user':'alice','client':'#1'}}}}");
    }

    @Test
    void publicationOfAPlainChannelThatArrivesWhileItIsOpenedIsDeliveredAfterTheReply() {
        ScriptedClient client = server.client().connect("alice");
        server.engine().hold(Call.ADD_PRESENCE);
        client.tell(subscribe("present:room"));

        server.publish("present:room", "early");
        server.engine().release(Call.ADD_PRESENCE);

        assertThat(client.heard())
                .containsExactly(
                        "{'id':2,'subscribe':{}}",
                        "{'push':{'channel':'present:room','pub':{'data':'early'}}}",
                        "{'push':{'channel':'present:room','join':{'info':{'user':'alice','client':'#1'}}}}");
    }

    @Test
    void presenceIsVisibleAsSoonAsTheReplyIs() {
        ScriptedClient client = server.client().connect("alice");
        server.engine().hold(Call.ADD_PRESENCE);
        client.tell(subscribe("present:room"));
        assertThat(client.heard()).isEmpty();
        assertThat(server.engine().present()).isEmpty();

        server.engine().release(Call.ADD_PRESENCE);

        assertThat(client.heard()).first().isEqualTo("{'id':2,'subscribe':{}}");
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
            ScriptedClient client = server.client().connect();
            for (Call call : new Call[] {Call.SUBSCRIBE, Call.HISTORY, Call.ADD_PRESENCE}) {
                server.engine().fail(call);

                assertThat(client.ask(subscribe("all:room")))
                        .as(call.name())
                        .containsExactly(
                                "{'id':2,'error':{'code':100,'message':'internal server error','temporary':true}}");

                assertThat(server.node().describe().subscriptions()).isZero();
                assertThat(server.engine().subscribed()).isEmpty();
                assertThat(server.engine().present()).isEmpty();
                server.engine().heal(call);
                assertThat(client.ask(subscribe("all:room"))).hasSize(2);
                client.ask("{'id':3,'unsubscribe':{'channel':'all:room'}}");
            }
            assertThat(server.engine().calls(Call.LEAVE)).isEqualTo(3);
        }
    }

    @Test
    void engineThatFailsToTellJoinDoesNotHarmTheSubscription() {
        server.engine().fail(Call.JOIN);
        ScriptedClient client = server.client().connect("alice");

        assertThat(client.ask(subscribe("present:room"))).containsExactly("{'id':2,'subscribe':{}}");
        server.publish("present:room", 1);
        assertThat(client.heard()).hasSize(1);
    }

    // ---- While it is being opened

    @Test
    void clientThatEndsWhileItsSubscriptionIsOpenedLeavesNothing() {
        for (Call call : new Call[] {Call.SUBSCRIBE, Call.ADD_PRESENCE}) {
            ScriptedClient client = server.client().connect("alice");
            server.engine().hold(call);
            client.tell(subscribe("present:room"));

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
        ScriptedClient client = server.client().connect("alice");
        server.engine().hold(Call.ADD_PRESENCE);
        client.tell(subscribe("present:room"));

        client.drop();
        server.engine().fail(Call.ADD_PRESENCE);
        server.engine().release(Call.ADD_PRESENCE);

        assertThat(server.engine().calls(Call.REMOVE_PRESENCE)).isEqualTo(1);
    }
}
