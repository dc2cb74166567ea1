package dev.realtime.connection;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static dev.realtime.node.ErrorReply.INTERNAL;
import static dev.realtime.node.ErrorReply.PERMISSION_DENIED;
import static dev.realtime.node.ErrorReply.error;
import static dev.realtime.node.Pushes.push;
import static dev.realtime.node.SubscribedReply.SUBSCRIBED;
import static dev.realtime.node.SubscribedReply.recoverable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.SubscribeOverrides;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.protocol.UnixTime;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.transport.BufferLeaks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;

/** Subscription tokens: permission independent of the namespace, and the content of a permission. */
@ExtendWith(BufferLeaks.class)
class SubscribeTokenTests {

    private final ScriptedAuthorizer authorizer = new ScriptedAuthorizer();

    private ScriptedServer.Setup setup() {
        return ScriptedServer.setup()
                .namespace("chat", options -> options.subscribeAccess(ANYONE))
                .namespace("closed", options -> options.history(keeping(10)))
                .namespace("limited", options -> options.allowUserLimitedChannels(true))
                .tokensAreUsers()
                .authorizer(authorizer);
    }

    private ScriptedServer.Setup withTokens(Mono<SubscriptionGrant> answer) {
        return setup().tokenAuthenticator(new ScriptedTokens().answering(answer));
    }

    private static SubscriptionGrant expiring(long atSeconds, boolean clientRefresh) {
        return SubscriptionGrant.PLAIN.expiringAt(UnixTime.moment(atSeconds), clientRefresh);
    }

    @Test
    void tokenAloneDecides() {
        try (ScriptedServer server =
                withTokens(Mono.just(SubscriptionGrant.PLAIN)).start()) {
            ScriptedClient client = server.client().connected("alice");

            for (String channel : List.of("closed:a", "$chat:a", "limited:x#bob")) {
                assertThat(client.subscribe(channel).token("t").reply())
                        .as(channel)
                        .isEqualTo(SUBSCRIBED);
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
            assertThat(server.client()
                            .connected("alice")
                            .subscribe("chat:a")
                            .token("t")
                            .error())
                    .isEqualTo(PERMISSION_DENIED);
        }
    }

    @Test
    void tokenThatIsNotAcceptedDeniesWhatTheNamespaceOpens() {
        try (ScriptedServer server = withTokens(Mono.empty()).start()) {
            assertThat(server.client()
                            .connected("alice")
                            .subscribe("chat:a")
                            .token("t")
                            .error())
                    .isEqualTo(PERMISSION_DENIED);
        }
    }

    @Test
    void tokenIsRefusedAsTheVerifierSays() {
        for (var refusal : List.of(
                ClientRefusedException.with(ClientError.PERMISSION_DENIED, "bad signature"),
                ClientRefusedException.with(ClientError.TOKEN_EXPIRED, "expired"))) {
            try (ScriptedServer server = withTokens(Mono.error(refusal)).start()) {
                assertThat(server.client()
                                .connected("alice")
                                .subscribe("chat:a")
                                .token("t")
                                .error()
                                .code())
                        .isEqualTo(refusal.error().code());
            }
        }
    }

    @Test
    void tokenOfAnotherChannelEndsTheConnection() {
        try (ScriptedServer server = withTokens(
                        Mono.error(ClientRefusedException.with(Disconnect.INVALID_TOKEN, "another channel")))
                .start()) {
            ScriptedClient client = server.client().connected("alice");

            assertThat(client.subscribe("chat:a").token("t").messages()).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.INVALID_TOKEN);
        }
    }

    @Test
    void verifierThatFailsIsATemporaryError() {
        try (ScriptedServer server =
                withTokens(Mono.error(new IllegalStateException("on purpose"))).start()) {
            assertThat(server.client()
                            .connected("alice")
                            .subscribe("chat:a")
                            .token("t")
                            .error())
                    .isEqualTo(INTERNAL);
        }
    }

    @Test
    void verifierThatThrowsIsATemporaryError() {
        try (ScriptedServer server =
                setup().tokenAuthenticator(new ScriptedTokens().throwing()).start()) {
            assertThat(server.client()
                            .connected("alice")
                            .subscribe("chat:a")
                            .token("t")
                            .error())
                    .isEqualTo(INTERNAL);
        }
    }

    @Test
    void verifierThatTakesTooLongIsATemporaryError() {
        try (ScriptedServer server = withTokens(Mono.never()).start()) {
            ScriptedClient client = server.client()
                    .connected("alice")
                    .subscribe("chat:a")
                    .token("t")
                    .send();

            server.passSeconds(1);

            assertThat(client.error()).isEqualTo(INTERNAL);
            assertThat(client.heard()).isEmpty();
        }
    }

    @Test
    void permissionThatExpiredAlreadyIsRefusedBeforeTheTagsFilter() {
        try (ScriptedServer server = withTokens(Mono.just(expiring(ScriptedServer.START.getEpochSecond(), true)))
                .start()) {
            assertThat(server.client()
                            .connected("alice")
                            .subscribe("chat:a")
                            .token("t")
                            .with("tf", "{'key':'a','cmp':'ex'}")
                            .error())
                    .isEqualTo(error(110, "expired"));
        }
    }

    @Test
    void expiryIsToldWhereTheClientRefreshes() {
        long inAMinute = ScriptedServer.START.getEpochSecond() + 60;
        try (ScriptedServer server =
                withTokens(Mono.just(expiring(inAMinute, true))).start()) {
            assertThat(server.client()
                            .connected("alice")
                            .subscribe("chat:a")
                            .token("t")
                            .reply())
                    .isEqualTo(SUBSCRIBED.expiringIn(60));
        }
        try (ScriptedServer server =
                withTokens(Mono.just(expiring(inAMinute, false))).start()) {
            assertThat(server.client()
                            .connected("alice")
                            .subscribe("chat:a")
                            .token("t")
                            .reply())
                    .isEqualTo(SUBSCRIBED);
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
            ScriptedClient client = server.client().connected("alice");

            client.subscribe("closed:a").token("t").send();

            assertThat(client.reply()).isEqualTo(recoverable(0, "e1").withData("{'d':1}"));
            assertThat(client.heard())
                    .containsExactly(
                            push("closed:a", "join", "{'info':{'user':'alice','client':'#1','chan_info':{'i':1}}}"));
            assertThat(server.engine().present()).hasSize(1);
        }
    }

    @Test
    void dataThatIsNotJsonCannotBeToldToAJsonClient() {
        SubscriptionGrant grant = SubscriptionGrant.PLAIN.withData(Payload.ofText("no json"));
        try (ScriptedServer server = withTokens(Mono.just(grant)).start()) {
            ScriptedClient client = server.client().connected("alice");

            assertThat(client.subscribe("chat:a").token("t").messages()).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.INAPPROPRIATE_PROTOCOL);
        }
    }
}
