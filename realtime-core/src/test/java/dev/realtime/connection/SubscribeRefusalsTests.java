package dev.realtime.connection;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.node.ErrorReply.BAD_REQUEST;
import static dev.realtime.node.ErrorReply.PERMISSION_DENIED;
import static dev.realtime.node.ErrorReply.error;
import static dev.realtime.node.SubscribedReply.SUBSCRIBED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.Access;
import dev.realtime.api.client.Disconnect;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.transport.BufferLeaks;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Refusals of the subscribe command, in their order. */
@ExtendWith(BufferLeaks.class)
class SubscribeRefusalsTests {

    private static ScriptedServer.Setup setup() {
        return ScriptedServer.setup()
                .namespace("chat", options -> options.subscribeAccess(ANYONE))
                .namespace("closed", options -> options)
                .namespace("users", options -> options.subscribeAccess(new Access(true, false, false)))
                .namespace("limited", options -> options.subscribeAccess(ANYONE).allowUserLimitedChannels(true))
                .namespace(
                        "digits", options -> options.subscribeAccess(ANYONE).channelRegex(Pattern.compile("^[0-9]+$")))
                .tokensAreUsers();
    }

    @RegisterExtension
    final ScriptedServer server = setup().start();

    @Test
    void emptyChannelIsABadRequest() {
        for (String request : new String[] {"{}", "{'channel':''}", "{'channel':'','delta':'unknown'}"}) {
            ScriptedClient client = server.client().connected();

            assertThat(client.ask("{'id':2,'subscribe':" + request + "}")).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);
        }
    }

    @Test
    void unknownDeltaTypeIsABadRequestBeforeTheNameIsLookedAt() {
        ScriptedClient client = server.client().connected();

        assertThat(client.subscribe("unknown:" + "x".repeat(300))
                        .with("delta", "'zstd'")
                        .messages())
                .isEmpty();
        assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);
    }

    @Test
    void nameOf255BytesIsTheLongest() {
        ScriptedClient client = server.client().connected();

        assertThat(client.subscribe("chat:" + "x".repeat(250)).reply()).isEqualTo(SUBSCRIBED);
        assertThat(client.subscribe("chat:" + "x".repeat(251)).error()).isEqualTo(BAD_REQUEST);
    }

    @Test
    void lengthIsLookedAtBeforeTheNamespace() {
        assertThat(server.client()
                        .connected()
                        .subscribe("unknown:" + "x".repeat(300))
                        .error())
                .isEqualTo(BAD_REQUEST);
    }

    @Test
    void secondSubscriptionToAChannelIsRefused() {
        ScriptedClient client = server.client().connected().subscribed("chat:room");

        assertThat(client.subscribe("chat:room").error()).isEqualTo(error(105, "already subscribed"));
    }

    @Test
    void subscriptionMadeByTheServerCountsAsOne() {
        ScriptedClient client = server.client().connected("alice");
        server.await(server.node().channels().subscribe("alice", "closed:room"));

        assertThat(client.subscribe("closed:room").error()).isEqualTo(error(105, "already subscribed"));
    }

    @Test
    void channelOverTheLimitIsRefusedAfterDuplicatesAndBeforeAnythingElse() {
        try (ScriptedServer server =
                setup().client(options -> options.channelLimit(2)).start()) {
            ScriptedClient client =
                    server.client().connected().subscribed("chat:1").subscribed("chat:2");

            assertThat(client.subscribe("chat:1").error()).isEqualTo(error(105, "already subscribed"));
            assertThat(client.subscribe("chat:3").error()).isEqualTo(error(106, "limit exceeded"));
            assertThat(client.subscribe("unknown:3").error()).isEqualTo(error(106, "limit exceeded"));

            client.unsubscribed("chat:1");
            assertThat(client.subscribe("chat:3").reply()).isEqualTo(SUBSCRIBED);
        }
    }

    @Test
    void unknownNamespaceIsRefusedBeforeABadName() {
        ScriptedClient client = server.client().connected();

        assertThat(client.subscribe("unknown:room").error()).isEqualTo(error(102, "unknown channel"));
        assertThat(client.subscribe("unknown:ü").error()).isEqualTo(error(102, "unknown channel"));
    }

    @Test
    void badNameIsRefusedBeforePermission() {
        ScriptedClient client = server.client().connected();

        assertThat(client.subscribe("closed:ü").error()).isEqualTo(BAD_REQUEST);
        assertThat(client.subscribe("$chat:ü").error()).isEqualTo(BAD_REQUEST);
        assertThat(client.subscribe("digits:x").error()).isEqualTo(BAD_REQUEST);
        assertThat(client.subscribe("digits:7").reply()).isEqualTo(SUBSCRIBED);
    }

    @Test
    void channelThatNothingOpensIsDenied() {
        assertThat(server.client().connected("alice").subscribe("closed:room").error())
                .isEqualTo(PERMISSION_DENIED);
        assertThat(server.client().connected("alice").subscribe("room").error()).isEqualTo(PERMISSION_DENIED);
    }

    @Test
    void channelForUsersIsDeniedToAnonymousClients() {
        assertThat(server.client().connected().subscribe("users:room").error()).isEqualTo(PERMISSION_DENIED);
        assertThat(server.client().connected("alice").subscribe("users:room").reply())
                .isEqualTo(SUBSCRIBED);
    }

    @Test
    void privateChannelIsDeniedWithoutAToken() {
        assertThat(server.client().connected("alice").subscribe("$chat:room").error())
                .isEqualTo(PERMISSION_DENIED);
    }

    @Test
    void tokenIsDeniedWhereNothingVerifiesTokens() {
        assertThat(server.client()
                        .connected("alice")
                        .subscribe("chat:room")
                        .token("t")
                        .error())
                .isEqualTo(PERMISSION_DENIED);
    }

    @Test
    void userLimitedChannelAdmitsTheUsersItNamesAndNobodyElse() {
        assertThat(server.client()
                        .connected("alice")
                        .subscribe("limited:x#bob,alice")
                        .reply())
                .isEqualTo(SUBSCRIBED);
        assertThat(server.client()
                        .connected("carol")
                        .subscribe("limited:x#bob,alice")
                        .error())
                .isEqualTo(PERMISSION_DENIED);
        assertThat(server.client().connected().subscribe("limited:x#").error()).isEqualTo(PERMISSION_DENIED);
        assertThat(server.client().connected("carol").subscribe("limited:x").reply())
                .isEqualTo(SUBSCRIBED);
        assertThat(server.client().connected("carol").subscribe("chat:x#bob").reply())
                .isEqualTo(SUBSCRIBED);
    }

    @Test
    void tagsFilterIsRefusedAfterPermission() {
        String filter = "{'key':'a','cmp':'eq','val':'b'}";
        ScriptedClient client = server.client().connected();

        assertThat(client.subscribe("closed:room").with("tf", filter).error()).isEqualTo(PERMISSION_DENIED);
        assertThat(client.subscribe("chat:room").with("tf", filter).error()).isEqualTo(BAD_REQUEST);
    }

    @Test
    void kindsOfSubscriptionThatAreNotServedAreNotAvailable() {
        assertThat(server.client()
                        .connected()
                        .subscribe("chat:room")
                        .with("type", "1")
                        .error())
                .isEqualTo(error(108, "not available"));
    }

    @Test
    void refusedSubscriptionLeavesNothingAndCanBeTriedAgain() {
        ScriptedClient client = server.client().connected();
        client.subscribe("closed:room").error();

        assertThat(server.node().describe().subscriptions()).isZero();
        assertThat(server.engine().subscribed()).isEmpty();
        assertThat(client.subscribe("closed:room").error()).isEqualTo(PERMISSION_DENIED);
    }

    @Test
    void insecureServerOpensEveryChannelButNoUnknownOne() {
        try (ScriptedServer server =
                setup().client(options -> options.insecure(true)).start()) {
            ScriptedClient client = server.client().connected();

            for (String channel : new String[] {"closed:room", "$chat:room", "limited:x#bob", "users:room"}) {
                assertThat(client.subscribe(channel).reply()).as(channel).isEqualTo(SUBSCRIBED);
            }
            assertThat(client.subscribe("unknown:room").error()).isEqualTo(error(102, "unknown channel"));
            assertThat(client.subscribe("chat:ü").error()).isEqualTo(BAD_REQUEST);
        }
    }
}
