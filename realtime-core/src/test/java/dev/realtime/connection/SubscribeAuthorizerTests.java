package dev.realtime.connection;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static dev.realtime.node.ErrorReply.INTERNAL;
import static dev.realtime.node.ErrorReply.PERMISSION_DENIED;
import static dev.realtime.node.ErrorReply.error;
import static dev.realtime.node.SubscribedReply.SUBSCRIBED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.channel.SubscribeOverrides;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.transport.BufferLeaks;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Authorizers: the order of decisions about a subscription, and the content of a permission. */
@ExtendWith(BufferLeaks.class)
class SubscribeAuthorizerTests {

    private final ScriptedAuthorizer authorizer = new ScriptedAuthorizer();

    private ScriptedServer.Setup setup() {
        return ScriptedServer.setup()
                .namespace("chat", options -> options.subscribeAccess(ANYONE))
                .namespace("closed", options -> options.history(keeping(10)))
                .namespace("limited", options -> options.allowUserLimitedChannels(true))
                .tokensAreUsers()
                .authorizer(authorizer);
    }

    @Test
    void authorizerOpensAChannelThatTheNamespaceLeavesClosed() {
        authorizer.answer = Mono.just(SubscriptionGrant.PLAIN);
        try (ScriptedServer server = setup().start()) {
            assertThat(server.client()
                            .connected("alice")
                            .subscribe("closed:a")
                            .with("data", "{'why':1}")
                            .reply())
                    .isEqualTo(SUBSCRIBED);
            assertThat(authorizer.asked).containsExactly("alice closed:a {\"why\":1}");
        }
    }

    @Test
    void authorizerWithoutAnAnswerLeavesItToTheNamespace() {
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connected("alice");

            assertThat(client.subscribe("closed:a").error()).isEqualTo(PERMISSION_DENIED);
            assertThat(client.subscribe("chat:a").reply()).isEqualTo(SUBSCRIBED);
        }
    }

    @Test
    void firstAuthorizerWithAnAnswerDecides() {
        ScriptedAuthorizer second = new ScriptedAuthorizer();
        second.answer = Mono.just(SubscriptionGrant.PLAIN);
        ScriptedAuthorizer third = new ScriptedAuthorizer();
        try (ScriptedServer server =
                setup().authorizer(second).authorizer(third).start()) {
            assertThat(server.client().connected("alice").subscribe("closed:a").reply())
                    .isEqualTo(SUBSCRIBED);
            assertThat(third.asked).isEmpty();
        }
    }

    @Test
    void authorizerThatRefusesDeniesWhatTheNamespaceOpens() {
        authorizer.answer = Mono.error(
                ClientRefusedException.with(new ClientError(450, "not today", false), "a reason for the log"));
        try (ScriptedServer server = setup().start()) {
            assertThat(server.client().connected("alice").subscribe("chat:a").error())
                    .isEqualTo(error(450, "not today"));
        }
    }

    @Test
    void authorizerMayEndTheConnection() {
        authorizer.answer = Mono.error(ClientRefusedException.with(Disconnect.PERMISSION_DENIED, "banned"));
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connected("alice");

            assertThat(client.subscribe("chat:a").messages()).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.PERMISSION_DENIED);
        }
    }

    @Test
    void authorizerThatFailsIsATemporaryError() {
        authorizer.answer = Mono.error(new IllegalStateException("on purpose"));
        try (ScriptedServer server = setup().start()) {
            assertThat(server.client().connected("alice").subscribe("chat:a").error())
                    .isEqualTo(INTERNAL);
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
            assertThat(server.client().connected("alice").subscribe("chat:a").error())
                    .isEqualTo(INTERNAL);
        }
    }

    @Test
    void authorizerThatTakesTooLongIsATemporaryError() {
        authorizer.answer = Mono.never();
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client = server.client().connected("alice");

            assertThat(client.subscribe("chat:a").messages()).isEmpty();
            server.passSeconds(1);
            assertThat(client.error()).isEqualTo(INTERNAL);
            assertThat(client.heard()).isEmpty();
        }
    }

    @Test
    void clientThatEndsWhileItIsAuthorizedIsNotSubscribed() {
        Sinks.One<SubscriptionGrant> decision = Sinks.one();
        authorizer.answer = decision.asMono();
        try (ScriptedServer server = setup().start()) {
            ScriptedClient client =
                    server.client().connected("alice").subscribe("closed:a").send();

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
            ScriptedClient client = server.client().connected("alice");

            assertThat(client.subscribe("$chat:a").error()).isEqualTo(PERMISSION_DENIED);
            assertThat(client.subscribe("limited:x#bob").error()).isEqualTo(PERMISSION_DENIED);
            assertThat(client.subscribe("limited:x#alice").reply()).isEqualTo(SUBSCRIBED);
            assertThat(authorizer.asked).isEmpty();
        }
    }

    @Test
    void grantThatBreaksARuleEndsTheConnectionAndNoOther() {
        authorizer.answer = Mono.just(SubscriptionGrant.PLAIN.withOverrides(noOverrides()));
        try (ScriptedServer server = setup().start()) {
            ScriptedClient other = server.client().connected("bob");
            ScriptedClient client = server.client().connected("alice");

            assertThat(client.subscribe("closed:a").messages()).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.SERVER_ERROR);
            assertThat(other.ask("{'id':2,'unsubscribe':{'channel':'x'}}")).hasSize(1);
        }
    }

    private static SubscribeOverrides noOverrides() {
        return null;
    }
}
