package dev.realtime.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.Access;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.channel.RecoveryMode;
import dev.realtime.api.channel.SubscribeOverrides;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.transport.BufferLeaks;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** Subscriptions that the server makes while a client connects. The token lists the channels it grants. */
@ExtendWith(BufferLeaks.class)
class ServerSideSubscriptionsTests {

    private static final Access ANYONE = new Access(true, false, true);

    private static final HistoryOptions TEN =
            new HistoryOptions(10, Duration.ofMinutes(1), HistoryOptions.DEFAULT_META_TTL);

    private static ScriptedServer.Setup setup() {
        return ScriptedServer.setup()
                .namespace(
                        "chat",
                        options -> options.presence(true).joinLeave(true).forcePushJoinLeave(true))
                .namespace("open", options -> options.subscribeAccess(ANYONE))
                .namespace("limited", options -> options.allowUserLimitedChannels(true))
                .namespace(
                        "news",
                        options -> options.subscribeAccess(ANYONE).history(TEN).forceRecovery(true))
                .namespace("watched", options -> options.history(TEN).forcePositioning(true))
                .namespace(
                        "state",
                        options -> options.history(TEN)
                                .forceRecovery(true)
                                .recoveryMode(RecoveryMode.CACHE)
                                .autoCacheRecover(true))
                .authenticator(context -> {
                    Map<String, SubscriptionGrant> grants = new LinkedHashMap<>();
                    Arrays.stream(context.token().split(" "))
                            .filter(name -> !name.isEmpty())
                            .forEach(name -> grants.put(name, SubscriptionGrant.PLAIN));
                    return Mono.just(Authentication.of("alice").withSubscriptions(grants));
                });
    }

    @RegisterExtension
    final ScriptedServer server = setup().start();

    private String connected(String subs) {
        return "{'id':1,'connect':{'client':'#1','version':'test'," + subs + "'ping':25,'pong':true}}";
    }

    @Test
    void grantedChannelsComeWithTheReplyThenTheOwnJoin() {
        ScriptedClient client = server.client();

        assertThat(client.ask("{'id':1,'connect':{'token':'chat:a'}}"))
                .containsExactly(
                        connected("'subs':{'chat:a':{}},"),
                        "{'push':{'channel':'chat:a','join':{'info':{'user':'alice','client':'#1'}}}}");
    }

    @Test
    void permissionIsNotAskedForGrantedChannels() {
        assertThat(server.client().ask("{'id':1,'connect':{'token':'$chat:private limited:x#bob closed'}}"))
                .first()
                .asString()
                .contains("'$chat:private':{}", "'limited:x#bob':{}", "'closed':{}");
    }

    @Test
    void resultTellsWhatTheNamespaceForces() {
        server.publish("watched:a", 1, 2);

        assertThat(server.client().ask("{'id':1,'connect':{'token':'watched:a news:a'}}"))
                .singleElement()
                .asString()
                .contains("'watched:a':{'epoch':'e1','offset':2,'positioned':true}")
                .contains("'news:a':{'recoverable':true,'epoch':'e2','positioned':true}");
    }

    @Test
    void infoDataAndOverridesOfAGrantCount() {
        SubscribeOverrides overrides = SubscribeOverrides.NONE.withForcePositioning(false);
        SubscriptionGrant grant = SubscriptionGrant.PLAIN
                .withInfo(Payload.ofText("{\"i\":1}"))
                .withData(Payload.ofText("{\"d\":1}"))
                .withOverrides(overrides);
        try (ScriptedServer server = setup().authenticator(context -> Mono.just(Authentication.of("alice")
                        .withInfo(Payload.ofText("{\"c\":1}"))
                        .withSubscriptions(Map.of("chat:a", grant))))
                .start()) {
            assertThat(server.client().ask("{'id':1,'connect':{}}"))
                    .containsExactly(
                            connected("'subs':{'chat:a':{'data':{'d':1}}},"),
                            "{'push':{'channel':'chat:a','join':{'info':{'user':'alice','client':'#1',"
                                    + "'conn_info':{'c':1},'chan_info':{'i':1}}}}}");
        }
    }

    @Test
    void unknownNamespaceOfAGrantedChannelIsAnErrorAndNothingIsLeft() {
        ScriptedClient client = server.client();

        assertThat(client.ask("{'id':1,'connect':{'token':'chat:a unknown:a'}}"))
                .containsExactly("{'id':1,'error':{'code':102,'message':'unknown channel'}}");

        assertThat(server.node().describe().subscriptions()).isZero();
        assertThat(server.node().describe().users()).isZero();
        server.passSeconds(10);
        assertThat(client.closedWith()).isEqualTo(Disconnect.STALE);
        assertThat(client.heard()).isEmpty();
    }

    @Test
    void emptyNameOfAGrantedOrRequestedChannelIsIgnored() {
        try (ScriptedServer server = setup().authenticator(context ->
                        Mono.just(Authentication.of("alice").withSubscriptions(Map.of("", SubscriptionGrant.PLAIN))))
                .start()) {
            assertThat(server.client().ask("{'id':1,'connect':{'subs':{'':{}}}}"))
                    .singleElement()
                    .asString()
                    .startsWith("{'id':1,'connect':{'client':")
                    .doesNotContain("subs");
            assertThat(server.node().describe().subscriptions()).isZero();
        }
    }

    @Test
    void channelsOfTheConnectRequestAreOpenedByConfigurationAlone() {
        assertThat(server.client()
                        .ask("{'id':1,'connect':{'subs':{'open:a':{},'chat:denied':{},'$open:a':{},"
                                + "'limited:x#alice':{},'limited:x#bob':{},'open:ü':{},'closed':{}}}}"))
                .singleElement()
                .asString()
                .contains("'subs':{'open:a':{},'limited:x#alice':{}}");
    }

    @Test
    void channelOfTheConnectRequestWithATooLongNameIsLeftOut() {
        String name = "open:" + "x".repeat(251);

        assertThat(server.client().ask("{'id':1,'connect':{'subs':{'" + name + "':{}}}}"))
                .containsExactly(connected(""));
    }

    @Test
    void unknownNamespaceInTheConnectRequestIsABadRequest() {
        ScriptedClient client = server.client();

        assertThat(client.ask("{'id':1,'connect':{'subs':{'open:a':{},'unknown:a':{}}}}"))
                .isEmpty();
        assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);
    }

    @Test
    void channelThatIsGrantedAndRequestedIsSubscribedOnce() {
        assertThat(server.client().ask("{'id':1,'connect':{'token':'open:a','subs':{'open:a':{}}}}"))
                .containsExactly(connected("'subs':{'open:a':{}},"));
        assertThat(server.node().describe().subscriptions()).isEqualTo(1);
    }

    @Test
    void moreChannelsThanAllowedEndTheConnection() {
        try (ScriptedServer server =
                setup().client(options -> options.channelLimit(2)).start()) {
            ScriptedClient client = server.client();

            assertThat(client.ask("{'id':1,'connect':{'token':'open:a open:b','subs':{'open:c':{}}}}"))
                    .isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.CHANNEL_LIMIT);
        }
    }

    @Test
    void connectRequestRecoversGrantedAndRequestedChannels() {
        server.publish("news:a", 1, 2, 3);
        server.publish("news:b", 1);

        assertThat(server.client()
                        .ask("{'id':1,'connect':{'token':'news:a','subs':{"
                                + "'news:a':{'recover':true,'epoch':'e1','offset':2},"
                                + "'news:b':{'recover':true,'epoch':'other','offset':1}}}}"))
                .containsExactly(connected("'subs':{"
                        + "'news:a':{'recoverable':true,'epoch':'e1','publications':[{'data':'3','offset':3}],"
                        + "'recovered':true,'offset':2,'positioned':true,'was_recovering':true},"
                        + "'news:b':{'recoverable':true,'epoch':'e2','offset':1,'positioned':true,"
                        + "'was_recovering':true}},"));
    }

    @Test
    void cacheIsRecoveredUnaskedWhereConfigured() {
        server.publish("state:a", 1, 2);

        assertThat(server.client().ask("{'id':1,'connect':{'token':'state:a'}}"))
                .singleElement()
                .asString()
                .contains("'state:a':{'recoverable':true,'epoch':'e1','publications':[{'data':'2','offset':2}],"
                        + "'recovered':true,'positioned':true,'was_recovering':true}");
    }

    @Test
    void personalChannelIsSubscribedForEveryUserButAnonymousOnes() {
        try (ScriptedServer server = ScriptedServer.setup()
                .client(options -> options.personalChannel(true))
                .tokensAreUsers()
                .start()) {
            assertThat(server.client().ask("{'id':1,'connect':{'token':'alice'}}"))
                    .containsExactly(connected("'subs':{'#alice':{}},"));
            assertThat(server.client().ask("{'id':1,'connect':{}}"))
                    .singleElement()
                    .asString()
                    .doesNotContain("subs");
        }
    }

    @Test
    void personalChannelHasTheNamespaceConfigured() {
        try (ScriptedServer server = ScriptedServer.setup()
                .client(options -> options.personalChannel(true).personalChannelNamespace("own"))
                .namespace("own", options -> options.history(TEN).forcePositioning(true))
                .tokensAreUsers()
                .start()) {
            assertThat(server.client().ask("{'id':1,'connect':{'token':'alice'}}"))
                    .containsExactly(connected("'subs':{'own:#alice':{'epoch':'e1','positioned':true}},"));
        }
    }

    @Test
    void engineThatFailsOneSubscriptionRefusesTheConnectionAndLeavesNothing() {
        for (Call call : new Call[] {Call.SUBSCRIBE, Call.HISTORY, Call.ADD_PRESENCE}) {
            server.engine().fail(call);
            ScriptedClient client = server.client();

            assertThat(client.ask("{'id':1,'connect':{'token':'chat:a news:a chat:b news:b'}}"))
                    .as(call.name())
                    .containsExactly(
                            "{'id':1,'error':{'code':100,'message':'internal server error','temporary':true}}");

            assertThat(server.node().describe().subscriptions()).isZero();
            assertThat(server.engine().subscribed()).isEmpty();
            assertThat(server.engine().present()).isEmpty();
            server.engine().heal(call);
            client.drop();
        }
    }

    @Test
    void subscriptionsStillBeingOpenedWhenOneFailedLeaveNothing() {
        server.engine().hold(Call.HISTORY);
        server.engine().hold(Call.ADD_PRESENCE);
        ScriptedClient client = server.client().tell("{'id':1,'connect':{'token':'chat:a news:a chat:b'}}");

        server.engine().fail(Call.HISTORY);
        server.engine().release(Call.HISTORY);
        server.run();
        assertThat(client.heard())
                .containsExactly("{'id':1,'error':{'code':100,'message':'internal server error','temporary':true}}");
        server.engine().release(Call.ADD_PRESENCE);
        server.run();

        assertThat(client.heard()).isEmpty();
        assertThat(server.node().describe().subscriptions()).isZero();
        assertThat(server.engine().present()).isEmpty();
    }

    @Test
    void publicationsThatArriveWhileOthersAreOpenedFollowTheReply() {
        server.engine().hold(Call.ADD_PRESENCE);
        ScriptedClient client = server.client().tell("{'id':1,'connect':{'token':'news:a chat:a'}}");

        server.publish("news:a", 1, 2);
        assertThat(client.heard()).isEmpty();
        server.engine().release(Call.ADD_PRESENCE);

        assertThat(client.heard())
                .containsExactly(
                        connected("'subs':{'news:a':{'recoverable':true,'epoch':'e1','positioned':true},'chat:a':{}},"),
                        "{'push':{'channel':'news:a','pub':{'data':'1','offset':1}}}",
                        "{'push':{'channel':'news:a','pub':{'data':'2','offset':2}}}",
                        "{'push':{'channel':'chat:a','join':{'info':{'user':'alice','client':'#1'}}}}");
    }

    @Test
    void clientThatEndsWhileItIsSubscribedLeavesNothing() {
        for (Call call : new Call[] {Call.SUBSCRIBE, Call.HISTORY, Call.ADD_PRESENCE}) {
            server.engine().hold(call);
            ScriptedClient client = server.client().tell("{'id':1,'connect':{'token':'chat:a news:a'}}");

            client.drop();
            server.engine().release(call);
            server.run();

            assertThat(client.heard()).as(call.name()).isEmpty();
            assertThat(server.engine().subscribed()).as(call.name()).isEmpty();
            assertThat(server.engine().present()).as(call.name()).isEmpty();
        }
    }
}
