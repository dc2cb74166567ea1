package dev.realtime.spi.hook;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.channel.DataFormat;
import dev.realtime.api.client.ClientError;
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
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.transport.BufferLeaks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;

/** Hooks of the application: publications of clients, renewals, and the life of clients. */
@ExtendWith(BufferLeaks.class)
class ClientHooksTests {

    private static final long NOW = ScriptedServer.START.getEpochSecond();

    private static final String PUBLISH = "{'id':3,'publish':{'channel':'chat:a','data':{'text':'hi'}}}";

    private static ScriptedServer.Setup setup(ClientHooks hooks) {
        return ScriptedServer.setup()
                .client(options -> options.pingInterval(Duration.ZERO))
                .namespace(
                        "chat",
                        options -> options.subscribeAccess(ANYONE).publicationDataFormat(DataFormat.JSON_OBJECT))
                .namespace("open", options -> options.subscribeAccess(ANYONE).publishAccess(ANYONE))
                .hooks(new NodeHooks(hooks, null, null));
    }

    private static ScriptedServer publishing(PublishHook hook) {
        return setup(new ClientHooks(hook, null, ClientHooks.NONE.lifecycle())).start();
    }

    // ---- Publish

    @Test
    void hookPermitsAndChangesWhatIsPublished() {
        try (ScriptedServer server = publishing(
                (client, channel, data) -> Mono.just(ClientPublication.of(Payload.ofText("{\"text\":\"HI\"}"))))) {
            ScriptedClient client = server.client().connected().subscribed("chat:a");

            List<String> heard = client.ask(PUBLISH);

            assertThat(heard)
                    .containsExactlyInAnyOrder(
                            "{'id':3,'publish':{}}",
                            "{'push':{'channel':'chat:a','pub':{'data':{'text':'HI'},'info':{'user':'',"
                                    + "'client':'#1'}}}}");
        }
    }

    @Test
    void withoutAnAnswerOfTheHookTheNamespaceDecides() {
        try (ScriptedServer server = publishing((client, channel, data) -> Mono.empty())) {
            ScriptedClient client = server.client().connected();

            assertThat(client.ask(PUBLISH))
                    .containsExactly("{'id':3,'error':{'code':103,'message':'permission denied'}}");
            assertThat(client.ask("{'id':4,'publish':{'channel':'open:a','data':1}}"))
                    .containsExactly("{'id':4,'publish':{}}");
        }
    }

    @Test
    void hookRefusesWithItsError() {
        try (ScriptedServer server = publishing((client, channel, data) ->
                Mono.error(ClientRefusedException.with(new ClientError(1000, "too loud", false), "it shouts")))) {
            assertThat(server.client().connected().ask(PUBLISH))
                    .containsExactly("{'id':3,'error':{'code':1000,'message':'too loud'}}");
        }
    }

    @Test
    void hookThatFailsDenies() {
        try (ScriptedServer server = publishing((client, channel, data) -> {
            throw new IllegalStateException("no database");
        })) {
            assertThat(server.client().connected().ask(PUBLISH))
                    .containsExactly(
                            "{'id':3,'error':{'code':100,'message':'internal server error','temporary':true}}");
        }
    }

    @Test
    void changedDataOfAnotherFormatIsRefused() {
        try (ScriptedServer server =
                publishing((client, channel, data) -> Mono.just(ClientPublication.of(Payload.ofText("1"))))) {
            assertThat(server.client().connected().ask(PUBLISH))
                    .containsExactly("{'id':3,'error':{'code':107,'message':'bad request'}}");
        }
    }

    // ---- Renewal

    private static ScriptedServer renewing(RenewalHook hook) {
        return setup(new ClientHooks(null, hook, ClientHooks.NONE.lifecycle()))
                .authenticator(context ->
                        Mono.just(Authentication.of("alice").expiringAt(Instant.ofEpochSecond(NOW + 60), false)))
                .authorizer(new ChannelAuthorizer() {
                    @Override
                    public Mono<SubscriptionGrant> authorizeSubscribe(
                            ClientIdentity client, Channel channel, @Nullable Payload data) {
                        return Mono.just(SubscriptionGrant.PLAIN.expiringAt(Instant.ofEpochSecond(NOW + 30), false));
                    }
                })
                .start();
    }

    @Test
    void connectionIsRenewedWhenItsEndHasCome() {
        try (ScriptedServer server = renewing(new RenewalHook() {
            @Override
            public Mono<Authentication> renew(ClientIdentity client) {
                return Mono.just(
                        Authentication.of(client.userId()).expiringAt(Instant.ofEpochSecond(NOW + 100), false));
            }
        })) {
            ScriptedClient client = server.client().connected();

            server.passSeconds(99);
            assertThat(client.closedWith()).isNull();
            server.passSeconds(2);
            assertThat(client.closedWith()).isEqualTo(Disconnect.EXPIRED);
        }
    }

    @Test
    void connectionRenewedForAnotherUserEnds() {
        try (ScriptedServer server = renewing(new RenewalHook() {
            @Override
            public Mono<Authentication> renew(ClientIdentity client) {
                return Mono.just(Authentication.of("bob").expiringAt(Instant.ofEpochSecond(NOW + 100), false));
            }
        })) {
            ScriptedClient client = server.client().connected();

            server.passSeconds(61);

            assertThat(client.closedWith()).isEqualTo(Disconnect.EXPIRED);
        }
    }

    @Test
    void renewalThatFailsOrTakesTooLongEndsTheConnection() {
        try (ScriptedServer server = renewing(new RenewalHook() {
            @Override
            public Mono<Authentication> renew(ClientIdentity client) {
                return Mono.never();
            }
        })) {
            ScriptedClient client = server.client().connected();

            server.passSeconds(62);

            assertThat(client.closedWith()).isEqualTo(Disconnect.EXPIRED);
        }
    }

    @Test
    void subscriptionIsRenewedOrEnds() {
        List<String> asked = new ArrayList<>();
        try (ScriptedServer server = renewing(new RenewalHook() {
            @Override
            public Mono<Authentication> renew(ClientIdentity client) {
                return Mono.just(
                        Authentication.of(client.userId()).expiringAt(Instant.ofEpochSecond(NOW + 1_000), false));
            }

            @Override
            public Mono<SubscriptionGrant> renewSubscription(ClientIdentity client, Channel channel) {
                asked.add(channel.name());
                return asked.size() > 1
                        ? Mono.empty()
                        : Mono.just(SubscriptionGrant.PLAIN.expiringAt(Instant.ofEpochSecond(NOW + 70), false));
            }
        })) {
            ScriptedClient client = server.client().connected().subscribed("chat:a");

            server.passSeconds(69);
            assertThat(client.heard()).isEmpty();

            server.passSeconds(30);
            assertThat(client.heard())
                    .containsExactly("{'push':{'channel':'chat:a','unsubscribe':{'code':2501,"
                            + "'reason':'subscription expired'}}}");
            assertThat(asked).containsExactly("chat:a", "chat:a");
        }
    }

    // ---- Lifecycle

    private static final class Recorded implements LifecycleHook {

        private final List<String> told = new ArrayList<>();

        @Override
        public void connected(ClientIdentity client) {
            told.add("connected");
        }

        @Override
        public void disconnected(ClientIdentity client, Disconnect disconnect) {
            told.add("disconnected " + disconnect.code());
        }

        @Override
        public void subscribed(ClientIdentity client, Channel channel) {
            told.add("subscribed " + channel.name());
        }

        @Override
        public void unsubscribed(ClientIdentity client, Channel channel, Unsubscribe unsubscribe) {
            told.add("unsubscribed " + channel.name() + " " + unsubscribe.code());
        }
    }

    @Test
    void applicationIsToldOfClientsInOrder() {
        Recorded recorded = new Recorded();
        try (ScriptedServer server =
                setup(new ClientHooks(null, null, recorded)).start()) {
            ScriptedClient client =
                    server.client().connected().subscribed("chat:a").subscribed("chat:b");

            client.tell("{'id':5,'unsubscribe':{'channel':'chat:a'}}");
            client.drop();

            assertThat(recorded.told)
                    .containsExactly(
                            "connected",
                            "subscribed chat:a",
                            "subscribed chat:b",
                            "unsubscribed chat:a 0",
                            "unsubscribed chat:b 1",
                            "disconnected 3000");
        }
    }

    @Test
    void clientThatNeverConnectedIsNotTold() {
        Recorded recorded = new Recorded();
        try (ScriptedServer server =
                setup(new ClientHooks(null, null, recorded)).start()) {
            server.client().drop();
            server.client().connected().ask("{'id':2,'subscribe':{'channel':'secret'}}");

            assertThat(recorded.told).containsExactly("connected");
        }
    }
}
