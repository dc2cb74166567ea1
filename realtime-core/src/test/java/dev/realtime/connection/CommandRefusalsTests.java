package dev.realtime.connection;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.Access;
import dev.realtime.api.channel.Channel;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.transport.BufferLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Refusals that all commands about a channel share, and the frames around commands. */
@ExtendWith(BufferLeaks.class)
class CommandRefusalsTests {

    private static final Access SUBSCRIBERS = new Access(false, true, true);

    private static final HistoryOptions TEN = keeping(10);

    private static ScriptedServer.Setup setup() {
        return ScriptedServer.setup()
                .client(options -> options.historyMaxPublicationLimit(3))
                .namespace("closed", options -> options.presence(true).history(TEN))
                .namespace("bare", options -> options.presenceAccess(ANYONE).historyAccess(ANYONE))
                .namespace(
                        "open",
                        options -> options.subscribeAccess(ANYONE)
                                .publishAccess(ANYONE)
                                .presence(true)
                                .presenceAccess(ANYONE)
                                .history(TEN)
                                .historyAccess(ANYONE))
                .namespace(
                        "inside",
                        options -> options.subscribeAccess(ANYONE)
                                .publishAccess(SUBSCRIBERS)
                                .presence(true)
                                .presenceAccess(SUBSCRIBERS)
                                .history(TEN)
                                .historyAccess(SUBSCRIBERS))
                .authenticator(context -> Mono.just(
                        context.token().isEmpty()
                                ? Authentication.anonymous()
                                : Authentication.of(context.token())
                                        .withInfo(Payload.ofText("{\"name\":\"" + context.token() + "\"}"))));
    }

    @RegisterExtension
    final ScriptedServer server = setup().start();

    private final ScriptedClient client = server.client().connected("alice");

    private static String error(int code, String message) {
        return "{'id':2,'error':{'code':" + code + ",'message':'" + message + "'}}";
    }

    private static final String INTERNAL =
            "{'id':2,'error':{'code':100,'message':'internal server error','temporary':true}}";

    private static final String DENIED = error(103, "permission denied");

    private static final String NOT_AVAILABLE = error(108, "not available");

    private static final String BAD_REQUEST = error(107, "bad request");

    private static String command(String name, String channel) {
        String data = name.equals("publish") ? ",'data':1" : "";
        return "{'id':2,'" + name + "':{'channel':'" + channel + "'" + data + "}}";
    }

    // ---- Refusals that all of them share

    @ParameterizedTest
    @ValueSource(strings = {"publish", "presence", "presence_stats", "history"})
    void emptyChannelIsABadRequest(String name) {
        assertThat(client.ask(command(name, ""))).isEmpty();
        assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"publish", "presence", "presence_stats", "history"})
    void unknownNamespaceIsRefusedBeforeABadName(String name) {
        assertThat(client.ask(command(name, "unknown:ü"))).containsExactly(error(102, "unknown channel"));
        assertThat(client.ask(command(name, "bare:ü"))).containsExactly(BAD_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"presence", "presence_stats", "history"})
    void featureThatIsOffIsRefusedBeforePermission(String name) {
        assertThat(client.ask(command(name, "bare:a"))).containsExactly(NOT_AVAILABLE);
        assertThat(client.ask(command(name, "closed:a"))).containsExactly(DENIED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"publish", "presence", "presence_stats", "history"})
    void permissionOfSubscribersLastsAsLongAsTheSubscription(String name) {
        assertThat(client.ask(command(name, "inside:a"))).containsExactly(DENIED);

        client.subscribed("inside:a");
        assertThat(client.ask(command(name, "inside:a"))).anyMatch(reply -> reply.startsWith("{'id':2,'" + name));

        client.ask("{'id':3,'unsubscribe':{'channel':'inside:a'}}");
        assertThat(client.ask(command(name, "inside:a"))).containsExactly(DENIED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"publish", "presence", "presence_stats", "history"})
    void lengthOfTheNameIsOfNoConcern(String name) {
        assertThat(client.ask(command(name, "open:" + "x".repeat(300))))
                .singleElement()
                .asString()
                .startsWith("{'id':2,'" + name + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"publish", "presence", "presence_stats", "history"})
    void engineFailureIsATemporaryError(String name) {
        server.engine().fail(Call.PUBLISH);
        server.engine().fail(Call.READ_PRESENCE);
        server.engine().fail(Call.HISTORY);

        assertThat(client.ask(command(name, "open:a"))).containsExactly(INTERNAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"publish", "presence", "presence_stats", "history"})
    void authorizerGrantsOrDeniesOverTheNamespace(String name) {
        ChannelAuthorizer authorizer = new ChannelAuthorizer() {

            private Mono<Boolean> decide(ClientIdentity client, Channel channel) {
                return switch (channel.name().substring(channel.name().indexOf(':') + 1)) {
                    case "granted" -> Mono.just(true);
                    case "denied" -> Mono.just(false);
                    case "refused" ->
                        Mono.error(ClientRefusedException.with(new ClientError(455, "busy", true), "busy"));
                    case "ended" -> Mono.error(ClientRefusedException.with(Disconnect.FORCE_RECONNECT, "moved"));
                    case "failed" -> Mono.error(new IllegalStateException("on purpose"));
                    case "slow" -> Mono.never();
                    default -> Mono.empty();
                };
            }

            @Override
            public Mono<Boolean> authorizePublish(ClientIdentity client, Channel channel, Payload data) {
                return decide(client, channel);
            }

            @Override
            public Mono<Boolean> authorizePresence(ClientIdentity client, Channel channel) {
                return decide(client, channel);
            }

            @Override
            public Mono<Boolean> authorizeHistory(ClientIdentity client, Channel channel) {
                return decide(client, channel);
            }
        };
        try (ScriptedServer server = setup().authorizer(authorizer).start()) {
            ScriptedClient client = server.client().connected("alice");

            assertThat(client.ask(command(name, "closed:granted")))
                    .singleElement()
                    .asString()
                    .contains("'" + name);
            assertThat(client.ask(command(name, "closed:undecided"))).containsExactly(DENIED);
            assertThat(client.ask(command(name, "open:undecided")))
                    .singleElement()
                    .asString()
                    .contains("'" + name);
            assertThat(client.ask(command(name, "open:denied"))).containsExactly(DENIED);
            assertThat(client.ask(command(name, "open:failed"))).containsExactly(INTERNAL);
            assertThat(client.ask(command(name, "open:refused")))
                    .containsExactly("{'id':2,'error':{'code':455,'message':'busy','temporary':true}}");
            client.tell(command(name, "open:slow"));
            server.passSeconds(1);
            assertThat(client.heard()).containsExactly(INTERNAL);
            assertThat(client.ask(command(name, "open:ended"))).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.FORCE_RECONNECT);
        }
    }

    // ---- The frame around them

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                " ",
                "null",
                "[]",
                "{",
                "not json",
                "{'id':2}",
                "{'id':2,'ping':{}}",
                "{'id':2,'unheard_of':{}}",
                "{'id':-1,'rpc':{}}",
                "{'id':4294967296,'rpc':{}}",
                "{'id':'2','rpc':{}}",
                "{'id':2.0,'rpc':{}}",
                "{'id':2,'rpc':'x'}",
                "{'id':2,'rpc':null}",
                "{'id':0,'rpc':{}}",
            })
    void malformedCommandIsABadRequest(String frame) {
        assertThat(client.ask(frame)).isEmpty();
        assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);
    }

    @Test
    void commandsBeforeAMalformedOneHaveRun() {
        assertThat(client.ask("{'id':2,'rpc':{}}\n\n{'id':3,'rpc':{}}")).containsExactly(NOT_AVAILABLE);
        assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);
    }

    @Test
    void ofSeveralRequestsInACommandTheFirstOfTheProtocolRuns() {
        assertThat(client.ask("{'id':2,'history':{'channel':'bare:a'},'unsubscribe':{'channel':'a'}}"))
                .containsExactly("{'id':2,'unsubscribe':{}}");
    }

    @Test
    void moreCommandsInAFrameThanAllowedEndTheConnection() {
        String commands = "{'id':2,'unsubscribe':{'channel':'a'}}\n".repeat(501);

        assertThat(client.ask(commands)).hasSize(500);
        assertThat(client.closedWith()).isEqualTo(Disconnect.TOO_MANY_REQUESTS);
    }
}
