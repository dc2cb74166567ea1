package dev.realtime.node;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.EngineException;
import dev.realtime.spi.engine.ScriptedEngine.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/**
 * How a node ends: its clients go elsewhere a few at a time, while everything works for those still here. Spread: 5 s.
 */
class DrainTests {

    @RegisterExtension
    final ScriptedServer server = ScriptedServer.setup()
            .namespace("chat", options -> options.subscribeAccess(ANYONE).publishAccess(ANYONE))
            .start();

    @Test
    void fewClientsAreToldAtOnce() {
        List<ScriptedClient> clients = connect(ClientDrain.SMALLEST_SLICE);

        CompletableFuture<Void> drained = server.node().drain().toFuture();
        server.pass(Duration.ofMillis(50));

        assertThat(clients).allSatisfy(client -> assertThat(client.closedWith()).isEqualTo(Disconnect.SHUTDOWN));
        server.pass(ClientDrain.SLICE_INTERVAL);
        assertThat(drained).isCompleted();
    }

    @Test
    void manyClientsAreToldInEqualSlicesOverTheSpread() {
        List<ScriptedClient> clients = connect(2_000);

        CompletableFuture<Void> drained = server.node().drain().toFuture();
        server.pass(Duration.ofMillis(50));
        long atOnce = closed(clients);
        server.pass(Duration.ofMillis(2_400));
        long halfWay = closed(clients);
        server.pass(Duration.ofMillis(2_550));

        assertThat(atOnce).isEqualTo(40);
        assertThat(halfWay).isBetween(960L, 1_040L);
        assertThat(closed(clients)).isEqualTo(2_000);
        assertThat(drained).isCompleted();
    }

    @Test
    void fewerClientsTakeLessThanTheSpread() {
        List<ScriptedClient> clients = connect(100);

        server.node().drain().subscribe();
        server.pass(Duration.ofMillis(350));
        long beforeTheLastSlice = closed(clients);
        server.pass(Duration.ofMillis(100));

        assertThat(beforeTheLastSlice).isEqualTo(80);
        assertThat(closed(clients)).isEqualTo(100);
    }

    @Test
    void drainWithoutClientsCompletesAtOnce() {
        CompletableFuture<Void> drained = server.node().drain().toFuture();

        server.pass(Duration.ofMillis(50));

        assertThat(drained).isCompleted();
        assertThat(server.node().isRunning()).isTrue();
    }

    @Test
    void newClientsAreRefusedMeanwhile() {
        connect(100);
        boolean before = server.node().admits();

        server.node().drain().subscribe();
        server.run();
        ScriptedClient late = server.client();

        assertThat(before).isTrue();
        assertThat(server.node().admits()).isFalse();
        assertThat(server.node().takesClients()).isFalse();
        assertThat(late.closedWith()).isEqualTo(Disconnect.SHUTDOWN);
    }

    @Test
    void publicationsReachTheClientsStillHere() {
        List<ScriptedClient> clients = connect(100);
        clients.forEach(client -> client.subscribed("chat:room"));

        server.node().drain().subscribe();
        server.pass(Duration.ofMillis(50));
        server.publish("chat:room", "late news");

        List<ScriptedClient> here =
                clients.stream().filter(client -> client.closedWith() == null).toList();
        assertThat(here)
                .hasSize(80)
                .allSatisfy(client -> assertThat(client.heard())
                        .containsExactly("{'push':{'channel':'chat:room','pub':{'data':'late news'}}}"));
    }

    @Test
    void commandUnderWayIsAnsweredBeforeItsClientIsToldToGo() {
        ScriptedClient client = server.client().connected();
        server.engine().hold(Call.PUBLISH);
        client.send("{\"id\":3,\"publish\":{\"channel\":\"chat:room\",\"data\":1}}");

        CompletableFuture<Void> drained = server.node().drain().toFuture();
        server.pass(Duration.ofSeconds(1));
        Disconnect whileItWaits = client.closedWith();
        server.engine().release(Call.PUBLISH);
        server.pass(ClientDrain.SLICE_INTERVAL);

        assertThat(whileItWaits).isNull();
        assertThat(client.heard()).containsExactly("{'id':3,'publish':{}}");
        assertThat(client.closedWith()).isEqualTo(Disconnect.SHUTDOWN);
        assertThat(drained).isCompleted();
    }

    @Test
    void clientOfACommandThatDoesNotEndIsClosedWhenTheTimeIsUp() {
        ScriptedClient client = server.client().connected();
        server.engine().hold(Call.PUBLISH);
        client.send("{\"id\":3,\"publish\":{\"channel\":\"chat:room\",\"data\":1}}");

        CompletableFuture<Void> drained = server.node().drain().toFuture();
        server.pass(Duration.ofMillis(7_900));
        Disconnect before = client.closedWith();
        server.pass(Duration.ofMillis(150));

        assertThat(before).isNull();
        assertThat(client.closedWith()).isEqualTo(Disconnect.SHUTDOWN);
        assertThat(drained).isCompleted();
    }

    @Test
    void clientWhoseConnectWasRefusedGoesToo() {
        ScriptedServer strict = ScriptedServer.setup()
                .authenticator(context -> Mono.error(new EngineException("no identity today")))
                .start();
        ScriptedClient refused = strict.client();
        refused.send("{\"id\":1,\"connect\":{}}");

        strict.node().drain().subscribe();
        strict.pass(Duration.ofMillis(50));

        assertThat(refused.closedWith()).isEqualTo(Disconnect.SHUTDOWN);
        strict.close();
    }

    @Test
    void stopEndsTheEngineAfterTheLastClient() {
        List<ScriptedClient> clients = connect(100);

        CompletableFuture<Void> stopped = server.node().stop().toFuture();
        server.pass(Duration.ofMillis(350));
        boolean runningMeanwhile = server.node().isRunning();
        server.pass(Duration.ofMillis(250));

        assertThat(runningMeanwhile).isTrue();
        assertThat(closed(clients)).isEqualTo(100);
        assertThat(stopped).isCompleted();
        assertThat(server.node().isRunning()).isFalse();
    }

    private List<ScriptedClient> connect(int count) {
        List<ScriptedClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(server.client().connected());
        }
        return clients;
    }

    private static long closed(List<ScriptedClient> clients) {
        return clients.stream().filter(client -> client.closedWith() != null).count();
    }
}
