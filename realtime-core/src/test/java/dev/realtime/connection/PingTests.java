package dev.realtime.connection;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.Disconnect;
import dev.realtime.node.ScriptedClient;
import dev.realtime.node.ScriptedServer;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.transport.BufferLeaks;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pings of the server and the pongs they want. Chance is one half here: the first ping comes after 18.75 s. */
@ExtendWith(BufferLeaks.class)
class PingTests {

    private static final String PING = "{}";

    private static final String PONG = "{}";

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .withoutNamespace(options -> options.subscribeAccess(ANYONE))
            .start();

    private final ScriptedClient client = server.client().connected();

    @Test
    void clientIsPingedFirstWithinTheSecondHalfOfTheInterval() {
        server.pass(Duration.ofMillis(18_700));
        assertThat(client.heard()).isEmpty();

        server.pass(Duration.ofMillis(150));
        assertThat(client.heard()).containsExactly(PING);
    }

    @Test
    void clientThatAnswersIsPingedAgainAfterEachInterval() {
        server.passSeconds(19);

        for (int i = 0; i < 5; i++) {
            assertThat(client.heard()).containsExactly(PING);
            assertThat(client.ask(PONG)).isEmpty();
            server.passSeconds(25);
        }
        assertThat(client.closedWith()).isNull();
    }

    @Test
    void clientThatDoesNotAnswerIsClosed() {
        server.passSeconds(19);

        server.pass(Duration.ofMillis(7_700));
        assertThat(client.closedWith()).isNull();
        server.pass(Duration.ofMillis(300));
        assertThat(client.closedWith()).isEqualTo(Disconnect.NO_PONG);
    }

    @Test
    void otherCommandsAreNoAnswer() {
        server.passSeconds(19);

        client.ask("{'id':2,'unsubscribe':{'channel':'a'}}");
        server.passSeconds(8);

        assertThat(client.closedWith()).isEqualTo(Disconnect.NO_PONG);
    }

    @Test
    void anyCommandWithoutAnIdAnswersButSend() {
        server.passSeconds(19);
        client.tell("{'rpc':{'method':'a'}}");
        server.passSeconds(9);

        assertThat(client.heard()).containsExactly(PING);
        assertThat(client.closedWith()).isNull();
    }

    @Test
    void pongBeforeThePingIsABadRequest() {
        assertThat(client.ask(PONG)).isEmpty();
        assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);
    }

    @Test
    void secondPongToOnePingIsABadRequest() {
        server.passSeconds(19);

        client.tell(PONG).tell(PONG);

        assertThat(client.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);
    }

    @Test
    void pongBeforeConnectIsABadRequest() {
        ScriptedClient stranger = server.client().tell(PONG);

        assertThat(stranger.closedWith()).isEqualTo(Disconnect.BAD_REQUEST);
    }

    @Test
    void clientThatIsNotReadBecauseACommandWaitsIsNotBlamedForItsPong() {
        server.engine().hold(Call.SUBSCRIBE);
        client.tell("{'id':2,'subscribe':{'channel':'a'}}");
        assertThat(client.transport().reading()).isFalse();

        server.passSeconds(60);
        assertThat(client.heard()).containsExactly(PING, PING);
        assertThat(client.closedWith()).isNull();
        server.engine().release(Call.SUBSCRIBE);

        assertThat(client.heard()).containsExactly("{'id':2,'subscribe':{}}");
        client.tell(PONG + "\n" + PONG);
        server.passSeconds(9);
        assertThat(client.closedWith()).isNull();
    }

    @Test
    void clientThatIsReadAgainOwesItsPong() {
        server.engine().hold(Call.SUBSCRIBE);
        client.tell("{'id':2,'subscribe':{'channel':'a'}}");
        server.passSeconds(40);

        server.engine().release(Call.SUBSCRIBE);
        server.passSeconds(9);

        assertThat(client.closedWith()).isEqualTo(Disconnect.NO_PONG);
    }
}
