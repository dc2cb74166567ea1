package dev.realtime.node;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.EngineException;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.statistics.NamespaceStatistics;
import dev.realtime.statistics.NodeStatistics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Start, end and counters of a node. */
@ExtendWith(BufferLeaks.class)
class RealtimeNodeTests {

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .namespace(
                    "chat",
                    options -> options.subscribeAccess(ANYONE).presence(true).joinLeave(true))
            .namespace(
                    "news",
                    options ->
                            options.subscribeAccess(ANYONE).history(keeping(10)).forcePositioning(true))
            .start();

    @Test
    void nodeThatStopsClosesEveryConnection() {
        ScriptedClient connected = server.client().connected().subscribed("chat:a");
        ScriptedClient stranger = server.client();

        server.await(server.node().stop(), Duration.ofSeconds(1));

        assertThat(connected.closedWith()).isEqualTo(Disconnect.SHUTDOWN);
        assertThat(stranger.closedWith()).isEqualTo(Disconnect.SHUTDOWN);
        assertThat(server.node().isRunning()).isFalse();
        assertThat(server.engine().present()).isEmpty();
    }

    @Test
    void commandUnderWayHoldsAStoppingNodeUpNoLongerThanTheTimeout() {
        server.engine().hold(Call.SUBSCRIBE);
        ScriptedClient client = server.client().connected().tell("{'id':2,'subscribe':{'channel':'chat:a'}}");

        server.await(server.node().stop(), Duration.ofSeconds(31));

        assertThat(client.closedWith()).isEqualTo(Disconnect.SHUTDOWN);
    }

    @Test
    void nodeThatStoppedTurnsClientsAway() {
        server.await(server.node().stop());

        ScriptedClient late = server.client();

        assertThat(late.closedWith()).isEqualTo(Disconnect.SHUTDOWN);
        assertThat(late.ask("{'id':1,'connect':{}}")).isEmpty();
    }

    @Test
    void nodeIsStoppedAsOftenAsOneLikesAndStartedOnce() {
        server.await(server.node().stop());
        server.await(server.node().stop());

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> server.await(server.node().start()))
                .withMessageContaining("starts only once");
    }

    @Test
    void nodeThatStoppedChecksNoPositionsAnyMore() {
        server.client().connected().subscribed("news:a");
        server.await(server.node().stop(), Duration.ofSeconds(1));
        int before = server.engine().calls(Call.HISTORY);

        server.passSeconds(300);

        assertThat(server.engine().calls(Call.HISTORY)).isEqualTo(before);
    }

    @Test
    void trafficIsCounted() {
        NodeStatistics statistics = server.node().statistics();
        ScriptedClient client = server.client();
        String connect = "{\"id\":1,\"connect\":{}}";

        client.send(connect);
        int reply = client.take().get(0).length();

        assertThat(statistics.connections()).isEqualTo(1);
        assertThat(statistics.messagesReceived()).isEqualTo(1);
        assertThat(statistics.bytesReceived()).isEqualTo(connect.length());
        assertThat(statistics.messagesSent()).isEqualTo(1);
        assertThat(statistics.bytesSent()).isEqualTo(reply + 2);

        client.subscribed("unknown:a");
        assertThat(statistics.errorReplies()).isEqualTo(1);
    }

    @Test
    void endsAreCountedByCode() {
        NodeStatistics statistics = server.node().statistics();
        List<Integer> seen = new ArrayList<>();
        server.client().drop();
        statistics.whenDisconnectCodeAppears(seen::add);

        server.client().tell("garbage").drop();
        server.client().tell("garbage").drop();

        assertThat(statistics.disconnects(Disconnect.CONNECTION_CLOSED.code())).isEqualTo(1);
        assertThat(statistics.disconnects(Disconnect.BAD_REQUEST.code())).isEqualTo(2);
        assertThat(statistics.disconnects(Disconnect.SLOW.code())).isZero();
        assertThat(statistics.connections()).isZero();
        assertThat(seen).containsExactly(3000, 3501);
    }

    @Test
    void namespacesCountTheirSubscriptionsAndDeliveries() {
        List<String> seen = new ArrayList<>();
        ScriptedClient client = server.client().connected().subscribed("chat:a").subscribed("chat:b");
        server.node().statistics().whenNamespaceAppears(namespace -> seen.add(namespace.namespace()));
        server.client().connected().subscribed("news:a");
        NamespaceStatistics chat = server.node().statistics().namespace("chat");

        server.publish("chat:a", 1, 2);
        server.publish("chat:nobody", 1);

        assertThat(chat.subscriptions()).isEqualTo(2);
        assertThat(chat.delivered()).isEqualTo(2);
        client.drop();
        assertThat(chat.subscriptions()).isZero();
        assertThat(seen).containsExactly("chat", "news");
    }

    @Test
    void drainBeforeTheStartKeepsNoClientAtALaterStop() {
        try (ScriptedServer fresh = ScriptedServer.setup().notStarted().start()) {
            fresh.await(fresh.node().drain());
            fresh.await(fresh.node().start());
            ScriptedClient client = fresh.client().connected();

            fresh.await(fresh.node().stop(), Duration.ofSeconds(1));

            assertThat(client.closedWith()).isEqualTo(Disconnect.SHUTDOWN);
            assertThat(fresh.node().statistics().connections()).isZero();
        }
    }

    @Test
    void nodeThatIsBeingStartedCannotBeStartedAgain() {
        try (ScriptedServer fresh = ScriptedServer.setup().notStarted().start()) {
            fresh.engine().hold(Call.START);
            CompletableFuture<Void> first = fresh.node().start().toFuture();

            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> fresh.await(fresh.node().start()));
            fresh.engine().release(Call.START);

            assertThat(first).isCompleted();
            assertThat(fresh.node().isRunning()).isTrue();
        }
    }

    @Test
    void nodeThatIsStoppedWhileItStartsDoesNotRun() {
        try (ScriptedServer fresh = ScriptedServer.setup().notStarted().start()) {
            fresh.engine().hold(Call.START);
            CompletableFuture<Void> start = fresh.node().start().toFuture();
            fresh.await(fresh.node().stop());

            fresh.engine().release(Call.START);

            assertThat(start).isCompletedExceptionally();
            assertThat(fresh.node().isRunning()).isFalse();
        }
    }

    @Test
    void startThatFailedCanBeRepeated() {
        try (ScriptedServer fresh = ScriptedServer.setup().notStarted().start()) {
            fresh.engine().fail(Call.START);
            assertThatExceptionOfType(EngineException.class)
                    .isThrownBy(() -> fresh.await(fresh.node().start()));
            fresh.engine().heal(Call.START);

            fresh.await(fresh.node().start());

            assertThat(fresh.node().isRunning()).isTrue();
        }
    }
}
