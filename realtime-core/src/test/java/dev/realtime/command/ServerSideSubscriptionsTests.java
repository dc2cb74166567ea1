package dev.realtime.command;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static dev.realtime.node.ErrorReply.INTERNAL;
import static dev.realtime.node.ErrorReply.error;
import static dev.realtime.node.Pushes.join;
import static dev.realtime.node.Pushes.push;
import static dev.realtime.node.SubscribedReply.SUBSCRIBED;
import static dev.realtime.node.SubscribedReply.notRecovered;
import static dev.realtime.node.SubscribedReply.positioned;
import static dev.realtime.node.SubscribedReply.publication;
import static dev.realtime.node.SubscribedReply.recoverable;
import static dev.realtime.node.SubscribedReply.recovered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

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

    private static final HistoryOptions TEN = keeping(10);

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

    @Test
    void grantedChannelsComeWithTheReplyThenTheOwnJoin() {
        ScriptedClient client = server.client();

        client.connect().token("chat:a").send();

        assertThat(client.subscriptions()).containsExactly(entry("chat:a", SUBSCRIBED));
        assertThat(client.heard()).containsExactly(join("chat:a", "alice", "#1"));
    }

    @Test
    void permissionIsNotAskedForGrantedChannels() {
        ScriptedClient client = server.client()
                .connect()
                .token("$chat:private limited:x#bob closed")
                .send();

        assertThat(client.subscriptions())
                .containsExactly(
                        entry("$chat:private", SUBSCRIBED),
                        entry("limited:x#bob", SUBSCRIBED),
                        entry("closed", SUBSCRIBED));
    }

    @Test
    void resultTellsWhatTheNamespaceForces() {
        server.publish("watched:a", 1, 2);

        assertThat(server.client().connect().token("watched:a news:a").subscriptions())
                .containsExactly(entry("watched:a", positioned(2, "e1")), entry("news:a", recoverable(0, "e2")));
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
            ScriptedClient client = server.client().connect().send();

            assertThat(client.subscriptions()).containsExactly(entry("chat:a", SUBSCRIBED.withData("{'d':1}")));
            assertThat(client.heard())
                    .containsExactly(push(
                            "chat:a",
                            "join",
                            "{'info':{'user':'alice','client':'#1','conn_info':{'c':1},'chan_info':{'i':1}}}"));
        }
    }

    @Test
    void unknownNamespaceOfAGrantedChannelIsAnErrorAndNothingIsLeft() {
        ScriptedClient client = server.client();

        assertThat(client.connect().token("chat:a unknown:a").error()).isEqualTo(error(102, "unknown channel"));

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
            assertThat(server.client().connect().subscribing("").subscriptions())
                    .isEmpty();
            assertThat(server.node().describe().subscriptions()).isZero();
        }
    }

    @Test
    void channelsOfTheConnectRequestAreOpenedByConfigurationAlone() {
        assertThat(server.client()
                        .connect()
                        .subscribing(
                                "open:a",
                                "chat:denied",
                                "$open:a",
                                "limited:x#alice",
                                "limited:x#bob",
                                "open:ü",
                                "closed")
                        .subscriptions())
                .containsExactly(entry("open:a", SUBSCRIBED), entry("limited:x#alice", SUBSCRIBED));
    }

    @Test
    void channelOfTheConnectRequestWithATooLongNameIsLeftOut() {
        String name = "open:" + "x".repeat(251);

        assertThat(server.client().connect().subscribing(name).subscriptions()).isEmpty();
    }

    @Test
    void unknownNamespaceInTheConnectRequestIsABadRequest() {
        ScriptedClient client = server.client();

        assertThat(client.connect().subscribing("open:a", "unknown:a").messages())
                .isEmpty();
        assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);
    }

    @Test
    void channelThatIsGrantedAndRequestedIsSubscribedOnce() {
        assertThat(server.client()
                        .connect()
                        .token("open:a")
                        .subscribing("open:a")
                        .subscriptions())
                .containsExactly(entry("open:a", SUBSCRIBED));
        assertThat(server.node().describe().subscriptions()).isEqualTo(1);
    }

    @Test
    void moreChannelsThanAllowedEndTheConnection() {
        try (ScriptedServer server =
                setup().client(options -> options.channelLimit(2)).start()) {
            ScriptedClient client = server.client();

            assertThat(client.connect()
                            .token("open:a open:b")
                            .subscribing("open:c")
                            .messages())
                    .isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.CHANNEL_LIMIT);
        }
    }

    @Test
    void connectRequestRecoversGrantedAndRequestedChannels() {
        server.publish("news:a", 1, 2, 3);
        server.publish("news:b", 1);

        assertThat(server.client()
                        .connect()
                        .token("news:a")
                        .recovering("news:a", 2, "e1")
                        .recovering("news:b", 1, "other")
                        .subscriptions())
                .containsExactly(
                        entry("news:a", recovered(2, "e1", publication(3))), entry("news:b", notRecovered(1, "e2")));
    }

    @Test
    void cacheIsRecoveredUnaskedWhereConfigured() {
        server.publish("state:a", 1, 2);

        assertThat(server.client().connect().token("state:a").subscriptions())
                .containsExactly(entry("state:a", recovered(0, "e1", publication(2))));
    }

    @Test
    void personalChannelIsSubscribedForEveryUserButAnonymousOnes() {
        try (ScriptedServer server = ScriptedServer.setup()
                .client(options -> options.personalChannel(true))
                .tokensAreUsers()
                .start()) {
            assertThat(server.client().connect().token("alice").subscriptions())
                    .containsExactly(entry("#alice", SUBSCRIBED));
            assertThat(server.client().connect().subscriptions()).isEmpty();
        }
    }

    @Test
    void personalChannelHasTheNamespaceConfigured() {
        try (ScriptedServer server = ScriptedServer.setup()
                .client(options -> options.personalChannel(true).personalChannelNamespace("own"))
                .namespace("own", options -> options.history(TEN).forcePositioning(true))
                .tokensAreUsers()
                .start()) {
            assertThat(server.client().connect().token("alice").subscriptions())
                    .containsExactly(entry("own:#alice", positioned(0, "e1")));
        }
    }

    @Test
    void engineThatFailsOneSubscriptionRefusesTheConnectionAndLeavesNothing() {
        for (Call call : new Call[] {Call.SUBSCRIBE, Call.HISTORY, Call.ADD_PRESENCE}) {
            server.engine().fail(call);
            ScriptedClient client = server.client();

            assertThat(client.connect().token("chat:a news:a chat:b news:b").error())
                    .as(call.name())
                    .isEqualTo(INTERNAL);

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
        ScriptedClient client =
                server.client().connect().token("chat:a news:a chat:b").send();

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
        ScriptedClient client = server.client().connect().token("news:a chat:a").send();

        server.publish("news:a", 1, 2);
        assertThat(client.heard()).isEmpty();
        server.engine().release(Call.ADD_PRESENCE);

        assertThat(client.subscriptions())
                .containsExactly(entry("news:a", recoverable(0, "e1")), entry("chat:a", SUBSCRIBED));
        assertThat(client.heard()).containsExactly(push("news:a", 1), push("news:a", 2), join("chat:a", "alice", "#1"));
    }

    @Test
    void clientThatEndsWhileItIsSubscribedLeavesNothing() {
        for (Call call : new Call[] {Call.SUBSCRIBE, Call.HISTORY, Call.ADD_PRESENCE}) {
            server.engine().hold(call);
            ScriptedClient client =
                    server.client().connect().token("chat:a news:a").send();

            client.drop();
            server.engine().release(call);
            server.run();

            assertThat(client.heard()).as(call.name()).isEmpty();
            assertThat(server.engine().subscribed()).as(call.name()).isEmpty();
            assertThat(server.engine().present()).as(call.name()).isEmpty();
        }
    }
}
