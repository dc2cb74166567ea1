package dev.realtime.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.Access;
import dev.realtime.api.channel.Channel;
import dev.realtime.api.channel.DataFormat;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.command.PingMethod;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.hook.MessageHandler;
import dev.realtime.spi.hook.RpcHandler;
import dev.realtime.spi.transport.BufferLeaks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Publish, presence, history, rpc and send: refusals in their order, limits, and the shape of the replies. */
@ExtendWith(BufferLeaks.class)
class CommandsTests {

    private static final Access ANYONE = new Access(true, false, true);

    private static final Access SUBSCRIBERS = new Access(false, true, true);

    private static final HistoryOptions TEN =
            new HistoryOptions(10, Duration.ofMinutes(1), HistoryOptions.DEFAULT_META_TTL);

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
                .namespace(
                        "objects",
                        options -> options.publishAccess(ANYONE).publicationDataFormat(DataFormat.JSON_OBJECT))
                .authenticator(context -> Mono.just(
                        context.token().isEmpty()
                                ? Authentication.anonymous()
                                : Authentication.of(context.token())
                                        .withInfo(Payload.ofText("{\"name\":\"" + context.token() + "\"}"))));
    }

    @RegisterExtension
    final ScriptedServer server = setup().start();

    private final ScriptedClient client = server.client().connect("alice");

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

    // ---- What all of them refuse alike

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

        client.subscribe("inside:a");
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
            ScriptedClient client = server.client().connect("alice");

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

    // ---- Publish

    @Test
    void publishReplyIsEmptyAlsoWithHistory() {
        assertThat(client.ask(command("publish", "open:a"))).containsExactly("{'id':2,'publish':{}}");
    }

    @Test
    void publicationSaysWhoPublishedIt() {
        ScriptedClient reader = server.client().connect("bob").subscribe("open:a");

        client.tell("{'id':2,'publish':{'channel':'open:a','data':{'n':12345678901234567890}}}");

        assertThat(reader.heard())
                .containsExactly("{'push':{'channel':'open:a','pub':{'data':{'n':12345678901234567890},"
                        + "'info':{'user':'alice','client':'#1','conn_info':{'name':'alice'}},'offset':1}}}");
    }

    @Test
    void dataIsLookedAtBeforePermission() {
        assertThat(client.ask("{'id':2,'publish':{'channel':'closed:a'}}")).containsExactly(BAD_REQUEST);
        assertThat(client.ask("{'id':2,'publish':{'channel':'objects:a','data':[1]}}"))
                .containsExactly(BAD_REQUEST);
        assertThat(client.ask("{'id':2,'publish':{'channel':'objects:a','data':{}}}"))
                .containsExactly("{'id':2,'publish':{}}");
    }

    @Test
    void nullAndTheEmptyStringOfJsonAreData() {
        assertThat(client.ask("{'id':2,'publish':{'channel':'open:a','data':null}}"))
                .containsExactly("{'id':2,'publish':{}}");
        assertThat(client.ask("{'id':2,'publish':{'channel':'open:a','data':''}}"))
                .containsExactly("{'id':2,'publish':{}}");
    }

    @Test
    void anonymousClientsPublishOnlyWhereThePermissionExtendsToThem() {
        try (ScriptedServer server = setup().namespace(
                        "users", options -> options.publishAccess(new Access(true, false, false)))
                .start()) {
            assertThat(server.client().connect().ask(command("publish", "users:a")))
                    .containsExactly(DENIED);
            assertThat(server.client().connect("alice").ask(command("publish", "users:a")))
                    .containsExactly("{'id':2,'publish':{}}");
            assertThat(server.client().connect().ask(command("publish", "open:a")))
                    .containsExactly("{'id':2,'publish':{}}");
        }
    }

    // ---- Presence

    @Test
    void presenceTellsEveryoneByClient() {
        client.subscribe("open:a");

        assertThat(client.ask(command("presence", "open:a")))
                .containsExactly("{'id':2,'presence':{'presence':{"
                        + "'#1':{'user':'alice','client':'#1','conn_info':{'name':'alice'}}}}}");
    }

    @Test
    void presenceOfNobodyIsWritten() {
        assertThat(client.ask(command("presence", "open:a"))).containsExactly("{'id':2,'presence':{'presence':{}}}");
        assertThat(client.ask(command("presence_stats", "open:a")))
                .containsExactly("{'id':2,'presence_stats':{'num_clients':0,'num_users':0}}");
    }

    @Test
    void presenceStatsCountAnonymousClientsAsOneUser() {
        server.client().connect("alice").subscribe("open:a");
        server.client().connect("alice").subscribe("open:a");
        server.client().connect().subscribe("open:a");
        server.client().connect().subscribe("open:a");

        assertThat(client.ask(command("presence_stats", "open:a")))
                .containsExactly("{'id':2,'presence_stats':{'num_clients':4,'num_users':2}}");
    }

    @Test
    void presenceThatIsNotJsonCannotBeToldToAJsonClient() {
        try (ScriptedServer server = setup().authenticator(
                        context -> Mono.just(Authentication.of("alice").withInfo(Payload.ofText("no json"))))
                .start()) {
            ScriptedClient client = server.client().connect().subscribe("open:a");

            assertThat(client.ask(command("presence", "open:a"))).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.INAPPROPRIATE_PROTOCOL);
        }
    }

    // ---- History

    private String history(String more) {
        return "{'id':2,'history':{'channel':'open:a'" + more + "}}";
    }

    private static String publications(int top, int... offsets) {
        String list = String.join(
                ",",
                IntStream.of(offsets)
                        .mapToObj(n -> "{'data':'" + n + "','offset':" + n + "}")
                        .toList());
        return "{'id':2,'history':{'publications':[" + list + "],'epoch':'e1','offset':" + top + "}}";
    }

    @Test
    void historyOfAnUnusedChannelIsWrittenInFull() {
        assertThat(client.ask(history(""))).containsExactly(publications(0));
    }

    @Test
    void historyWithoutALimitIsThePositionAlone() {
        server.publish("open:a", 1, 2);

        assertThat(client.ask(history(""))).containsExactly(publications(2));
        assertThat(client.ask(history(",'limit':0"))).containsExactly(publications(2));
    }

    @Test
    void historyIsCutToTheLimitOfTheServer() {
        server.publish("open:a", 1, 2, 3, 4, 5);

        assertThat(client.ask(history(",'limit':2"))).containsExactly(publications(5, 1, 2));
        assertThat(client.ask(history(",'limit':100"))).containsExactly(publications(5, 1, 2, 3));
        assertThat(client.ask(history(",'limit':-1"))).containsExactly(publications(5, 1, 2, 3));
        assertThat(client.ask(history(",'limit':-1,'reverse':true"))).containsExactly(publications(5, 5, 4, 3));
    }

    @Test
    void historyGoesOnStrictlyAfterAPosition() {
        server.publish("open:a", 1, 2, 3);

        assertThat(client.ask(history(",'limit':5,'since':{'offset':1,'epoch':'e1'}")))
                .containsExactly(publications(3, 2, 3));
        assertThat(client.ask(history(",'limit':5,'since':{'offset':1}"))).containsExactly(publications(3, 2, 3));
        assertThat(client.ask(history(",'limit':5,'since':{'offset':3,'epoch':'e1'}")))
                .containsExactly(publications(3));
        assertThat(client.ask(history(",'limit':5,'since':{'offset':9,'epoch':'e1'}")))
                .containsExactly(publications(3));
        assertThat(client.ask(history(",'limit':5,'reverse':true,'since':{'offset':3,'epoch':'e1'}")))
                .containsExactly(publications(3, 2, 1));
    }

    @Test
    void historySinceAnotherEpochIsUnrecoverable() {
        server.publish("open:a", 1);

        assertThat(client.ask(history(",'limit':5,'since':{'offset':1,'epoch':'other'}")))
                .containsExactly(error(112, "unrecoverable position"));
        assertThat(client.ask(history(",'since':{'offset':1,'epoch':'other'}")))
                .containsExactly(error(112, "unrecoverable position"));
    }

    @Test
    void historyBeforeTheBeginningIsABadRequest() {
        assertThat(client.ask(history(",'limit':5,'reverse':true,'since':{'offset':0,'epoch':'e1'}")))
                .containsExactly(BAD_REQUEST);
    }

    @Test
    void historyThatIsNotJsonCannotBeToldToAJsonClient() {
        server.await(server.node().publisher().publish("open:a", new byte[] {1}));

        assertThat(client.ask(history(",'limit':5"))).isEmpty();
        assertThat(client.closedWith()).isEqualTo(Disconnect.INAPPROPRIATE_PROTOCOL);
    }

    // ---- Rpc and send

    @Test
    void rpcIsNotAvailableWhereThereAreNoMethods() {
        assertThat(client.ask("{'id':2,'rpc':{'method':'sum','data':[1]}}")).containsExactly(NOT_AVAILABLE);
    }

    @Test
    void pingMethodHasAnEmptyResultAndHandsOtherMethodsOn() {
        try (ScriptedServer server = setup().rpc(new PingMethod("ping", null)).start()) {
            ScriptedClient client = server.client().connect("alice");

            assertThat(client.ask("{'id':2,'rpc':{'method':'ping','data':1}}")).containsExactly("{'id':2,'rpc':{}}");
            assertThat(client.ask("{'id':2,'rpc':{'method':'other'}}")).containsExactly(error(104, "method not found"));
        }
    }

    @Test
    void rpcAnswersWhatTheHandlerSays() {
        RpcHandler handler = (caller, method, data) -> switch (method) {
            case "echo" -> Mono.justOrEmpty(data);
            case "user" -> Mono.just(Payload.ofText("\"" + caller.userId() + "\""));
            case "binary" -> Mono.just(Payload.of(new byte[] {1}));
            case "slow" -> Mono.never();
            case "throws" -> throw new IllegalStateException("on purpose");
            default -> Mono.error(ClientRefusedException.with(ClientError.METHOD_NOT_FOUND, "no such method"));
        };
        try (ScriptedServer server = setup().rpc(handler).start()) {
            ScriptedClient client = server.client().connect("alice");

            assertThat(client.ask("{'id':2,'rpc':{'method':'echo','data':{'a':1.50}}}"))
                    .containsExactly("{'id':2,'rpc':{'data':{'a':1.50}}}");
            assertThat(client.ask("{'id':2,'rpc':{'method':'echo'}}")).containsExactly("{'id':2,'rpc':{}}");
            assertThat(client.ask("{'id':2,'rpc':{'method':'user'}}"))
                    .containsExactly("{'id':2,'rpc':{'data':'alice'}}");
            assertThat(client.ask("{'id':2,'rpc':{}}")).containsExactly(error(104, "method not found"));
            assertThat(client.ask("{'id':2,'rpc':{'method':'throws'}}")).containsExactly(INTERNAL);
            client.tell("{'id':2,'rpc':{'method':'slow'}}");
            server.passSeconds(1);
            assertThat(client.heard()).containsExactly(INTERNAL);
            assertThat(client.ask("{'id':2,'rpc':{'method':'binary'}}")).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.INAPPROPRIATE_PROTOCOL);
        }
    }

    @Test
    void senderIsDisconnectedWhereNobodyTakesMessages() {
        assertThat(client.ask("{'send':{'data':{}}}")).isEmpty();
        assertThat(client.closedWith()).isEqualTo(Disconnect.NOT_AVAILABLE);
    }

    @Test
    void messageGetsNoReplyWhateverTheHandlerDoes() {
        List<String> taken = new ArrayList<>();
        MessageHandler handler = (sender, data) -> {
            taken.add(sender.userId() + " " + (data == null ? "-" : data.text()));
            return taken.size() == 2 ? Mono.error(new IllegalStateException("on purpose")) : Mono.empty();
        };
        try (ScriptedServer server = setup().messages(handler).start()) {
            ScriptedClient client = server.client().connect("alice");

            assertThat(client.ask("{'send':{'data':{'a':1}}}\n{'id':7,'send':{'data':2}}\n{'send':{}}"))
                    .isEmpty();
            assertThat(taken).containsExactly("alice {\"a\":1}", "alice 2", "alice -");
            assertThat(client.closedWith()).isNull();
        }
    }

    @Test
    void handlerOfMessagesMayEndTheConnection() {
        MessageHandler handler =
                (sender, data) -> Mono.error(ClientRefusedException.with(Disconnect.TOO_MANY_REQUESTS, "flood"));
        try (ScriptedServer server = setup().messages(handler).start()) {
            ScriptedClient client = server.client().connect("alice").tell("{'send':{'data':1}}");

            assertThat(client.closedWith()).isEqualTo(Disconnect.TOO_MANY_REQUESTS);
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
