package dev.realtime.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.command.PingMethod;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.hook.MessageHandler;
import dev.realtime.spi.hook.RpcHandler;
import dev.realtime.spi.transport.BufferLeaks;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** Remote procedure calls and messages of clients to the application. */
@ExtendWith(BufferLeaks.class)
class RpcTests {

    private static ScriptedServer.Setup setup() {
        return ScriptedServer.setup()
                .client(options -> options.historyMaxPublicationLimit(3))
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

    private static final String NOT_AVAILABLE = error(108, "not available");

    @Test
    void rpcIsNotAvailableWhereThereAreNoMethods() {
        assertThat(client.ask("{'id':2,'rpc':{'method':'sum','data':[1]}}")).containsExactly(NOT_AVAILABLE);
    }

    @Test
    void pingMethodHasAnEmptyResultAndHandsOtherMethodsOn() {
        try (ScriptedServer server = setup().rpc(new PingMethod("ping", null)).start()) {
            ScriptedClient client = server.client().connected("alice");

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
            ScriptedClient client = server.client().connected("alice");

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
            ScriptedClient client = server.client().connected("alice");

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
            ScriptedClient client = server.client().connected("alice").tell("{'send':{'data':1}}");

            assertThat(client.closedWith()).isEqualTo(Disconnect.TOO_MANY_REQUESTS);
        }
    }
}
