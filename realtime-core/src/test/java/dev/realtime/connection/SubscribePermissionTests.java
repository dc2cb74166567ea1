package dev.realtime.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.Access;
import dev.realtime.api.channel.Channel;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.channel.SubscribeOverrides;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.protocol.UnixTime;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.transport.BufferLeaks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Authorizers and subscription tokens: the order of decisions, and the content of a permission. */
@ExtendWith(BufferLeaks.class)
class SubscribePermissionTests {

    private static final Access ANYONE = new Access(true, false, true);

    private static final String OPENED = "{'id':2,'subscribe':{}}";

    private static final String DENIED = "{'id':2,'error':{'code':103,'message':'permission denied'}}";

    private static final String INTERNAL =
            "{'id':2,'error':{'code':100,'message':'internal server error','temporary':true}}";

    /** Returns the same result for every subscribe, and records the calls. */
    private static final class ScriptedAuthorizer implements ChannelAuthorizer {

        private final List<String> asked = new ArrayList<>();

        private Mono<SubscriptionGrant> answer = Mono.empty();

        @Override
        public Mono<SubscriptionGrant> authorizeSubscribe(
                ClientIdentity client, Channel channel, @Nullable Payload data) {
            asked.add(client.userId() + " " + channel.name() + " " + (data == null ? "-" : data.text()));
            return answer;
        }
    }

    private final ScriptedAuthorizer authorizer = new ScriptedAuthorizer();

    private ScriptedServer.Setup setup() {
        return ScriptedServer.setup()
                .namespace("chat", options -> options.subscribeAccess(ANYONE))
                .namespace(
                        "closed",
                        options -> options.history(new HistoryOptions(10, Duration.ofMinutes(1), Duration.ofHours(1))))
                .namespace("limited", options -> options.allowUserLimitedChannels(true))
                .tokensAreUsers()
                .authorizer(authorizer);
    }

    private ScriptedServer.Setup withTokens(Mono<SubscriptionGrant> answer) {
        return setup().tokenAuthenticator(new ScriptedTokens().answering(answer));
    }

    private static String subscribe(String channel) {
        return "{'id':2,'subscribe':{'channel':'" + channel + "'}}";
    }

    private static String withToken(String channel) {
        return "{'id':2,'subscribe':{'channel':'" + channel + "','token':'t'}}";
    }

    private static SubscriptionGrant expiring(long atSeconds, boolean clientRefresh) {
        return SubscriptionGrant.PLAIN.expiringAt(UnixTime.moment(atSeconds), clientRefresh);
    }

    // ---- Authorizers

    @Test
    void authorizerOpensAChannelThatTheNamespaceLeavesClosed() {
        authorizer.answer = Mono.just(SubscriptionGrant.PLAIN);
        try (ScriptedServer server = setup().start()) {
            assertThat(server.client()
                            .connect("alice")
                            .ask("{'id':2,'subscribe':{'channel':'closed:a','data':{'why':1}}}"))
                    .containsExactly(OPENED);
            assertThat(authorizer.asked).containsExactly("alice closed:a {\"why\":1}");
        }
    }

    @Test
    void authorizerWithoutAnAnswerLeavesItToTheNamespace() {
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connect("alice");

            assertThat(client.ask(subscribe("closed:a"))).containsExactly(DENIED);
            assertThat(client.ask(subscribe("chat:a"))).containsExactly(OPENED);
        }
    }

    @Test
    void firstAuthorizerWithAnAnswerDecides() {
        ScriptedAuthorizer second = new ScriptedAuthorizer();
        second.answer = Mono.just(SubscriptionGrant.PLAIN);
        ScriptedAuthorizer third = new ScriptedAuthorizer();
        try (ScriptedServer server =
                setup().authorizer(second).authorizer(third).start()) {
            assertThat(server.client().connect("alice").ask(subscribe("closed:a")))
                    .containsExactly(OPENED);
            assertThat(third.asked).isEmpty();
        }
    }

    @Test
    void authorizerThatRefusesDeniesWhatTheNamespaceOpens() {
        authorizer.answer = Mono.error(
                ClientRefusedException.with(new ClientError(450, "not today", false), "a reason for the log"));
        try (ScriptedServer server = setup().start()) {
            assertThat(server.client().connect("alice").ask(subscribe("chat:a")))
                    .containsExactly("{'id':2,'error':{'code':450,'message':'not today'}}");
        }
    }

    @Test
    void authorizerMayEndTheConnection() {
        authorizer.answer = Mono.error(ClientRefusedException.with(Disconnect.PERMISSION_DENIED, "banned"));
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connect("alice");

            assertThat(client.ask(subscribe("chat:a"))).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.PERMISSION_DENIED);
        }
    }

    @Test
    void authorizerThatFailsIsATemporaryError() {
        authorizer.answer = Mono.error(new IllegalStateException("on purpose"));
        try (ScriptedServer server = setup().start()) {
            assertThat(server.client().connect("alice").ask(subscribe("chat:a")))
                    .containsExactly(INTERNAL);
        }
    }

    @Test
    void authorizerThatThrowsIsATemporaryError() {
        ChannelAuthorizer throwing = new ChannelAuthorizer() {
            @Override
            public Mono<SubscriptionGrant> authorizeSubscribe(
                    ClientIdentity client, Channel channel, @Nullable Payload data) {
                throw new IllegalStateException("on purpose");
            }
        };
        try (ScriptedServer server = setup().authorizer(throwing).start()) {
            assertThat(server.client().connect("alice").ask(subscribe("chat:a")))
                    .containsExactly(INTERNAL);
        }
    }

    @Test
    void authorizerThatTakesTooLongIsATemporaryError() {
        authorizer.answer = Mono.never();
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connect("alice");

            assertThat(client.ask(subscribe("chat:a"))).isEmpty();
            server.passSeconds(1);
            assertThat(client.heard()).containsExactly(INTERNAL);
        }
    }

    @Test
    void clientThatEndsWhileItIsAuthorizedIsNotSubscribed() {
        Sinks.One<SubscriptionGrant> decision = Sinks.one();
        authorizer.answer = decision.asMono();
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connect("alice").tell(subscribe("closed:a"));

            client.drop();
            decision.tryEmitValue(SubscriptionGrant.PLAIN);
            server.run();

            assertThat(server.node().describe().subscriptions()).isZero();
            assertThat(server.engine().subscribed()).isEmpty();
        }
    }

    @Test
    void authorizerIsNotAskedForPrivateOrUserLimitedChannels() {
        authorizer.answer = Mono.just(SubscriptionGrant.PLAIN);
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connect("alice");

            assertThat(client.ask(subscribe("$chat:a"))).containsExactly(DENIED);
            assertThat(client.ask(subscribe("limited:x#bob"))).containsExactly(DENIED);
            assertThat(client.ask(subscribe("limited:x#alice"))).containsExactly(OPENED);
            assertThat(authorizer.asked).isEmpty();
        }
    }

    @Test
    void grantThatBreaksARuleEndsTheConnectionAndNoOther() {
        authorizer.answer = Mono.just(SubscriptionGrant.PLAIN.withOverrides(noOverrides()));
        try (ScriptedServer server = setup().start()) {
            ScriptedClient other = server.client().connect("bob");
            ScriptedClient client = server.client().connect("alice");

            assertThat(client.ask(subscribe("closed:a"))).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.SERVER_ERROR);
            assertThat(other.ask("{'id':2,'unsubscribe':{'channel':'x'}}")).hasSize(1);
        }
    }

    private static SubscribeOverrides noOverrides() {
        return null;
    }

    // ---- Channels named in the connect request

    private static String connectAsking(String... channels) {
        return "{'id':1,'connect':{'token':'alice','subs':{'" + String.join("':{},'", channels) + "':{}}}}";
    }

    @Test
    void authorizerDecidesAboutChannelsOfTheConnectRequestToo() {
        authorizer.answer = Mono.error(ClientRefusedException.with(ClientError.PERMISSION_DENIED, "not for you"));
        try (ScriptedServer server = setup().start()) {
            assertThat(server.client().ask(connectAsking("chat:a", "limited:x#alice")))
                    .singleElement()
                    .asString()
                    .contains("'subs':{'limited:x#alice':{}}");
        }
        authorizer.answer = Mono.just(SubscriptionGrant.PLAIN);
        try (ScriptedServer server = setup().start()) {
            assertThat(server.client().ask(connectAsking("closed:a", "$chat:a", "limited:x#bob")))
                    .singleElement()
                    .asString()
                    .contains("'subs':{'closed:a':{}}");
        }
    }

    @Test
    void authorizerThatFailsForAChannelOfTheConnectRequestIsATemporaryError() {
        authorizer.answer = Mono.error(new IllegalStateException("on purpose"));
        try (ScriptedServer server = setup().start()) {
            assertThat(server.client().ask(connectAsking("chat:a")))
                    .containsExactly(
                            "{'id':1,'error':{'code':100,'message':'internal server error','temporary':true}}");
        }
    }

    @Test
    void authorizerMayEndTheConnectionForAChannelOfTheConnectRequest() {
        authorizer.answer = Mono.error(ClientRefusedException.with(Disconnect.PERMISSION_DENIED, "banned"));
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client();

            assertThat(client.ask(connectAsking("chat:a"))).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.PERMISSION_DENIED);
        }
    }

    @Test
    void connectRequestWithMoreChannelsThanAllowedAsksNobody() {
        try (ScriptedServer server =
                setup().client(options -> options.channelLimit(3)).start()) {
            ScriptedClient client = server.client();

            assertThat(client.ask(connectAsking("chat:a", "chat:b", "chat:c", "chat:d")))
                    .isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.CHANNEL_LIMIT);
            assertThat(authorizer.asked).isEmpty();
            assertThat(server.client().ask(connectAsking("chat:a", "chat:b", "chat:c")))
                    .hasSize(1);
            assertThat(authorizer.asked).hasSize(3);
        }
    }

    @Test
    void questionsOfAClientThatLeftAreCancelled() {
        List<Sinks.One<SubscriptionGrant>> questions = new ArrayList<>();
        List<String> cancelled = new ArrayList<>();
        ChannelAuthorizer slow = new ChannelAuthorizer() {
            @Override
            public Mono<SubscriptionGrant> authorizeSubscribe(
                    ClientIdentity client, Channel channel, @Nullable Payload data) {
                Sinks.One<SubscriptionGrant> question = Sinks.one();
                questions.add(question);
                return question.asMono().doOnCancel(() -> cancelled.add(channel.name()));
            }
        };
        try (ScriptedServer server = setup().authorizer(slow).start()) {
            ScriptedClient connecting = server.client().tell(connectAsking("chat:a", "chat:b", "chat:c"));
            ScriptedClient subscribing = server.client().connect("bob").tell(subscribe("chat:d"));

            connecting.drop();
            subscribing.drop();
            questions.forEach(question -> question.tryEmitValue(SubscriptionGrant.PLAIN));
            server.run();

            assertThat(cancelled).containsExactly("chat:a", "chat:d");
            assertThat(questions).hasSize(2);
        }
    }

    @Test
    void permissionsAskedOnceWhileSubscribingAreNotSwallowed() {
        List<Mono<Boolean>> answers = new ArrayList<>();
        ChannelAuthorizer reading = new ChannelAuthorizer() {
            @Override
            public Mono<SubscriptionGrant> authorizeSubscribe(
                    ClientIdentity client, Channel channel, @Nullable Payload data) {
                return Mono.just(SubscriptionGrant.PLAIN);
            }

            @Override
            public Mono<Boolean> authorizeHistory(ClientIdentity client, Channel channel) {
                return answers.remove(0);
            }

            @Override
            public Mono<Boolean> authorizePresence(ClientIdentity client, Channel channel) {
                return answers.remove(0);
            }
        };
        try (ScriptedServer server = setup().namespace(
                        "live", options -> options.joinLeave(true).forcePushJoinLeave(false))
                .authorizer(reading)
                .start()) {
            String recovering = "{'id':2,'subscribe':{'channel':'closed:a','recoverable':true}}";
            String joining = "{'id':2,'subscribe':{'channel':'live:a','join_leave':true}}";
            ScriptedClient client = server.client().connect("alice");
            ScriptedClient banned = server.client().connect("bob");

            answers.add(Mono.error(new IllegalStateException("on purpose")));
            assertThat(client.ask(recovering)).containsExactly(INTERNAL);
            answers.add(Mono.error(new IllegalStateException("on purpose")));
            assertThat(client.ask(joining)).containsExactly(INTERNAL);
            answers.add(Mono.just(false));
            assertThat(client.ask(recovering)).containsExactly(OPENED);
            answers.add(Mono.error(ClientRefusedException.with(Disconnect.PERMISSION_DENIED, "banned")));
            assertThat(banned.ask(recovering)).isEmpty();
            assertThat(banned.closedWith()).isEqualTo(Disconnect.PERMISSION_DENIED);
        }
    }

    @Test
    void insecureServerTakesNoBadNamesFromTheConnectRequest() {
        try (ScriptedServer server =
                setup().client(options -> options.insecure(true)).start()) {
            assertThat(server.client().ask(connectAsking("closed:a", "closed:ü", "closed:" + "x".repeat(255))))
                    .singleElement()
                    .asString()
                    .contains("'subs':{'closed:a':{}}");
        }
    }

    // ---- Tokens

    @Test
    void tokenAloneDecides() {
        try (ScriptedServer server =
                withTokens(Mono.just(SubscriptionGrant.PLAIN)).start()) {
            ScriptedClient client = server.client().connect("alice");

            for (String channel : List.of("closed:a", "$chat:a", "limited:x#bob")) {
                assertThat(client.ask(withToken(channel))).as(channel).containsExactly(OPENED);
            }
            assertThat(authorizer.asked).isEmpty();
        }
    }

    @Test
    void insecureServerStillRefusesABadToken() {
        try (ScriptedServer server = withTokens(
                        Mono.error(ClientRefusedException.with(ClientError.PERMISSION_DENIED, "bad")))
                .client(options -> options.insecure(true))
                .start()) {
            assertThat(server.client().connect("alice").ask(withToken("chat:a")))
                    .containsExactly(DENIED);
        }
    }

    @Test
    void tokenThatIsNotAcceptedDeniesWhatTheNamespaceOpens() {
        try (ScriptedServer server = withTokens(Mono.empty()).start()) {
            assertThat(server.client().connect("alice").ask(withToken("chat:a")))
                    .containsExactly(DENIED);
        }
    }

    @Test
    void tokenIsRefusedAsTheVerifierSays() {
        for (var refusal : List.of(
                ClientRefusedException.with(ClientError.PERMISSION_DENIED, "bad signature"),
                ClientRefusedException.with(ClientError.TOKEN_EXPIRED, "expired"))) {
            try (ScriptedServer server = withTokens(Mono.error(refusal)).start()) {
                assertThat(server.client().connect("alice").ask(withToken("chat:a")))
                        .singleElement()
                        .asString()
                        .startsWith("{'id':2,'error':{'code':" + refusal.error().code() + ",");
            }
        }
    }

    @Test
    void tokenOfAnotherChannelEndsTheConnection() {
        try (ScriptedServer server = withTokens(
                        Mono.error(ClientRefusedException.with(Disconnect.INVALID_TOKEN, "another channel")))
                .start()) {
            ScriptedClient client = server.client().connect("alice");

            assertThat(client.ask(withToken("chat:a"))).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.INVALID_TOKEN);
        }
    }

    @Test
    void verifierThatFailsIsATemporaryError() {
        try (ScriptedServer server =
                withTokens(Mono.error(new IllegalStateException("on purpose"))).start()) {
            assertThat(server.client().connect("alice").ask(withToken("chat:a")))
                    .containsExactly(INTERNAL);
        }
    }

    @Test
    void verifierThatThrowsIsATemporaryError() {
        try (ScriptedServer server =
                setup().tokenAuthenticator(new ScriptedTokens().throwing()).start()) {
            assertThat(server.client().connect("alice").ask(withToken("chat:a")))
                    .containsExactly(INTERNAL);
        }
    }

    @Test
    void verifierThatTakesTooLongIsATemporaryError() {
        try (ScriptedServer server = withTokens(Mono.never()).start()) {
            ScriptedClient client = server.client().connect("alice").tell(withToken("chat:a"));

            server.passSeconds(1);

            assertThat(client.heard()).containsExactly(INTERNAL);
        }
    }

    @Test
    void permissionThatExpiredAlreadyIsRefusedBeforeTheTagsFilter() {
        try (ScriptedServer server = withTokens(Mono.just(expiring(ScriptedServer.START.getEpochSecond(), true)))
                .start()) {
            assertThat(server.client()
                            .connect("alice")
                            .ask("{'id':2,'subscribe':{'channel':'chat:a','token':'t','tf':{'key':'a','cmp':'ex'}}}"))
                    .containsExactly("{'id':2,'error':{'code':110,'message':'expired'}}");
        }
    }

    @Test
    void expiryIsToldWhereTheClientRefreshes() {
        long inAMinute = ScriptedServer.START.getEpochSecond() + 60;
        try (ScriptedServer server =
                withTokens(Mono.just(expiring(inAMinute, true))).start()) {
            assertThat(server.client().connect("alice").ask(withToken("chat:a")))
                    .containsExactly("{'id':2,'subscribe':{'expires':true,'ttl':60}}");
        }
        try (ScriptedServer server =
                withTokens(Mono.just(expiring(inAMinute, false))).start()) {
            assertThat(server.client().connect("alice").ask(withToken("chat:a")))
                    .containsExactly(OPENED);
        }
    }

    @Test
    void dataInfoAndOverridesComeWithThePermission() {
        SubscriptionGrant grant = SubscriptionGrant.PLAIN
                .withInfo(Payload.ofText("{\"i\":1}"))
                .withData(Payload.ofText("{\"d\":1}"))
                .withOverrides(SubscribeOverrides.NONE
                        .withPresence(true)
                        .withJoinLeave(true)
                        .withForcePushJoinLeave(true)
                        .withForceRecovery(true));
        try (ScriptedServer server = withTokens(Mono.just(grant)).start()) {
            ScriptedClient client = server.client().connect("alice");

            assertThat(client.ask(withToken("closed:a")))
                    .containsExactly(
                            "{'id':2,'subscribe':{'recoverable':true,'epoch':'e1','positioned':true,'data':{'d':1}}}",
                            "{'push':{'channel':'closed:a','join':"
                                    + "{'info':{'user':'alice','client':'#1','chan_info':{'i':1}}}}}");
            assertThat(server.engine().present()).hasSize(1);
        }
    }

    @Test
    void dataThatIsNotJsonCannotBeToldToAJsonClient() {
        SubscriptionGrant grant = SubscriptionGrant.PLAIN.withData(Payload.ofText("no json"));
        try (ScriptedServer server = withTokens(Mono.just(grant)).start()) {
            ScriptedClient client = server.client().connect("alice");

            assertThat(client.ask(withToken("chat:a"))).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.INAPPROPRIATE_PROTOCOL);
        }
    }
}
