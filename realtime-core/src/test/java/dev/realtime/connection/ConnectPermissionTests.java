package dev.realtime.connection;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static dev.realtime.node.ErrorReply.INTERNAL;
import static dev.realtime.node.SubscribedReply.SUBSCRIBED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.Channel;
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
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Permission for channels that a client names when it connects. */
@ExtendWith(BufferLeaks.class)
class ConnectPermissionTests {

    private final ScriptedAuthorizer authorizer = new ScriptedAuthorizer();

    private ScriptedServer.Setup setup() {
        return ScriptedServer.setup()
                .namespace("chat", options -> options.subscribeAccess(ANYONE))
                .namespace("closed", options -> options.history(keeping(10)))
                .namespace("limited", options -> options.allowUserLimitedChannels(true))
                .tokensAreUsers()
                .authorizer(authorizer);
    }

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
            ScriptedClient subscribing =
                    server.client().connected("bob").subscribe("chat:d").send();

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
            ScriptedClient client = server.client().connected("alice");
            ScriptedClient banned = server.client().connected("bob");

            answers.add(Mono.error(new IllegalStateException("on purpose")));
            assertThat(client.subscribe("closed:a").recoverable().error()).isEqualTo(INTERNAL);
            answers.add(Mono.error(new IllegalStateException("on purpose")));
            assertThat(client.subscribe("live:a").joinLeave().error()).isEqualTo(INTERNAL);
            answers.add(Mono.just(false));
            assertThat(client.subscribe("closed:a").recoverable().reply()).isEqualTo(SUBSCRIBED);
            answers.add(Mono.error(ClientRefusedException.with(Disconnect.PERMISSION_DENIED, "banned")));
            assertThat(banned.subscribe("closed:a").recoverable().messages()).isEmpty();
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
}
