package dev.realtime.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.ConnectContext;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.spi.transport.ScriptedTransport;
import dev.realtime.spi.transport.TransportCapabilities;
import dev.realtime.spi.transport.TransportDescription;
import dev.realtime.spi.transport.WireForm;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The first command of a client: permission and reply. */
@ExtendWith(BufferLeaks.class)
class ConnectTests {

    private static final String CONNECTED = "{'id':1,'connect':{'client':'#1','version':'test','ping':25,'pong':true}}";

    @Test
    void replyOfAPlainConnectionHoldsNothingSuperfluous() {
        try (ScriptedServer server = ScriptedServer.setup().start()) {
            assertThat(server.client().ask("{'id':1,'connect':{}}")).containsExactly(CONNECTED);
        }
    }

    @Test
    void replyRepeatsTheIdOfTheCommand() {
        try (ScriptedServer server = ScriptedServer.setup().start()) {
            assertThat(server.client().ask("{'id':4294967295,'connect':{}}"))
                    .singleElement()
                    .asString()
                    .startsWith("{'id':4294967295,'connect':{");
        }
    }

    @Test
    void replyTellsTheServerTimeWhereConfigured() {
        try (ScriptedServer server = ScriptedServer.setup()
                .client(options -> options.connectIncludeServerTime(true))
                .start()) {
            assertThat(server.client().ask("{'id':1,'connect':{}}"))
                    .containsExactly("{'id':1,'connect':{'client':'#1','version':'test','ping':25,'pong':true,'time':"
                            + ScriptedServer.START.toEpochMilli() + "}}");
        }
    }

    @Test
    void replyNamesNoPingWhereThereIsNone() {
        try (ScriptedServer server = ScriptedServer.setup()
                .client(options -> options.pingInterval(Duration.ZERO))
                .start()) {
            assertThat(server.client().ask("{'id':1,'connect':{}}"))
                    .containsExactly("{'id':1,'connect':{'client':'#1','version':'test'}}");
        }
    }

    @Test
    void transportThatPingsNativelyIsNotPinged() {
        try (ScriptedServer server = ScriptedServer.setup().start()) {
            ScriptedTransport transport = new ScriptedTransport(
                    server.executor(),
                    WireForm.JSON_WEBSOCKET,
                    new TransportDescription(
                            "websocket", TransportCapabilities.WEBSOCKET_WITH_NATIVE_PING, null, Map.of(), "/", ""));
            ScriptedClient client = server.client(transport);

            assertThat(client.ask("{'id':1,'connect':{}}"))
                    .containsExactly("{'id':1,'connect':{'client':'#1','version':'test'}}");
            server.passSeconds(120);
            assertThat(client.heard()).isEmpty();
            assertThat(client.closedWith()).isNull();
        }
    }

    @Test
    void dataAndExpiryOfTheAuthenticationAreTold() {
        Payload data = Payload.ofText("{\"big\":12345678901234567890}");
        try (ScriptedServer server = ScriptedServer.setup()
                .authenticator(context -> Mono.just(Authentication.of("alice")
                        .withData(data)
                        .expiringAt(ScriptedServer.START.plusSeconds(600), true)))
                .start()) {
            assertThat(server.client().ask("{'id':1,'connect':{'token':'t'}}"))
                    .containsExactly("{'id':1,'connect':{'client':'#1','version':'test','expires':true,'ttl':600,"
                            + "'data':{'big':12345678901234567890},'ping':25,'pong':true}}");
        }
    }

    @Test
    void expiryThatTheServerLooksAfterIsNotTold() {
        try (ScriptedServer server = ScriptedServer.setup()
                .authenticator(context ->
                        Mono.just(Authentication.of("alice").expiringAt(ScriptedServer.START.plusSeconds(600), false)))
                .start()) {
            assertThat(server.client().ask("{'id':1,'connect':{}}")).containsExactly(CONNECTED);
        }
    }

    @Test
    void timeToLiveIsToldUpToAYear() {
        try (ScriptedServer server = ScriptedServer.setup()
                .authenticator(context -> Mono.just(Authentication.of("alice").expiringAt(Instant.MAX, true)))
                .start()) {
            assertThat(server.client().ask("{'id':1,'connect':{}}"))
                    .singleElement()
                    .asString()
                    .contains("'expires':true,'ttl':31536000,");
        }
    }

    @Test
    void anonymousClientIsRefusedUnlessAllowed() {
        try (ScriptedServer server = ScriptedServer.setup()
                .client(options -> options.allowAnonymousConnectWithoutToken(false))
                .start()) {
            ScriptedClient client = server.client();

            assertThat(client.ask("{'id':1,'connect':{}}")).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);
        }
    }

    @Test
    void anonymousClientIsAdmittedByAnInsecureServer() {
        try (ScriptedServer server = ScriptedServer.setup()
                .client(options ->
                        options.allowAnonymousConnectWithoutToken(false).insecure(true))
                .start()) {
            assertThat(server.client().ask("{'id':1,'connect':{}}")).containsExactly(CONNECTED);
        }
    }

    @Test
    void principalOfTheRequestIsNobodyWhereItIsIgnored() {
        AtomicReference<ConnectContext> asked = new AtomicReference<>();
        AtomicReference<ClientIdentity> called = new AtomicReference<>();
        try (ScriptedServer server = ScriptedServer.setup()
                .client(options ->
                        options.allowAnonymousConnectWithoutToken(false).ignoreHttpPrincipal(true))
                .start()) {
            ScriptedClient client = server.client(WireForm.JSON_WEBSOCKET, () -> "alice");

            assertThat(client.ask("{'id':1,'connect':{}}")).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);
        }
        try (ScriptedServer server = ScriptedServer.setup()
                .client(options -> options.ignoreHttpPrincipal(true))
                .authenticator(context -> {
                    asked.set(context);
                    return Mono.just(Authentication.of("bob"));
                })
                .rpc((identity, method, data) -> {
                    called.set(identity);
                    return Mono.empty();
                })
                .start()) {
            ScriptedClient client = server.client(WireForm.JSON_WEBSOCKET, () -> "alice");
            client.ask("{'id':1,'connect':{}}");
            assertThat(asked.get().principal()).isNull();

            client.ask("{'id':2,'rpc':{'method':'who','data':{}}}");

            assertThat(called.get().userId()).isEqualTo("bob");
            assertThat(called.get().principal()).isNull();
        }
    }

    @Test
    void principalOfTheRequestIsTheUser() {
        try (ScriptedServer server = ScriptedServer.setup()
                .client(options -> options.allowAnonymousConnectWithoutToken(false))
                .start()) {
            server.client(WireForm.JSON_WEBSOCKET, () -> "alice").connected();

            assertThat(server.await(server.node().clients().connections("alice").collectList()))
                    .hasSize(1);
        }
    }

    @Test
    void tokenIsInvalidWhereNothingVerifiesTokens() {
        try (ScriptedServer server = ScriptedServer.setup().start()) {
            ScriptedClient client = server.client();

            assertThat(client.ask("{'id':1,'connect':{'token':'t'}}")).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.INVALID_TOKEN);
        }
    }

    @Test
    void authenticatorIsToldAllThatIsKnownOfTheClient() {
        List<ConnectContext> asked = new ArrayList<>();
        try (ScriptedServer server = ScriptedServer.setup()
                .authenticator(context -> {
                    asked.add(context);
                    return Mono.just(Authentication.of("alice"));
                })
                .start()) {
            server.client(WireForm.JSON_WEBSOCKET, () -> "principal")
                    .ask("{'id':1,'connect':{'token':'t','data':{'a':1},'name':'js','version':'5.4',"
                            + "'headers':{'x':'y'}}}");

            assertThat(asked).singleElement().satisfies(context -> {
                assertThat(context.token()).isEqualTo("t");
                assertThat(context.data()).isEqualTo(Payload.ofText("{\"a\":1}"));
                assertThat(context.name()).isEqualTo("js");
                assertThat(context.version()).isEqualTo("5.4");
                assertThat(context.emulatedHeaders()).isEqualTo(Map.of("x", "y"));
                assertThat(context.principal()).isNotNull();
                assertThat(context.transport()).isEqualTo("scripted");
            });
        }
    }

    @Test
    void authenticatorThatKnowsNobodyRefusesTheClient() {
        try (ScriptedServer server =
                ScriptedServer.setup().authenticator(context -> Mono.empty()).start()) {
            ScriptedClient client = server.client();

            assertThat(client.ask("{'id':1,'connect':{'token':'t'}}")).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);
        }
    }

    @Test
    void authenticatorRefusesWithAnErrorOfItsChoice() {
        try (ScriptedServer server = ScriptedServer.setup()
                .authenticator(context -> Mono.error(ClientRefusedException.with(ClientError.TOKEN_EXPIRED, "expired")))
                .start()) {
            ScriptedClient client = server.client();

            assertThat(client.ask("{'id':1,'connect':{'token':'t'}}"))
                    .containsExactly("{'id':1,'error':{'code':109,'message':'token expired'}}");
            assertThat(client.closedWith()).isNull();
        }
    }

    @Test
    void authenticatorRefusesWithADisconnectOfItsChoice() {
        Disconnect banned = new Disconnect(4501, "banned");
        try (ScriptedServer server = ScriptedServer.setup()
                .authenticator(context -> Mono.error(ClientRefusedException.with(banned, "on the list")))
                .start()) {
            ScriptedClient client = server.client();

            assertThat(client.ask("{'id':1,'connect':{'token':'t'}}")).isEmpty();
            assertThat(client.closedWith()).isEqualTo(banned);
        }
    }

    @Test
    void authenticatorThatFailsIsATemporaryError() {
        try (ScriptedServer server = ScriptedServer.setup()
                .authenticator(context -> Mono.error(new IllegalStateException("on purpose")))
                .start()) {
            assertThat(server.client().ask("{'id':1,'connect':{}}"))
                    .containsExactly(
                            "{'id':1,'error':{'code':100,'message':'internal server error','temporary':true}}");
        }
    }

    @Test
    void authenticatorThatThrowsIsATemporaryError() {
        try (ScriptedServer server = ScriptedServer.setup()
                .authenticator(context -> {
                    throw new IllegalStateException("on purpose");
                })
                .start()) {
            assertThat(server.client().ask("{'id':1,'connect':{}}"))
                    .containsExactly(
                            "{'id':1,'error':{'code':100,'message':'internal server error','temporary':true}}");
        }
    }

    @Test
    void authenticatorThatTakesTooLongIsATemporaryError() {
        try (ScriptedServer server =
                ScriptedServer.setup().authenticator(context -> Mono.never()).start()) {
            ScriptedClient client = server.client();

            assertThat(client.ask("{'id':1,'connect':{}}")).isEmpty();
            server.pass(Duration.ofMillis(950));
            assertThat(client.heard()).isEmpty();
            server.pass(Duration.ofMillis(50));
            assertThat(client.heard())
                    .containsExactly(
                            "{'id':1,'error':{'code':100,'message':'internal server error','temporary':true}}");
        }
    }

    @Test
    void identityThatExpiredAlreadyIsRefused() {
        try (ScriptedServer server = ScriptedServer.setup()
                .authenticator(context -> Mono.just(Authentication.of("alice").expiringAt(ScriptedServer.START, true)))
                .start()) {
            assertThat(server.client().ask("{'id':1,'connect':{'token':'t'}}"))
                    .containsExactly("{'id':1,'error':{'code':110,'message':'expired'}}");
        }
    }

    @Test
    void dataThatIsNotJsonCannotBeToldToAJsonClient() {
        try (ScriptedServer server = ScriptedServer.setup()
                .authenticator(context -> Mono.just(Authentication.of("alice").withData(Payload.ofText("no json"))))
                .start()) {
            ScriptedClient client = server.client();

            assertThat(client.ask("{'id':1,'connect':{}}")).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.INAPPROPRIATE_PROTOCOL);
        }
    }

    @Test
    void secondConnectIsABadRequest() {
        try (ScriptedServer server = ScriptedServer.setup().start()) {
            ScriptedClient client = server.client().connected();

            assertThat(client.ask("{'id':2,'connect':{}}")).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);
        }
    }

    @Test
    void commandBeforeConnectIsABadRequest() {
        try (ScriptedServer server = ScriptedServer.setup().start()) {
            for (String command : List.of(
                    "'subscribe':{'channel':'a'}",
                    "'unsubscribe':{'channel':'a'}",
                    "'publish':{'channel':'a','data':{}}",
                    "'presence':{'channel':'a'}",
                    "'presence_stats':{'channel':'a'}",
                    "'history':{'channel':'a'}",
                    "'rpc':{'method':'a'}",
                    "'send':{'data':{}}",
                    "'refresh':{'token':'t'}",
                    "'sub_refresh':{'channel':'a','token':'t'}",
                    "'ping':{}",
                    "'unheard_of':{}")) {
                ScriptedClient client = server.client();

                assertThat(client.ask("{'id':1," + command + "}")).isEmpty();
                assertThat(client.closedWith()).as(command).isEqualTo(Disconnect.BAD_REQUEST);
            }
        }
    }

    @Test
    void commandsBehindConnectInOneFrameAreAnsweredInOrder() {
        try (ScriptedServer server = ScriptedServer.setup().start()) {
            assertThat(server.client()
                            .ask("{'id':1,'connect':{}}\n{'id':7,'rpc':{'method':'a'}}\n"
                                    + "{'id':7,'unsubscribe':{'channel':'a'}}"))
                    .containsExactly(
                            CONNECTED,
                            "{'id':7,'error':{'code':108,'message':'not available'}}",
                            "{'id':7,'unsubscribe':{}}");
        }
    }

    @Test
    void errorReplyToConnectLeavesTheSocketDeadUntilItIsStale() {
        try (ScriptedServer server = ScriptedServer.setup()
                .authenticator(context -> Mono.error(ClientRefusedException.with(ClientError.TOKEN_EXPIRED, "expired")))
                .start()) {
            ScriptedClient client = server.client();
            server.passSeconds(4);
            client.ask("{'id':1,'connect':{}}\n{'id':2,'rpc':{}}");

            assertThat(client.ask("{'id':3,'connect':{}}")).isEmpty();
            assertThat(client.ask("{}")).isEmpty();
            assertThat(client.ask("garbage")).isEmpty();
            assertThat(client.transport().reading()).isTrue();

            server.pass(Duration.ofMillis(9_900));
            assertThat(client.closedWith()).isNull();
            server.pass(Duration.ofMillis(100));
            assertThat(client.closedWith()).isEqualTo(Disconnect.STALE);
            assertThat(client.heard()).isEmpty();
        }
    }

    @Test
    void clientThatNeverConnectsIsStaleAfterTheDelay() {
        try (ScriptedServer server = ScriptedServer.setup().start()) {
            server.pass(Duration.ofMillis(30));
            ScriptedClient client = server.client();

            server.pass(Duration.ofMillis(9_950));
            assertThat(client.closedWith()).isNull();
            server.pass(Duration.ofMillis(150));
            assertThat(client.closedWith()).isEqualTo(Disconnect.STALE);
        }
    }

    @Test
    void callbackOfConnectMayTakeLongerThanTheStaleCloseDelay() {
        Sinks.One<Authentication> answer = Sinks.one();
        try (ScriptedServer server = ScriptedServer.setup()
                .client(options -> options.handlerTimeout(Duration.ofSeconds(30)))
                .authenticator(context -> answer.asMono())
                .start()) {
            ScriptedClient client = server.client().tell("{'id':1,'connect':{}}");
            server.passSeconds(29);
            assertThat(client.closedWith()).isNull();

            answer.tryEmitValue(Authentication.of("alice"));

            assertThat(client.heard()).containsExactly(CONNECTED);
            server.passSeconds(11);
            assertThat(client.closedWith()).isNull();
        }
    }

    @Test
    void callbackOfConnectThatTakesTooLongIsAnErrorAndLeavesTheClientStale() {
        try (ScriptedServer server = ScriptedServer.setup()
                .client(options -> options.handlerTimeout(Duration.ofSeconds(30)))
                .authenticator(context -> Mono.never())
                .start()) {
            ScriptedClient client = server.client().tell("{'id':1,'connect':{}}");
            server.passSeconds(31);
            assertThat(client.heard()).singleElement().asString().contains("'code':100");
            assertThat(client.closedWith()).isNull();

            server.passSeconds(11);

            assertThat(client.closedWith()).isEqualTo(Disconnect.STALE);
        }
    }

    @Test
    void newestConnectionOverTheLimitOfAUserIsRefused() {
        try (ScriptedServer server = ScriptedServer.setup()
                .client(options -> options.userConnectionLimit(2))
                .tokensAreUsers()
                .start()) {
            ScriptedClient first = server.client().connected("alice");
            ScriptedClient second = server.client().connected("alice");
            ScriptedClient third = server.client();

            assertThat(third.ask("{'id':1,'connect':{'token':'alice'}}")).isEmpty();
            assertThat(third.closedWith()).isEqualTo(Disconnect.CONNECTION_LIMIT);
            assertThat(first.closedWith()).isNull();
            assertThat(second.closedWith()).isNull();

            first.drop();
            assertThat(server.client().ask("{'id':1,'connect':{'token':'alice'}}"))
                    .hasSize(1);
        }
    }

    @Test
    void limitOfConnectionsOfAUserDoesNotCountAnonymousClients() {
        try (ScriptedServer server = ScriptedServer.setup()
                .client(options -> options.userConnectionLimit(1))
                .start()) {
            server.client().connected();

            assertThat(server.client().ask("{'id':1,'connect':{}}")).hasSize(1);
        }
    }

    @Test
    void connectionThatWasRefusedDoesNotCountForTheLimitOfItsUser() {
        try (ScriptedServer server = ScriptedServer.setup()
                .client(options -> options.userConnectionLimit(1))
                .authenticator(context -> Mono.just(Authentication.of("alice")
                        .withSubscriptions(
                                context.token().equals("bad")
                                        ? Map.of("unknown:channel", SubscriptionGrant.PLAIN)
                                        : Map.of())))
                .start()) {
            assertThat(server.client().ask("{'id':1,'connect':{'token':'bad'}}"))
                    .containsExactly("{'id':1,'error':{'code':102,'message':'unknown channel'}}");

            assertThat(server.client().ask("{'id':1,'connect':{'token':'good'}}"))
                    .singleElement()
                    .asString()
                    .contains("'client':'#2'");
        }
    }

    @Test
    void clientThatEndsWhileItIsAuthenticatedLeavesNothing() {
        List<Sinks.One<Authentication>> asked = new ArrayList<>();
        try (ScriptedServer server = ScriptedServer.setup()
                .authenticator(context -> {
                    asked.add(Sinks.one());
                    return asked.get(0).asMono();
                })
                .start()) {
            ScriptedClient client = server.client().tell("{'id':1,'connect':{}}");

            client.drop();
            asked.get(0).tryEmitValue(Authentication.of("alice"));
            server.run();

            assertThat(client.heard()).isEmpty();
            assertThat(server.node().describe().users()).isZero();
        }
    }

    @Test
    void authenticationWithoutAUserIdIsATemporaryError() {
        try (ScriptedServer server = ScriptedServer.setup()
                .authenticator(context -> Mono.fromSupplier(() -> Authentication.of(noUser())))
                .start()) {
            assertThat(server.client().ask("{'id':1,'connect':{'token':'t'}}"))
                    .containsExactly(
                            "{'id':1,'error':{'code':100,'message':'internal server error','temporary':true}}");
        }
    }

    private static String noUser() {
        return null;
    }
}
