package dev.realtime.connection;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.spi.transport.TransportCapabilities;
import dev.realtime.spi.transport.WireForm;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Unidirectional connections: one connect request in, bare pushes out. */
@ExtendWith(BufferLeaks.class)
class UnidirectionalTests {

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .withoutNamespace(options ->
                    options.subscribeAccess(ANYONE).history(keeping(10)).forceRecovery(true))
            .authenticator(context -> {
                String token = context.token();
                return token.matches("\\d+")
                        ? Mono.error(ClientRefusedException.with(
                                new ClientError(Integer.parseInt(token), "as the test wants", false),
                                "as the test wants"))
                        : Mono.just(Authentication.of(token));
            })
            .start();

    private ScriptedClient client() {
        return client(WireForm.UNI_JSON_SSE);
    }

    private ScriptedClient client(WireForm form) {
        return server.clientOf(form, TransportCapabilities.UNIDIRECTIONAL);
    }

    @ParameterizedTest
    @EnumSource(names = {"UNI_JSON_WEBSOCKET", "UNI_JSON_LINES", "UNI_JSON_SSE"})
    void connectResultIsTheFirstPush(WireForm form) {
        ScriptedClient client = client(form);

        List<String> heard = client.ask("{'token':'alice','subs':{'news':{}}}");

        assertThat(heard).hasSize(1);
        assertThat(heard.get(0))
                .startsWith("{'connect':{'client':'" + client.name() + "','version':")
                .contains("'subs':{'news':{'recoverable':true,'epoch':")
                .contains("'ping':25")
                .doesNotContain("'pong'", "'id'", "'node'");
    }

    @Test
    void publicationIsABarePush() {
        ScriptedClient client = client();
        client.ask("{'token':'alice','subs':{'news':{}}}");

        server.publish("news", 1);

        assertThat(client.heard()).containsExactly("{'channel':'news','pub':{'data':'1','offset':1}}");
    }

    @Test
    void missedPublicationsComeWithTheConnectPush() {
        server.publish("news", 1, 2);
        ScriptedClient first = client();
        String epoch =
                first.ask("{'token':'alice','subs':{'news':{}}}").get(0).replaceAll(".*'epoch':'([^']+)'.*", "$1");

        List<String> heard =
                client().ask("{'token':'bob','subs':{'news':{'recover':true,'offset':1,'epoch':'" + epoch + "'}}}");

        assertThat(heard.get(0)).contains("'publications':[{'data':'2','offset':2}],'recovered':true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "null", " null ", "{\n}"})
    void emptyRequestAsksForNothing(String request) {
        ScriptedClient client = client();

        assertThat(client.ask(request).get(0)).startsWith("{'connect':{");
        assertThat(client.closedWith()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "1", "{}{}", "{'token':1}", "nul"})
    void malformedRequestEndsTheConnection(String request) {
        ScriptedClient client = client();

        assertThat(client.ask(request)).isEmpty();
        assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);
    }

    @Test
    void laterMessagesAreIgnored() {
        ScriptedClient client = client();
        client.ask("{'token':'alice'}");

        assertThat(client.ask("{'id':2,'subscribe':{'channel':'news'}}")).isEmpty();
        assertThat(client.ask("not JSON")).isEmpty();
        assertThat(client.closedWith()).isNull();
    }

    @Test
    void clientIsPingedAndOwesNoPong() {
        ScriptedClient client = client();
        client.ask("{'token':'alice'}");

        server.passSeconds(19);
        assertThat(client.heard()).containsExactly("{}");
        server.passSeconds(50);

        assertThat(client.heard()).containsExactly("{}", "{}");
        assertThat(client.closedWith()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"109, 3005", "110, 3005", "111, 3013", "103, 3507", "102, 3004", "100, 3004", "777, 3004"})
    void errorOfConnectBecomesADisconnect(int error, int disconnect) {
        ScriptedClient client = client();

        assertThat(client.ask("{'token':'" + error + "'}")).isEmpty();
        assertThat(client.closedWith()).extracting(Disconnect::code).isEqualTo(disconnect);
        assertThat(client.connectError()).extracting(ClientError::code).isEqualTo(error);
    }
}
