package dev.realtime.connection;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.Access;
import dev.realtime.api.channel.DataFormat;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.data.Payload;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.transport.BufferLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** The publish command. */
@ExtendWith(BufferLeaks.class)
class PublishCommandTests {

    private static final HistoryOptions TEN = keeping(10);

    private static ScriptedServer.Setup setup() {
        return ScriptedServer.setup()
                .client(options -> options.historyMaxPublicationLimit(3))
                .namespace("closed", options -> options.presence(true).history(TEN))
                .namespace(
                        "open",
                        options -> options.subscribeAccess(ANYONE)
                                .publishAccess(ANYONE)
                                .presence(true)
                                .presenceAccess(ANYONE)
                                .history(TEN)
                                .historyAccess(ANYONE))
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

    private final ScriptedClient client = server.client().connected("alice");

    private static String error(int code, String message) {
        return "{'id':2,'error':{'code':" + code + ",'message':'" + message + "'}}";
    }

    private static final String DENIED = error(103, "permission denied");

    private static final String BAD_REQUEST = error(107, "bad request");

    private static String command(String name, String channel) {
        String data = name.equals("publish") ? ",'data':1" : "";
        return "{'id':2,'" + name + "':{'channel':'" + channel + "'" + data + "}}";
    }

    @Test
    void publishReplyIsEmptyAlsoWithHistory() {
        assertThat(client.ask(command("publish", "open:a"))).containsExactly("{'id':2,'publish':{}}");
    }

    @Test
    void publicationSaysWhoPublishedIt() {
        ScriptedClient reader = server.client().connected("bob").subscribed("open:a");

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
            assertThat(server.client().connected().ask(command("publish", "users:a")))
                    .containsExactly(DENIED);
            assertThat(server.client().connected("alice").ask(command("publish", "users:a")))
                    .containsExactly("{'id':2,'publish':{}}");
            assertThat(server.client().connected().ask(command("publish", "open:a")))
                    .containsExactly("{'id':2,'publish':{}}");
        }
    }
}
