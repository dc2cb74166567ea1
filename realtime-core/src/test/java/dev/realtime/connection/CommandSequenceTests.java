package dev.realtime.connection;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.transport.BufferLeaks;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Sinks;

/** Commands of one client run strictly one after another, also while one waits for an answer. */
@ExtendWith(BufferLeaks.class)
class CommandSequenceTests {

    private final List<String> called = new ArrayList<>();

    private final Queue<Sinks.One<Payload>> waiting = new ArrayDeque<>();

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .withoutNamespace(options -> options.subscribeAccess(ANYONE))
            .rpc((caller, method, data) -> {
                called.add(method);
                Sinks.One<Payload> answer = Sinks.one();
                waiting.add(answer);
                return answer.asMono();
            })
            .tokensAreUsers()
            .start();

    private final ScriptedClient client = server.client().connected("alice");

    private static String rpc(int id, String method) {
        return "{'id':" + id + ",'rpc':{'method':'" + method + "'}}";
    }

    private void answer(String data) {
        waiting.remove().tryEmitValue(Payload.ofText(data));
    }

    @Test
    void nextCommandIsNotBegunBeforeTheOneBeforeItIsAnswered() {
        client.tell(rpc(2, "a") + "\n" + rpc(3, "b") + "\n{'id':4,'unsubscribe':{'channel':'x'}}");
        assertThat(called).containsExactly("a");
        assertThat(client.heard()).isEmpty();

        answer("1");
        assertThat(called).containsExactly("a", "b");
        assertThat(client.heard()).containsExactly("{'id':2,'rpc':{'data':1}}");

        answer("2");
        assertThat(client.heard()).containsExactly("{'id':3,'rpc':{'data':2}}", "{'id':4,'unsubscribe':{}}");
    }

    @Test
    void restOfAFrameIsItsOwnWhileOtherClientsSendTheirs() {
        client.tell(rpc(2, "a") + "\n" + rpc(3, "b"));
        ScriptedClient other = server.client().connected("mallory");
        other.tell(rpc(2, "c") + "\n" + rpc(9, "d"));
        assertThat(called).containsExactly("a", "c");

        answer("1");
        assertThat(called).containsExactly("a", "c", "b");
        answer("2");
        assertThat(called).containsExactly("a", "c", "b", "d");
        answer("3");
        answer("4");

        assertThat(client.heard()).containsExactly("{'id':2,'rpc':{'data':1}}", "{'id':3,'rpc':{'data':3}}");
        assertThat(other.heard()).containsExactly("{'id':2,'rpc':{'data':2}}", "{'id':9,'rpc':{'data':4}}");
    }

    @Test
    void readingIsPausedWhileACommandWaits() {
        assertThat(client.transport().reading()).isTrue();

        client.tell(rpc(2, "a"));
        assertThat(client.transport().reading()).isFalse();

        answer("1");
        assertThat(client.transport().reading()).isTrue();
    }

    @Test
    void frameThatArrivesWhileReadingIsPausedWaitsForItsTurn() {
        client.tell(rpc(2, "a"));
        client.tell(rpc(3, "b"));
        assertThat(called).containsExactly("a");

        answer("1");
        assertThat(called).containsExactly("a", "b");
        assertThat(client.transport().reading()).isFalse();

        answer("2");
        assertThat(client.transport().reading()).isTrue();
        assertThat(client.heard()).containsExactly("{'id':2,'rpc':{'data':1}}", "{'id':3,'rpc':{'data':2}}");
    }

    @Test
    void malformedFrameBehindACommandThatWaitsEndsTheConnectionInItsTurn() {
        client.tell(rpc(2, "a") + "\ngarbage");
        assertThat(client.closedWith()).isNull();

        answer("1");

        assertThat(client.heard()).containsExactly("{'id':2,'rpc':{'data':1}}");
        assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);
    }

    @Test
    void publicationsAreDeliveredWhileACommandWaits() {
        client.subscribed("a").tell(rpc(2, "a"));

        server.publish("a", 1);

        assertThat(client.heard()).containsExactly("{'push':{'channel':'a','pub':{'data':'1'}}}");
        answer("1");
    }

    @Test
    void whatTheServerDoesToAClientWaitsForTheCommandUnderWayAndComesBeforeTheNext() {
        client.tell(rpc(2, "a") + "\n" + rpc(3, "b"));

        server.await(server.node().channels().subscribe("alice", "x"));
        assertThat(client.heard()).isEmpty();
        answer("1");

        assertThat(client.heard())
                .containsExactly("{'id':2,'rpc':{'data':1}}", "{'push':{'channel':'x','subscribe':{}}}");
        assertThat(called).containsExactly("a", "b");
        answer("2");
    }

    @Test
    void disconnectByTheServerWaitsForNothing() {
        client.tell(rpc(2, "a") + "\n" + rpc(3, "b"));

        server.await(server.node().clients().disconnect("alice"));

        assertThat(client.closedWith()).isEqualTo(Disconnect.FORCE_DISCONNECT);
        answer("1");
        assertThat(client.heard()).isEmpty();
        assertThat(called).containsExactly("a");
    }

    @Test
    void connectionThatEndsWhileACommandWaitsIsReadAgainForItsCloseFrame() {
        client.tell(rpc(2, "a"));

        server.await(server.node().clients().disconnect("alice"));

        assertThat(client.transport().reading()).isTrue();
        assertThat(client.ask(rpc(3, "b"))).isEmpty();
    }

    @Test
    void answerOnAnotherThreadIsHandedToTheExecutorOfTheConnection() throws InterruptedException {
        client.tell(rpc(2, "a"));

        Thread other = new Thread(() -> answer("1"));
        other.start();
        other.join();

        assertThat(client.heard()).containsExactly("{'id':2,'rpc':{'data':1}}");
    }

    @Test
    void hundredsOfPipelinedCommandsDoNotNest() {
        server.engine().hold(Call.SUBSCRIBE);
        StringBuilder commands = new StringBuilder("{'id':2,'subscribe':{'channel':'a'}}");
        for (int id = 3; id < 500; id++) {
            commands.append("\n{'id':").append(id).append(",'unsubscribe':{'channel':'a'}}");
        }
        client.tell(commands.toString());

        server.engine().release(Call.SUBSCRIBE);

        assertThat(client.heard()).hasSize(498).last().isEqualTo("{'id':499,'unsubscribe':{}}");
    }
}
