package dev.realtime.connection;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.transport.BufferLeaks;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** The commands that read presence and history. */
@ExtendWith(BufferLeaks.class)
class ReadCommandsTests {

    private static final HistoryOptions TEN = keeping(10);

    private static ScriptedServer.Setup setup() {
        return ScriptedServer.setup()
                .client(options -> options.historyMaxPublicationLimit(3))
                .namespace(
                        "open",
                        options -> options.subscribeAccess(ANYONE)
                                .publishAccess(ANYONE)
                                .presence(true)
                                .presenceAccess(ANYONE)
                                .history(TEN)
                                .historyAccess(ANYONE))
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

    private static final String BAD_REQUEST = error(107, "bad request");

    private static String command(String name, String channel) {
        String data = name.equals("publish") ? ",'data':1" : "";
        return "{'id':2,'" + name + "':{'channel':'" + channel + "'" + data + "}}";
    }

    // ---- Presence

    @Test
    void presenceTellsEveryoneByClient() {
        client.subscribed("open:a");

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
        server.client().connected("alice").subscribed("open:a");
        server.client().connected("alice").subscribed("open:a");
        server.client().connected().subscribed("open:a");
        server.client().connected().subscribed("open:a");

        assertThat(client.ask(command("presence_stats", "open:a")))
                .containsExactly("{'id':2,'presence_stats':{'num_clients':4,'num_users':2}}");
    }

    @Test
    void presenceThatIsNotJsonCannotBeToldToAJsonClient() {
        try (ScriptedServer server = setup().authenticator(
                        context -> Mono.just(Authentication.of("alice").withInfo(Payload.ofText("no json"))))
                .start()) {
            ScriptedClient client = server.client().connected().subscribed("open:a");

            assertThat(client.ask(command("presence", "open:a"))).isEmpty();
            assertThat(client.closedWith()).isEqualTo(Disconnect.INAPPROPRIATE_PROTOCOL);
        }
    }

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

    // ---- History

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
}
