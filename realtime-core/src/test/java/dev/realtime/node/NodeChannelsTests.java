package dev.realtime.node;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.api.ConnectedClient;
import dev.realtime.api.ConnectionFilter;
import dev.realtime.api.NodeDescription;
import dev.realtime.api.RealtimeException;
import dev.realtime.api.SubscribeOptions;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.channel.SubscribeOverrides;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.HistoryQuery;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.PresenceStats;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.transport.BufferLeaks;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** Channels, presence and clients through the beans of the node. */
@ExtendWith(BufferLeaks.class)
class NodeChannelsTests {

    private static final HistoryOptions TEN = keeping(10);

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .client(options -> options.personalChannel(true).channelLimit(3))
            .withoutNamespace(options -> options.subscribeAccess(ANYONE))
            .namespace("chat", options -> options.subscribeAccess(ANYONE).presence(true))
            .namespace(
                    "news",
                    options -> options.subscribeAccess(ANYONE).history(TEN).forceRecovery(true))
            .authenticator(context -> Mono.just(
                    context.token().startsWith("expiring ")
                            ? Authentication.of(context.token().substring(9))
                                    .expiringAt(ScriptedServer.START.plusSeconds(60), true)
                            : Authentication.of(context.token())))
            .start();

    private void refusedWith(ClientError error, Mono<?> call) {
        assertThatExceptionOfType(RealtimeException.class)
                .isThrownBy(() -> server.await(call))
                .satisfies(refused -> assertThat(refused.error()).isEqualTo(error));
    }

    // ---- Channels

    @Test
    void userIsSubscribedOnAllItsConnections() {
        ScriptedClient first = server.client().connected("alice");
        ScriptedClient second = server.client().connected("alice");
        server.publish("news:a", 1, 2);

        server.await(server.node().channels().subscribe("alice", "news:a"));
        server.publish("news:a", 3);

        for (ScriptedClient client : List.of(first, second)) {
            assertThat(client.heard())
                    .containsExactly(
                            "{'push':{'channel':'news:a','subscribe':"
                                    + "{'recoverable':true,'epoch':'e1','offset':2,'positioned':true}}}",
                            "{'push':{'channel':'news:a','pub':{'data':'3','offset':3}}}");
        }
    }

    @Test
    void settingsOfASubscriptionCount() {
        ScriptedClient first = server.client().connected("alice");
        ScriptedClient second = server.client().connected("alice");

        server.await(server.node()
                .channels()
                .subscribe(
                        "alice",
                        "closed",
                        SubscribeOptions.DEFAULTS
                                .withConnections(ConnectionFilter.client(second.id()))
                                .withInfo("info")
                                .withData("data")
                                .withOverrides(SubscribeOverrides.NONE
                                        .withPresence(true)
                                        .withJoinLeave(true)
                                        .withForcePushJoinLeave(true))));

        assertThat(first.heard()).isEmpty();
        assertThat(second.heard())
                .containsExactly(
                        "{'push':{'channel':'closed','subscribe':{'data':'data'}}}",
                        "{'push':{'channel':'closed','join':"
                                + "{'info':{'user':'alice','client':'#2','chan_info':'info'}}}}");
        assertThat(server.engine().present()).hasSize(1);
    }

    @Test
    void userThatIsSubscribedAlreadyIsNotSubscribedTwice() {
        ScriptedClient client = server.client().connected("alice").subscribed("chat:a");

        server.await(server.node().channels().subscribe("alice", "chat:a"));
        server.publish("chat:a", 1);

        assertThat(client.heard())
                .filteredOn(message -> message.contains("'pub'"))
                .hasSize(1);
    }

    @Test
    void subscribingAUserWithoutConnectionsSucceeds() {
        server.await(server.node().channels().subscribe("nobody", "chat:a"));
        server.await(server.node().channels().unsubscribe("nobody", "chat:a"));

        refusedWith(ClientError.UNKNOWN_CHANNEL, server.node().channels().subscribe("alice", "unknown:a"));
        refusedWith(ClientError.UNKNOWN_CHANNEL, server.node().channels().unsubscribe("alice", "unknown:a"));
        refusedWith(ClientError.BAD_REQUEST, server.node().channels().unsubscribe("alice", ""));
    }

    @Test
    void connectionOverItsChannelLimitIsClosed() {
        ScriptedClient client =
                server.client().connected("alice").subscribed("chat:a").subscribed("chat:b");

        server.await(server.node().channels().subscribe("alice", "chat:c"));

        assertThat(client.closedWith()).isEqualTo(Disconnect.CHANNEL_LIMIT);
    }

    @Test
    void engineThatFailsToSubscribeAUserLeavesTheConnectionAsItWas() {
        ScriptedClient client = server.client().connected("alice");
        server.engine().fail(Call.SUBSCRIBE);

        server.await(server.node().channels().subscribe("alice", "chat:a"));

        assertThat(client.heard()).isEmpty();
        assertThat(client.closedWith()).isNull();
        assertThat(server.node().describe().subscriptions()).isEqualTo(1);
    }

    @Test
    void unsubscribeCanNameOneConnection() {
        ScriptedClient first = server.client().connected("alice").subscribed("chat:a");
        ScriptedClient second = server.client().connected("alice").subscribed("chat:a");

        server.await(server.node().channels().unsubscribe("alice", "chat:a", ConnectionFilter.client(first.id())));

        assertThat(first.heard()).hasSize(1);
        assertThat(second.heard()).isEmpty();
    }

    @Test
    void invalidationHasAllSubscribersOfTheChannelSubscribeAgain() {
        ScriptedClient alice =
                server.client().connected("alice").subscribed("news:a").subscribed("news:b");
        ScriptedClient bob = server.client().connected("bob").subscribed("news:a");
        ScriptedClient other = server.client().connected("bob").subscribed("news:b");

        server.await(server.node().channels().invalidate("news:a"));
        server.publish("news:a", 1);
        server.publish("news:b", 1);

        String invalidated = "{'push':{'channel':'news:a','unsubscribe':{'code':2502,'reason':'state invalidated'}}}";
        String published = "{'push':{'channel':'news:b','pub':{'data':'1','offset':1}}}";
        assertThat(alice.heard()).containsExactly(invalidated, published);
        assertThat(bob.heard()).containsExactly(invalidated);
        assertThat(other.heard()).containsExactly(published);
        assertThat(alice.subscribed("news:a").closedWith()).isNull();
    }

    @Test
    void invalidationClosesConnectionsThatTheServerSubscribed() {
        ScriptedClient subscribed = server.client().connected("alice");
        server.await(server.node().channels().subscribe("alice", "news:a"));
        ScriptedClient other = server.client().connected("bob");

        server.await(server.node().channels().invalidate("news:a"));

        assertThat(subscribed.closedWith()).isEqualTo(Disconnect.STATE_INVALIDATED);
        assertThat(other.closedWith()).isNull();
    }

    @Test
    void invalidationWaitsForASubscribeInProgress() {
        ScriptedClient client = server.client().connected("alice");
        server.engine().hold(Call.HISTORY);
        client.tell("{'id':9,'subscribe':{'channel':'news:a'}}");

        server.await(server.node().channels().invalidate("news:a"));
        assertThat(client.heard()).isEmpty();
        server.engine().release(Call.HISTORY);

        assertThat(client.heard()).hasSize(2).last().asString().contains("'code':2502");
    }

    @Test
    void invalidationOfAChannelWithoutSubscribersSucceeds() {
        server.await(server.node().channels().invalidate("news:a"));

        refusedWith(ClientError.UNKNOWN_CHANNEL, server.node().channels().invalidate("unknown:a"));
        refusedWith(ClientError.BAD_REQUEST, server.node().channels().invalidate(""));
    }

    @Test
    void historyAndPositionAreRead() {
        server.publish("news:a", 1, 2, 3);
        var channels = server.node().channels();

        assertThat(server.await(channels.position("news:a"))).isEqualTo(new StreamPosition(3, "e1"));
        assertThat(server.await(channels.history("news:a", HistoryQuery.latest(2)))
                        .publications())
                .extracting(publication -> publication.offset())
                .containsExactly(3L, 2L);
        server.await(channels.removeHistory("news:a"));
        assertThat(server.await(channels.history("news:a", HistoryQuery.latest(2)))
                        .publications())
                .isEmpty();
        assertThat(server.await(channels.position("news:a"))).isEqualTo(new StreamPosition(3, "e1"));

        refusedWith(ClientError.NOT_AVAILABLE, channels.position("chat:a"));
        refusedWith(ClientError.NOT_AVAILABLE, channels.removeHistory("chat:a"));
        refusedWith(ClientError.UNKNOWN_CHANNEL, channels.position("unknown:a"));
        refusedWith(
                ClientError.UNRECOVERABLE_POSITION,
                channels.history("news:a", HistoryQuery.after(new StreamPosition(1, "other"), 5)));
    }

    @Test
    void channelsWithSubscribersAreListedByPattern() {
        server.client().connected("alice").subscribed("chat:a").subscribed("news:a");
        server.client().connected("bob").subscribed("chat:a");
        var channels = server.node().channels();

        assertThat(server.await(channels.list("chat:*"))).isEqualTo(Map.of("chat:a", 2));
        assertThat(server.await(channels.list(""))).isEqualTo(Map.of("#alice", 1, "#bob", 1, "chat:a", 2, "news:a", 1));
        refusedWith(ClientError.BAD_REQUEST, channels.list("[a"));
    }

    // ---- Presence

    @Test
    void presenceIsReadAndCounted() {
        ScriptedClient alice = server.client().connected("alice").subscribed("chat:a");
        server.client().connected("alice").subscribed("chat:a");
        var presence = server.node().presence();

        assertThat(server.await(presence.presence("chat:a"))).hasSize(2).containsKey(alice.id());
        assertThat(server.await(presence.stats("chat:a"))).isEqualTo(new PresenceStats(2, 1));
        refusedWith(ClientError.NOT_AVAILABLE, presence.presence("news:a"));
        refusedWith(ClientError.NOT_AVAILABLE, presence.stats("news:a"));
        refusedWith(ClientError.UNKNOWN_CHANNEL, presence.stats("unknown:a"));
    }

    @Test
    void presenceLivesAsLongAsTheClientDoes() {
        ScriptedClient client = server.client().connected("alice").subscribed("chat:a");

        for (int i = 0; i < 12; i++) {
            server.passSeconds(25);
            if (client.heard().contains("{}")) {
                client.tell("{}");
            }
        }

        assertThat(server.await(server.node().presence().stats("chat:a"))).isEqualTo(new PresenceStats(1, 1));
    }

    // ---- Clients

    @Test
    void connectionsOfAUserAreDescribed() {
        ScriptedClient client = server.client();
        client.tell("{'id':1,'connect':{'token':'alice','name':'a-very-long-sdk-name','version':'1.2'}}");
        client.subscribed("chat:a");
        server.client().connected("bob");

        assertThat(server.await(server.node().clients().connections("alice").collectList()))
                .singleElement()
                .satisfies(one -> {
                    assertThat(one)
                            .usingRecursiveComparison()
                            .ignoringFields("channels")
                            .isEqualTo(new ConnectedClient(
                                    client.id(),
                                    "alice",
                                    server.node().id(),
                                    "a-very-long-sdk-",
                                    "1.2",
                                    "scripted",
                                    "json",
                                    List.of(),
                                    ScriptedServer.START.toEpochMilli()));
                    assertThat(one.channels()).containsExactlyInAnyOrder("#alice", "chat:a");
                });
        assertThat(server.await(server.node().clients().connections("nobody").collectList()))
                .isEmpty();
    }

    @Test
    void userIsDisconnectedWithTheCodeGivenButForThoseOnTheList() {
        ScriptedClient first = server.client().connected("alice");
        ScriptedClient second = server.client().connected("alice");
        ScriptedClient third = server.client().connected("alice");
        ScriptedClient other = server.client().connected("bob");
        Disconnect moved = new Disconnect(4200, "moved");

        server.await(server.node().clients().disconnect("alice", ConnectionFilter.ALL, moved, Set.of(second.id())));
        assertThat(first.closedWith()).isEqualTo(moved);
        assertThat(second.closedWith()).isNull();
        assertThat(third.closedWith()).isEqualTo(moved);

        server.await(server.node().clients().disconnect("alice"));
        assertThat(second.closedWith()).isEqualTo(Disconnect.FORCE_DISCONNECT);
        assertThat(other.closedWith()).isNull();
    }

    @Test
    void oneConnectionOfAUserIsDisconnected() {
        ScriptedClient first = server.client().connected("alice");
        ScriptedClient second = server.client().connected("alice");

        server.await(server.node()
                .clients()
                .disconnect("alice", ConnectionFilter.client(first.id()), Disconnect.FORCE_RECONNECT, Set.of()));
        server.await(server.node()
                .clients()
                .disconnect("alice", ConnectionFilter.client("another"), Disconnect.FORCE_RECONNECT, Set.of()));

        assertThat(first.closedWith()).isEqualTo(Disconnect.FORCE_RECONNECT);
        assertThat(second.closedWith()).isNull();
    }

    @Test
    void emptyUserIsAllAnonymousClients() {
        ScriptedClient anonymous = server.client().connected();
        ScriptedClient stranger = server.client();
        ScriptedClient alice = server.client().connected("alice");

        server.await(server.node().clients().disconnect(""));

        assertThat(anonymous.closedWith()).isEqualTo(Disconnect.FORCE_DISCONNECT);
        assertThat(stranger.closedWith()).isNull();
        assertThat(alice.closedWith()).isNull();
    }

    @Test
    void refreshMovesTheDeadlineAndTellsTheClient() {
        ScriptedClient client = server.client().connected("expiring alice");

        server.await(server.node()
                .clients()
                .refresh("alice", ConnectionFilter.ALL, Instant.ofEpochSecond(server.nowSeconds() + 300), null));
        assertThat(client.heard()).containsExactly("{'push':{'refresh':{'expires':true,'ttl':300}}}");
        server.await(server.node().clients().refresh("alice", ConnectionFilter.ALL, null, "info"));
        assertThat(client.heard()).containsExactly("{'push':{'refresh':{}}}");
        client.tell("{'id':2,'subscribe':{'channel':'chat:a'}}");
        assertThat(server.await(server.node().presence().presence("chat:a"))
                        .get(client.id())
                        .connectionInfo())
                .isEqualTo(Payload.ofText("\"info\""));

        server.await(server.node()
                .clients()
                .refresh("alice", ConnectionFilter.ALL, Instant.ofEpochSecond(server.nowSeconds()), null));
        assertThat(client.closedWith()).isEqualTo(Disconnect.EXPIRED);
    }

    @Test
    void expireClosesSoThatTheClientGetsANewToken() {
        ScriptedClient client = server.client().connected("alice");

        server.await(server.node().clients().expire("alice", ConnectionFilter.ALL));

        assertThat(client.closedWith()).isEqualTo(Disconnect.EXPIRED);
    }

    @Test
    void nodesDescribeThemselves() {
        server.client().connected("alice").subscribed("chat:a");
        server.client().connected("bob").subscribed("chat:a");
        server.client();
        server.passSeconds(7);

        assertThat(server.await(server.node().clients().nodes()))
                .singleElement()
                .isEqualTo(new NodeDescription(server.node().id(), "scripted", "test", 3, 2, 4, 3, 7));
    }
}
