package dev.realtime.connection;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.Payload;
import dev.realtime.node.NodeHooks;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.hook.ClientHooks;
import dev.realtime.spi.hook.LifecycleHook;
import dev.realtime.spi.hook.RenewalHook;
import dev.realtime.spi.transport.BufferLeaks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A connection ends as a whole, whatever fails while it does, and the application can count by its notifications.
 */
@ExtendWith(BufferLeaks.class)
class ConnectionEndTests {

    private static final long NOW = ScriptedServer.START.getEpochSecond();

    private final List<String> events = new ArrayList<>();

    /** Hook that remembers events, and throws at the first end of a subscription where that is wanted. */
    private class Events implements LifecycleHook {

        @Override
        public void connected(ClientIdentity client) {
            events.add("connected");
        }

        @Override
        public void disconnected(ClientIdentity client, Disconnect disconnect) {
            events.add("disconnected " + disconnect.code());
        }

        @Override
        public void subscribed(ClientIdentity client, Channel channel) {
            events.add("subscribed " + channel.name());
        }

        @Override
        public void unsubscribed(ClientIdentity client, Channel channel, Unsubscribe unsubscribe) {
            events.add("unsubscribed " + channel.name());
        }
    }

    private static ScriptedServer.Setup setup(LifecycleHook hook) {
        return ScriptedServer.setup()
                .client(options -> options.pingInterval(Duration.ZERO).queueMaxBytes(10_000))
                .namespace(
                        "chat",
                        options ->
                                options.subscribeAccess(ANYONE).presence(true).joinLeave(true))
                .namespace(
                        "news",
                        options -> options.subscribeAccess(ANYONE)
                                .history(keeping(100, Duration.ofHours(1)))
                                .forceRecovery(true))
                .hooks(new NodeHooks(new ClientHooks(null, null, hook), null, null));
    }

    @Test
    void hookThatThrowsLeavesNothingOfTheConnectionBehind() {
        LifecycleHook failing = new Events() {
            @Override
            public void unsubscribed(ClientIdentity client, Channel channel, Unsubscribe unsubscribe) {
                super.unsubscribed(client, channel, unsubscribe);
                throw new NoClassDefFoundError("on/Purpose");
            }
        };
        try (ScriptedServer server = setup(failing).start()) {
            ScriptedClient client = server.client()
                    .connected()
                    .subscribed("chat:a")
                    .subscribed("chat:b")
                    .subscribed("chat:c");

            server.await(server.node().clients().disconnect(""));

            assertThat(client.closedWith()).isEqualTo(Disconnect.FORCE_DISCONNECT);
            assertThat(server.node().describe().subscriptions()).isZero();
            assertThat(server.engine().present()).isEmpty();
            assertThat(events).hasSize(8).last().isEqualTo("disconnected 3503");
        }
    }

    @Test
    void engineThatThrowsAtTheEndLeavesNothingOfTheConnectionBehind() {
        try (ScriptedServer server = setup(new Events()).start()) {
            ScriptedClient client =
                    server.client().connected().subscribed("chat:a").subscribed("chat:b");
            server.engine().beforeCall(call -> {
                if (call == Call.LEAVE) {
                    throw new OutOfMemoryError("Direct buffer memory");
                }
            });

            server.await(server.node().clients().disconnect(""));
            server.engine().beforeCall(call -> {});

            assertThat(client.closedWith()).isEqualTo(Disconnect.FORCE_DISCONNECT);
            assertThat(server.node().describe().subscriptions()).isZero();
            assertThat(events).last().isEqualTo("disconnected 3503");
        }
    }

    @Test
    void subscriptionThatEndsWithItsReplyIsNotAnnounced() {
        try (ScriptedServer server = setup(new Events()).start()) {
            for (int i = 0; i < 20; i++) {
                server.publish("news:a", "x".repeat(1_000));
            }
            ScriptedClient client = server.client().connected();
            client.transport().stuck(true);

            client.tell("{'id':2,'subscribe':{'channel':'news:a','recover':true,'epoch':'e1','offset':1}}");

            assertThat(client.closedWith()).isEqualTo(Disconnect.SLOW);
            assertThat(events).containsExactly("connected", "disconnected 3008");
        }
    }

    @Test
    void connectionThatEndsWhileItIsRefusedIsCountedDownOnce() {
        ScriptedServer.Setup setup = ScriptedServer.setup()
                .client(options -> options.queueMaxBytes(10))
                .authenticator(context -> context.token().isEmpty()
                        ? Mono.just(Authentication.anonymous())
                        : Mono.error(ClientRefusedException.with(
                                dev.realtime.api.client.ClientError.PERMISSION_DENIED, "no")));
        try (ScriptedServer server = setup.start()) {
            ScriptedClient other = server.client();
            ScriptedClient refused = server.client();
            refused.transport().stuck(true);

            refused.send("{\"id\":1,\"connect\":{\"token\":\"x\"}}");
            assertThat(refused.closedWith()).isEqualTo(Disconnect.SLOW);
            refused.drop();

            assertThat(server.node().statistics().connections()).isEqualTo(1);
            assertThat(server.node().statistics().disconnects(Disconnect.CONNECTION_CLOSED.code()))
                    .isZero();
            assertThat(other.closedWith()).isNull();
        }
    }

    @Test
    void errorInANestedQuestionIsAnsweredAndTheNextCommandIsRun() {
        ScriptedServer.Setup setup = ScriptedServer.setup()
                .namespace("chat", options -> options)
                .rpc((client, method, data) -> Mono.just(Payload.ofText("1")))
                .authorizer(new ChannelAuthorizer() {
                    @Override
                    public Mono<Boolean> authorizePublish(ClientIdentity client, Channel channel, Payload data) {
                        throw new NoClassDefFoundError("on/Purpose");
                    }
                })
                .hooks(new NodeHooks(
                        new ClientHooks((client, channel, data) -> Mono.empty(), null, ClientHooks.NONE.lifecycle()),
                        null,
                        null));
        try (ScriptedServer server = setup.start()) {
            ScriptedClient client = server.client().connected();

            List<String> answers =
                    client.ask("{'id':2,'publish':{'channel':'chat:a','data':1}}\n{'id':3,'rpc':{'method':'m'}}");

            assertThat(answers)
                    .containsExactly(
                            "{'id':2,'error':{'code':100,'message':'internal server error','temporary':true}}",
                            "{'id':3,'rpc':{'data':1}}");
            assertThat(client.transport().reading()).isTrue();
        }
    }

    @Test
    void connectionRefreshedByTheApplicationBeforeItsRenewalHadItsTurnStays() {
        Sinks.One<Payload> answer = Sinks.one();
        ScriptedServer.Setup setup = ScriptedServer.setup()
                .client(options -> options.pingInterval(Duration.ZERO).handlerTimeout(Duration.ofMinutes(1)))
                .authenticator(context ->
                        Mono.just(Authentication.of("alice").expiringAt(Instant.ofEpochSecond(NOW + 10), false)))
                .rpc((client, method, data) -> answer.asMono())
                .hooks(new NodeHooks(
                        new ClientHooks(null, new RenewalHook() {}, ClientHooks.NONE.lifecycle()), null, null));
        try (ScriptedServer server = setup.start()) {
            ScriptedClient client = server.client().connected().tell("{'id':2,'rpc':{'method':'m'}}");
            server.passSeconds(9);
            server.await(server.node()
                    .clients()
                    .refresh("alice", dev.realtime.api.ConnectionFilter.ALL, Instant.ofEpochSecond(NOW + 3_600), null));
            server.passSeconds(2);

            answer.tryEmitValue(Payload.ofText("1"));
            server.passSeconds(5);

            assertThat(client.closedWith()).isNull();
            server.passSeconds(3_600);
            assertThat(client.closedWith()).isEqualTo(Disconnect.EXPIRED);
        }
    }
}
